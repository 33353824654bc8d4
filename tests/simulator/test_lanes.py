# SPDX-License-Identifier: Apache-2.0
"""The element loops: Exp and Ln on every float, casts around every 16-bit value, the same bits everywhere."""

import ctypes
import math
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import ml_dtypes
import mpmath
import numpy as np
import pytest

from ascend_bce.simulator import _library

BFLOAT16 = np.dtype(ml_dtypes.bfloat16)
# In the order of Dtype in simulator/lanes/lanes.h.
DTYPES = [
    np.dtype(t)
    for t in ("f4", "f2", BFLOAT16, "i1", "u1", "i2", "u2", "i4", "u4", "i8")
]  # fmt: skip
F32, F16, BF16 = 0, 1, 2
UNARY = [
    "Abs", "Relu", "Exp", "Ln", "Sqrt", "Rsqrt", "Reciprocal", "Not", "Tanh", "Sigmoid", "Silu", "Gelu",
    "FasterGelu", "Erf", "Erfc", "Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh", "Asinh",
    "Acosh", "Atanh", "Log2", "Log10", "Lgamma", "Digamma", "Sign", "Floor", "Ceil", "Trunc", "Round", "Frac",
]  # fmt: skip
BINARY = [
    "Add", "Sub", "Mul", "Div", "Max", "Min", "And", "Or", "AddRelu", "SubRelu", "Xor", "Power", "Fmod",
]  # fmt: skip
SCALAR = ["Adds", "Muls", "Maxs", "Mins", "LeakyRelu", "ShiftLeft", "ShiftRight", "ShiftRightRound"]
UPDATE = ["MulAddDst", "FusedMulAdd", "FusedMulAddRelu"]
COMPARE = ["LT", "GT", "EQ", "LE", "GE", "NE"]
ROUNDINGS = ["NONE", "RINT", "FLOOR", "CEIL", "ROUND", "TRUNC", "ODD"]
ULP_BUDGET = 0.55

# Infinities and NaNs are meant to be among the values.
pytestmark = pytest.mark.filterwarnings("ignore:.* encountered in:RuntimeWarning")


class Driver:
    """lanes_driver.cpp: its functions take the name of an instruction set first."""

    def __init__(self, path):
        self._library = ctypes.CDLL(str(path))
        self._library.WorstUlp.restype = ctypes.c_double
        self.isas = [isa for isa in ("baseline", "avx2", "avx512") if self._library.Has(isa.encode())]

    def __call__(self, function, isa, *arguments):
        converted = [
            ctypes.c_void_p(a.ctypes.data) if isinstance(a, np.ndarray) else ctypes.c_size_t(a)
            for a in arguments
        ]
        return bool(getattr(self._library, function)(isa.encode(), *converted))

    def worst_ulp(self, isa, function, first, last):
        """Return the worst error and its argument over floats given by their bits, on both cores."""
        step = (last - first) // 64 + 1
        spans = [(start, min(start + step - 1, last)) for start in range(first, last + 1, step)]

        def measure(span):
            where = ctypes.c_uint32()
            bits = (ctypes.c_uint32(b) for b in span)
            worst = self._library.WorstUlp(isa.encode(), UNARY.index(function), *bits, ctypes.byref(where))
            return worst, where.value

        with ThreadPoolExecutor(2) as pool:
            return max(pool.map(measure, spans))


@pytest.fixture(scope="module")
def driver(tmp_path_factory):
    path = tmp_path_factory.mktemp("lanes") / "driver.so"
    home = _library.home()
    compiler = shutil.which("g++") or "c++"
    source = __file__.replace("test_lanes.py", "lanes_driver.cpp")
    subprocess.run(
        [compiler, "-std=c++17", "-O2", "-shared", "-fPIC", source, "-o", path, f"-I{home}",
         f"-L{home / 'lib'}", "-lascend_simulator", f"-Wl,-rpath,{home / 'lib'}"],
        check=True,
    )  # fmt: skip
    return Driver(path)


def bits_of(value):
    return int(np.float32(value).view(np.uint32))


# ---- Exp and Ln ----


def test_exp_of_every_float(driver):
    isa = driver.isas[-1]
    for first, last in ((0, bits_of(88.0)), (bits_of(-0.0), bits_of(-104.0))):
        worst, where = driver.worst_ulp(isa, "Exp", first, last)
        assert worst <= ULP_BUDGET, f"Exp({np.uint32(where).view(np.float32)!r}) is {worst} ULP off"


def test_ln_of_every_positive_float(driver):
    worst, where = driver.worst_ulp(driver.isas[-1], "Ln", 1, bits_of(np.finfo(np.float32).max))
    assert worst <= ULP_BUDGET, f"Ln({np.uint32(where).view(np.float32)!r}) is {worst} ULP off"


def unary(driver, isa, name, values, dtype=F32):
    result = np.empty_like(values)
    assert driver("Unary", isa, UNARY.index(name), dtype, result, values, values.size)
    return result


@pytest.mark.parametrize(("name", "exact"), [("Exp", mpmath.exp), ("Ln", mpmath.log)])
def test_exp_and_ln_against_mpmath(driver, name, exact):
    """The C library, which judges every float above, is itself judged here."""
    random = np.random.default_rng(5)
    values = random.uniform(-104, 88, 1000).astype(np.float32)
    if name == "Ln":
        values = random.integers(1, bits_of(np.inf), 1000, dtype=np.uint32).view(np.float32)
    with mpmath.workprec(120):
        for x, y in zip(values, unary(driver, driver.isas[-1], name, values), strict=True):
            reference = exact(mpmath.mpf(float(x)))
            ulp = math.ldexp(1.0, max(math.frexp(float(reference))[1] - 1, -126) - 23)
            assert abs(float(y) - reference) / ulp <= ULP_BUDGET


def test_exp_and_ln_at_their_limits(driver):
    inf, nan = np.inf, np.nan
    for isa in driver.isas:
        x = np.array([0.0, -0.0, inf, -inf, nan, 88.8, -104.5, 1e30, -1e30, -3e38], np.float32)
        np.testing.assert_array_equal(
            unary(driver, isa, "Exp", x), np.float32([1, 1, inf, 0, nan, inf, 0, inf, 0, 0])
        )
        x = np.array([1.0, 0.0, -0.0, inf, nan, -1.0, -inf, -1e-45], np.float32)
        np.testing.assert_array_equal(
            unary(driver, isa, "Ln", x), np.float32([0, -inf, -inf, inf, nan, nan, nan, nan])
        )


# ---- Casts ----


def all_16_bit(dtype):
    return np.arange(65536, dtype=np.uint16).view(dtype)


def cast(driver, isa, values, to, rounding="NONE"):
    result = np.empty(values.size, DTYPES[to])
    assert driver(
        "Cast", isa, to, DTYPES.index(values.dtype), ROUNDINGS.index(rounding), result, values, values.size
    )
    return result


def test_widening_is_exact(driver):
    for isa in driver.isas:
        for dtype in (F16, BF16):
            values = all_16_bit(DTYPES[dtype])
            np.testing.assert_array_equal(cast(driver, isa, values, F32), values.astype(np.float32))


def around_all_16_bit(dtype):
    """Every value of a 16-bit type, every midpoint of two neighbours, and the floats next to those."""
    values = np.sort(all_16_bit(dtype).astype(np.float32))
    values = values[np.isfinite(values)]
    middles = ((values[1:].astype(np.float64) + values[:-1]) / 2).astype(np.float32)
    exact = np.concatenate([values, middles])
    largest = np.float32(np.finfo(np.float32).max)
    beyond = values[-1] + (values[-1] - values[-2]) / 2  # where rounding to nearest starts to overflow
    special = np.float32([np.inf, -np.inf, np.nan, largest, -largest, 1e-45, -1e-45, 1e-30, beyond, -beyond])
    everything = [exact, np.nextafter(exact, np.inf), np.nextafter(exact, -np.inf), special]
    everything += [np.nextafter(special, np.float32(0))]
    return np.concatenate(everything).astype(np.float32)


def round_to_neighbour(values, dtype, rounding):
    """Round by the mode's definition: find the neighbours in the sorted table of all values, and choose."""
    table = all_16_bit(dtype).astype(np.float64)
    table = np.unique(table[np.isfinite(table)])
    spacing = table[-1] - table[-2]
    wide = np.concatenate([[-np.inf], [table[0] - spacing], table, [table[-1] + spacing], [np.inf]])
    x = values.astype(np.float64)
    above = np.searchsorted(wide, x)  # first not below x
    up = wide[above]
    down = np.where(up == x, up, wide[above - 1])
    # Beyond the last value its successor, were there one, stands for infinity; further out all is infinite.
    outside = np.abs(x) > table[-1] + spacing
    middle = np.where(outside, 0, (np.where(outside, 0, up) + np.where(outside, 0, down)) / 2)
    even_up = index_parity(up, table, spacing) == 0
    away = np.where(x > 0, up, down)
    towards = np.where(x > 0, down, up)
    nearest = np.where(x > middle, up, down)
    ties = x == middle
    result = {
        "RINT": np.where(ties, np.where(even_up, up, down), nearest),
        "FLOOR": down,
        "CEIL": up,
        "ROUND": np.where(ties, away, nearest),
        "TRUNC": towards,
        "ODD": np.where(even_up, down, up),
    }[rounding]
    result = np.where(up == down, up, result)
    past = np.abs(result) > table[-1]
    if rounding in ("RINT", "ROUND"):
        past |= outside
    overflowed = np.sign(x) * np.inf
    inward = np.sign(x) * table[-1]
    directed = {"TRUNC": inward, "ODD": inward, "FLOOR": np.where(x > 0, inward, overflowed),
                "CEIL": np.where(x > 0, overflowed, inward)}.get(rounding, overflowed)  # fmt: skip
    result = np.where(past | outside, directed, result)
    result = np.where(np.isinf(x), x, result)
    return np.copysign(result, x).astype(dtype)


def index_parity(values, table, spacing):
    """Return the lowest bit of each value's encoding; magnitudes count up from 0 in steps of one."""
    magnitudes = np.append(table[table >= 0], table[-1] + spacing)
    return np.searchsorted(magnitudes, np.minimum(np.abs(values), magnitudes[-1])) % 2


@pytest.mark.parametrize("rounding", ROUNDINGS[1:])
@pytest.mark.parametrize("dtype", [F16, BF16])
def test_narrowing_rounds_as_its_mode_says(driver, dtype, rounding):
    values = around_all_16_bit(DTYPES[dtype])
    finite = values[~np.isnan(values)]
    expected = round_to_neighbour(finite, DTYPES[dtype], rounding)
    for isa in driver.isas:
        result = cast(driver, isa, values, dtype, rounding)
        assert np.isnan(result[np.isnan(values)].astype(np.float32)).all()
        result = result[~np.isnan(values)]
        wrong = result.view(np.uint16) != expected.view(np.uint16)
        assert not wrong.any(), (isa, finite[wrong][:5], result[wrong][:5], expected[wrong][:5])
    if rounding == "RINT":
        np.testing.assert_array_equal(expected, finite.astype(DTYPES[dtype]))


def integral(value, rounding):
    """Round a Fraction to an integer."""
    floor = value.numerator // value.denominator
    if value == floor:
        return floor
    half = value - floor == Fraction(1, 2)
    return {
        "RINT": floor + (floor % 2 if half else value - floor > Fraction(1, 2)),
        "FLOOR": floor,
        "CEIL": floor + 1,
        "ROUND": floor + (value > 0 if half else value - floor > Fraction(1, 2)),
        "TRUNC": floor + (value < 0),
        "ODD": floor + (floor % 2 == 0),
    }[rounding]


INTEGER_CASTS = [
    (F32, "i2"),
    (F32, "i4"),
    (F32, "i8"),
    (F16, "i1"),
    (F16, "u1"),
    (F16, "i2"),
    (F16, "i4"),
    (BF16, "i4"),
]


@pytest.mark.parametrize(("source", "target"), INTEGER_CASTS)
def test_casts_to_integers_round_and_saturate(driver, source, target):
    random = np.random.default_rng(3)
    halves = np.arange(-600, 600) / 4
    bounds = [
        sign * (2.0**e + d) for e in (7, 8, 15, 16, 31, 63) for d in (-1, -0.5, 0, 0.5, 1) for sign in (1, -1)
    ]
    wild = random.integers(0, 2**32, 500, dtype=np.uint32).view(np.float32)
    values = np.concatenate([halves, bounds, wild, [np.inf, -np.inf, np.nan]])
    with np.errstate(over="ignore", invalid="ignore"):
        values = values.astype(np.float32).astype(DTYPES[source])
    limits = np.iinfo(target)
    for rounding in ROUNDINGS[1:]:
        expected = []
        for value in values.astype(np.float64):
            if np.isnan(value):
                expected.append(0)
            elif np.isinf(value):
                expected.append(limits.max if value > 0 else limits.min)
            else:
                expected.append(min(max(int(integral(Fraction(value), rounding)), limits.min), limits.max))
        for isa in driver.isas:
            result = cast(driver, isa, values, DTYPES.index(np.dtype(target)), rounding)
            np.testing.assert_array_equal(result, np.array(expected, target), err_msg=f"{isa} {rounding}")


@pytest.mark.parametrize(
    ("source", "target", "bits"), [("i4", F32, 24), ("i8", F32, 24), ("i2", F16, 11), ("i2", F32, 24)]
)
def test_casts_from_integers_round(driver, source, target, bits):
    random = np.random.default_rng(4)
    limits = np.iinfo(source)
    size = limits.bits
    values = random.integers(limits.min, limits.max, 3000, np.dtype(source), endpoint=True)
    values >>= random.integers(0, size, 3000).astype(values.dtype)
    values = np.concatenate([values, np.array([0, limits.min, limits.max, limits.min + 1], values.dtype)])
    for rounding in ROUNDINGS[1:] if source != "i2" or target == F16 else ["NONE"]:
        expected = []
        for value in values.tolist():
            unit = 1 << max(abs(value).bit_length() - bits, 0)
            expected.append(
                float(int(integral(Fraction(value, unit), rounding if rounding != "NONE" else "RINT")) * unit)
            )
        for isa in driver.isas:
            result = cast(driver, isa, values, target, rounding)
            np.testing.assert_array_equal(result.astype(np.float64), expected, err_msg=f"{isa} {rounding}")


# ---- The same bits on every instruction set ----


def samples(dtype, size, seed):
    """Random bits, so that subnormals, infinities and NaN are among them, and numbers of ordinary size."""
    random = np.random.default_rng(seed)
    raw = random.integers(0, 256, size * dtype.itemsize, np.uint8).view(dtype)
    if dtype.kind in "iu":
        return raw
    return np.where(np.arange(size) % 2 == 0, raw, random.normal(0, 4, size).astype(dtype))


def same_bits(a, b):
    """Equal bits, save that one NaN is as good as another."""
    if a.dtype.kind in "iu":
        return np.array_equal(a, b)
    nan = np.isnan(a.astype(np.float64))
    words = {2: np.uint16, 4: np.uint32}[a.dtype.itemsize]
    return np.array_equal(nan, np.isnan(b.astype(np.float64))) and np.array_equal(
        a.view(words)[~nan], b.view(words)[~nan]
    )


def tables():
    """Every slot of every table."""
    for function, names in (("Unary", UNARY), ("Binary", BINARY), ("WithScalar", SCALAR), ("Update", UPDATE),
                            ("Compare", COMPARE)):  # fmt: skip
        for op in range(len(names)):
            for dtype in range(len(DTYPES)):
                yield function, op, dtype
    for to in range(len(DTYPES)):
        for source in range(len(DTYPES)):
            yield "Cast", to, source


def test_every_instruction_set_gives_the_same_bits(driver):
    seen = 0
    for function, first, second in tables():
        dtype = DTYPES[second]
        for size in (1, 7, 64, 1000):
            if function == "Compare":
                size = -(-size // 8) * 8
            a, b, start = (samples(dtype, size, seed) for seed in (1, 2, 3))
            roundings = range(len(ROUNDINGS)) if function == "Cast" else [0]
            for rounding in roundings:
                results = []
                for isa in driver.isas:
                    result = start.copy() if function != "Cast" else np.zeros(size, DTYPES[first])
                    if function == "Unary":
                        there = driver(function, isa, first, second, result, a, size)
                    elif function == "Cast":
                        there = driver(function, isa, first, second, rounding, result, a, size)
                    else:
                        there = driver(function, isa, first, second, result, a, b, size)
                    results += [result] if there else []
                assert len(results) in (0, len(driver.isas))
                seen += bool(results)
                for other in results[1:]:
                    if function == "Compare":
                        assert np.array_equal(results[0].view(np.uint8), other.view(np.uint8))
                    else:
                        assert same_bits(results[0], other), (function, first, dtype, size)
    assert seen > 400


@pytest.mark.parametrize(("dtype", "widths"), [(F32, (2, 8, 64)), (F16, (2, 16, 128))])
def test_sums_are_trees_of_neighbours(driver, dtype, widths):
    for width in widths:
        values = np.random.default_rng(width).normal(0, 100, 9 * width).astype(DTYPES[dtype])
        expected = values.reshape(9, width)
        while expected.shape[1] > 1:
            expected = (expected[:, ::2].astype(np.float32) + expected[:, 1::2]).astype(DTYPES[dtype])
        for isa in driver.isas:
            result = np.empty(9, DTYPES[dtype])
            assert driver("Sum", isa, dtype, result, values, 9, width)
            np.testing.assert_array_equal(result, expected[:, 0])


# ---- Copies ----


def test_copies_past_the_caches_are_copies(driver):
    source = np.arange(1000, dtype=np.uint8)
    for isa in driver.isas:
        for start, size in ((0, 0), (1, 5), (3, 64), (0, 128), (17, 200), (63, 66), (40, 700)):
            target = np.zeros(1000, np.uint8)
            assert driver("CopyThrough", isa, target[start:], source, size)
            expected = np.zeros(1000, np.uint8)
            expected[start : start + size] = source[:size]
            np.testing.assert_array_equal(target, expected)
