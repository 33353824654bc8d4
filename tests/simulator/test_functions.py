# SPDX-License-Identifier: Apache-2.0
"""High-level functions of one element against NumPy's and the C library's double precision.

The simulator rounds once (half twice) what it computes more exactly, so half a unit in the last place is all
that may separate the two.
"""

import ctypes
import math
from collections.abc import Callable
from functools import cache
from pathlib import Path

import mpmath
import numpy as np
import pytest

from ascend_bce.simulator import Kernel, compile_kernel

COUNT, TEMPORARY_AND_COUNT, ALL, TEMPORARY = range(4)
FEATURES = {
    "float": ("float32", ["FLOATING", "POWER", "PROGRESSION"]),
    "half": ("float16", ["FLOATING", "POWER", "PROGRESSION"]),
    "int32_t": ("int32", ["POWER", "PROGRESSION"]),
    "int16_t": ("int16", ["BITWISE", "PROGRESSION"]),
    "uint16_t": ("uint16", ["BITWISE"]),
}
# What exp and ln are within; for half, half a unit, half a unit of float more, and what the reference itself
# lacks.
ULP = {"float": 0.55, "half": 0.501}

# Infinities and NaNs are meant to be among the values.
pytestmark = pytest.mark.filterwarnings("ignore:.* encountered in:RuntimeWarning")


class Tiling(ctypes.Structure):
    """FunctionTiling."""

    _fields_ = tuple((name, ctypes.c_uint32) for name in ("op", "form", "count", "size", "scalar"))


@cache
def kernel(element: str) -> Kernel:
    defines = {"ELEMENT": element} | dict.fromkeys(FEATURES[element][1], 1)
    return compile_kernel(Path(__file__).parent / "kernels" / "functions.cpp", defines=defines)


def run(element, op, a, b=None, form=COUNT, count=None, scalar=0, checks="all", into=None):
    """Return the elements that the function wrote, and assert that it left the others alone."""
    dtype = np.dtype(FEATURES[element][0])
    count = a.size if count is None else count
    size = -(-a.size // 32) * 32
    padded = [np.resize(np.asarray(x, dtype), size) for x in (a, a if b is None else b)]
    before = np.full(size, 7, dtype) if into is None else np.resize(into, size)
    result = before.copy()
    bits = int.from_bytes(np.asarray(scalar, dtype).tobytes(), "little")
    tiling = Tiling(op=op, form=form, count=count, size=size, scalar=bits)
    done = kernel(element)(*padded, result, tiling=tiling, checks=checks)
    assert not done.findings, done.findings[0]
    touched = count if form in (COUNT, TEMPORARY_AND_COUNT) else size
    np.testing.assert_array_equal(result[touched:], before[touched:])
    return result[:touched][: a.size]


def assert_close(actual: np.ndarray, exact: np.ndarray, element: str, arguments) -> None:
    """Compare with double precision: within ULP, and the same special values."""
    dtype = actual.dtype
    wide = actual.astype(np.float64)
    expected = exact.astype(dtype).astype(np.float64)
    special = ~np.isfinite(expected) | ~np.isfinite(wide)
    np.testing.assert_array_equal(wide[special], expected[special])
    info = np.finfo(dtype)
    exponent = np.maximum(np.frexp(np.abs(exact[~special]))[1] - 1, info.minexp)
    error = np.abs(wide[~special] - exact[~special]) / np.ldexp(1.0, exponent - info.nmant)
    if error.size:
        worst = int(np.argmax(error))
        where = [np.asarray(a)[~special][worst] for a in arguments]
        assert error[worst] <= ULP[element], f"f({where}) is {error[worst]} ULP off"


def every_half() -> np.ndarray:
    return np.arange(1 << 16, dtype=np.uint32).astype(np.uint16).view(np.float16)


def many_floats(seed: int = 0) -> np.ndarray:
    """Return special values, every magnitude, and the middle of the range densely."""
    random = np.random.default_rng(seed)
    special = [
        0.0,
        -0.0,
        np.inf,
        -np.inf,
        np.nan,
        1,
        -1,
        0.5,
        -0.5,
        1e-45,
        -1e-45,
        3.4e38,
        -3.4e38,
        2**20,
        1e6,
    ]
    everywhere = random.integers(0, 1 << 32, 6000, dtype=np.uint32).view(np.float32)
    middle = np.concatenate([random.normal(0, s, 3000) for s in (0.01, 1, 10)])
    return np.concatenate([special, everywhere, middle]).astype(np.float32)


def each(f: Callable[[float], float]) -> Callable[[np.ndarray], np.ndarray]:
    """Apply a function of the C library, whose domain errors are NaN."""

    def g(x: float) -> float:
        try:
            return f(x)
        except (ValueError, OverflowError):
            return math.nan

    return np.vectorize(g, otypes=[np.float64])


def sigmoid(x):
    return np.where(x < 0, np.exp(x) / (1 + np.exp(x)), 1 / (1 + np.exp(-np.abs(x)) * (x >= 0)))


def gate(x, y):
    """Return x sigmoid(y), 0 where x is minus infinity."""
    return np.where(x == -np.inf, 0, x * sigmoid(y))


def digamma(x: float) -> float:
    if math.isnan(x) or x == -math.inf or (x < 0 and x == math.floor(x)):
        return math.nan
    if x == 0:
        return -math.copysign(math.inf, x)
    return math.inf if x == math.inf else float(mpmath.digamma(x))


def lgamma(x: float) -> float:
    return math.inf if math.isinf(x) or (x <= 0 and x == math.floor(x)) else math.lgamma(x)


EXACT: list[tuple[str, Callable]] = [
    ("Tanh", np.tanh),
    ("Sigmoid", sigmoid),
    ("Erf", each(math.erf)),
    ("Erfc", each(math.erfc)),
    ("Sin", np.sin),
    ("Cos", np.cos),
    ("Tan", np.tan),
    ("Asin", np.arcsin),
    ("Acos", np.arccos),
    ("Atan", np.arctan),
    ("Sinh", np.sinh),
    ("Cosh", np.cosh),
    ("Asinh", np.arcsinh),
    ("Acosh", np.arccosh),
    ("Atanh", np.arctanh),
    ("Log", np.log),
    ("Log2", np.log2),
    ("Log10", np.log10),
    ("Lgamma", each(lgamma)),
    ("Digamma", each(digamma)),
    ("Sign", lambda x: np.where(np.isnan(x), 0, np.sign(x))),
    ("Floor", np.floor),
    ("Ceil", np.ceil),
    ("Trunc", np.trunc),
    ("Frac", lambda x: x - np.trunc(x)),
    ("Round", np.rint),
    ("Gelu", lambda x: gate(x, 1.595769121605731 * (x + 0.044715 * x**3))),
    ("FasterGelu", lambda x: gate(x, 1.702 * x)),
    ("FasterGeluV2", lambda x: gate(x, 1.702 * x)),
    ("Silu", lambda x: gate(x, x)),
]
OP = {name: number for number, (name, _) in enumerate(EXACT)}
FOUR_FORMS = OP["Gelu"]  # those before it


@pytest.mark.parametrize("element", ["float", "half"])
@pytest.mark.parametrize("name", [name for name, _ in EXACT])
def test_values(element, name):
    exact = dict(EXACT)[name]
    arguments = every_half() if element == "half" else many_floats()
    for piece in np.array_split(arguments, len(arguments) // 12000 + 1):
        actual = run(element, OP[name], piece, checks="none")
        assert_close(actual, exact(piece.astype(np.float64)), element, [piece])


@pytest.mark.parametrize("element", ["float", "half"])
@pytest.mark.parametrize(
    ("name", "form"),
    [
        (name, form)
        for name, _ in EXACT
        for form in (COUNT, TEMPORARY_AND_COUNT, ALL, TEMPORARY)
        if form < ALL or OP[name] < FOUR_FORMS  # the others take a count
    ],
)
def test_forms(element, name, form):
    x = np.random.default_rng(form).uniform(0.01, 0.99, 96).astype(FEATURES[element][0])
    count = 77 if form in (COUNT, TEMPORARY_AND_COUNT) else None
    actual = run(element, OP[name], x, form=form, count=count)
    exact = dict(EXACT)[name](x[: actual.size].astype(np.float64))
    assert_close(actual, exact, element, [x[: actual.size]])


@pytest.mark.parametrize("element", ["float", "half"])
@pytest.mark.parametrize("form", [COUNT, TEMPORARY_AND_COUNT])
def test_functions_with_a_scalar(element, form):
    dtype = FEATURES[element][0]
    x = np.random.default_rng(3).normal(0, 3, 300).astype(dtype)
    wide = x.astype(np.float64)
    assert_close(run(element, 31, x, form=form), np.exp(wide), element, [x])
    np.testing.assert_array_equal(
        run(element, 33, x, form=form, scalar=0.5), np.minimum(x, np.asarray(0.5, dtype))
    )
    np.testing.assert_array_equal(
        run(element, 34, x, form=form, scalar=0.5), np.maximum(x, np.asarray(0.5, dtype))
    )
    into = x[::-1].copy()
    added = (np.asarray(1.5, dtype) * x).astype(dtype) + into
    np.testing.assert_array_equal(
        run(element, 35, x, scalar=1.5, into=into, form=TEMPORARY_AND_COUNT), added[: x.size]
    )


@pytest.mark.parametrize("element", ["float", "half"])
def test_swish(element):
    """Swish rounds the sigmoid to float before it multiplies."""
    dtype = FEATURES[element][0]
    x = np.random.default_rng(4).normal(0, 3, 300).astype(dtype)
    gates = sigmoid((np.float32(1.5) * x.astype(np.float32)).astype(np.float64)).astype(np.float32)
    expected = (x.astype(np.float32) * gates).astype(dtype)
    np.testing.assert_array_equal(run(element, 30, x, scalar=1.5), expected)


@pytest.mark.parametrize("element", ["float", "half"])
@pytest.mark.parametrize("form", [COUNT, TEMPORARY_AND_COUNT, ALL, TEMPORARY])
def test_gated_units(element, form):
    """The gate is rounded before it multiplies."""
    dtype = FEATURES[element][0]
    a, b = np.random.default_rng(8).normal(0, 2, (2, 96)).astype(dtype)
    count = 70 if form < ALL else None
    wide = b.astype(np.float64)
    tolerance = 4 * np.finfo(dtype).eps
    for op, gated in ((36, gate(wide, 1.5 * wide)), (37, dict(EXACT)["Gelu"](wide))):
        actual = run(element, op, a, b, form=form, count=count)
        exact = (a.astype(np.float64) * gated)[: actual.size]
        np.testing.assert_allclose(actual.astype(np.float64), exact, rtol=tolerance, atol=tolerance / 16)


@pytest.mark.parametrize("element", ["float", "half"])
def test_fmod(element):
    random = np.random.default_rng(5)
    dtype = FEATURES[element][0]
    a, b = (random.normal(0, s, 4000).astype(dtype) for s in (50, 3))
    np.testing.assert_array_equal(run(element, 32, a, b, checks="none"), np.fmod(a, b))
    np.testing.assert_array_equal(run(element, 32, a[:90], b[:90], form=TEMPORARY), np.fmod(a[:90], b[:90]))


@pytest.mark.parametrize("element", ["float", "half"])
def test_power(element):
    random = np.random.default_rng(6)
    dtype = FEATURES[element][0]
    special = np.array([0, -0.0, 1, -1, 2, -2, 3, -3, 0.5, -0.5, np.inf, -np.inf, np.nan], dtype)
    a, b = (grid.ravel() for grid in np.meshgrid(special, special))
    a = np.concatenate([a, random.lognormal(0, 2, 4000), random.normal(0, 2, 500)]).astype(dtype)
    b = np.concatenate([b, random.normal(0, 4, 4000), random.integers(-8, 8, 500)]).astype(dtype)
    assert_close(
        run(element, 40, a, b, checks="none"), np.power(a.astype(float), b.astype(float)), element, [a, b]
    )
    x = random.uniform(0.1, 4, 200).astype(dtype)
    for form in (COUNT, TEMPORARY_AND_COUNT, ALL, TEMPORARY):
        count = 133 if form < ALL else None
        actual = run(element, 41, x, form=form, count=count, scalar=2.5)
        wide = x[: actual.size].astype(np.float64)
        assert_close(actual, wide**2.5, element, [x[: actual.size]])
        assert_close(
            run(element, 42, x, form=form, count=count, scalar=2.5), 2.5**wide, element, [x[: actual.size]]
        )


def test_power_of_integers():
    base = np.array([0, 1, -1, 2, -2, 3, 10, -7, 46341, 2, 1, -1, -1, 5], np.int32)
    exponent = np.array([0, 9, 9, 31, 3, 5, 9, 2, 2, 40, -5, -5, -4, -1], np.int32)
    expected = [
        pow(int(b), int(e)) if e >= 0 else int(float(b) ** int(e))
        for b, e in zip(base, exponent, strict=True)
    ]
    wrapped = np.array([(v + 2**31) % 2**32 - 2**31 for v in expected], np.int32)
    np.testing.assert_array_equal(run("int32_t", 40, base, exponent), wrapped)
    np.testing.assert_array_equal(run("int32_t", 41, base, scalar=2), base * base)


@pytest.mark.parametrize("element", ["int16_t", "uint16_t"])
@pytest.mark.parametrize("form", [COUNT, TEMPORARY_AND_COUNT, ALL, TEMPORARY])
def test_xor(element, form):
    dtype = FEATURES[element][0]
    a, b = np.random.default_rng(7).integers(0, 1 << 16, (2, 160)).astype(np.uint16).view(dtype)
    np.testing.assert_array_equal(run(element, 50, a, b, form=form, count=160), a ^ b)


@pytest.mark.parametrize("element", ["float", "half", "int32_t", "int16_t"])
def test_arith_progression(element):
    first = np.full(100, 3, FEATURES[element][0])
    np.testing.assert_array_equal(run(element, 60, first, count=100, scalar=2), 3 + 2 * np.arange(100))
