# SPDX-License-Identifier: Apache-2.0
"""Sequences of calls for kernels/fused_calls.cpp, and launches of it in a process of their own.

What has to be set before the simulator is loaded is given to `in_process`.
"""

import ctypes
import multiprocessing
import os
import re
import struct
import subprocess
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np

from ascend_bce.numpy import binary_cross_entropy_with_logits
from ascend_bce.simulator import Kernel, _library, compile_kernel

KERNELS = Path(__file__).parents[1] / "simulator" / "kernels"
OPERATIONS = (
    "Abs", "Relu", "Exp", "Ln", "Sqrt", "Reciprocal",
    "Add", "Sub", "Mul", "Div", "Max", "Min",
    "Adds", "Muls", "Maxs", "Mins",
    "MulAddDst", "FusedMulAdd",
    "HalfToFloat", "BFloat16ToFloat", "FloatToHalf", "FloatToBFloat16",
    "CopyIn32", "CopyOut32", "CopyIn16", "CopyOut16",
    "FloorToHalf", "LeakyRelu", "Axpy", "MulsOfBlock", "Brcb", "Duplicate", "BlockReduceSum", "AddOut",
    "MoveValue", "MoveByAddress", "MoveByOldAddress",
)  # fmt: skip
ALL_TILES = 2**32 - 1
MOST_CALLS = 200

# The image, and global memory likewise: floats, then halves, then bfloat16s. A type has its part, because
# the bits of a NaN are free, and it may be a number in another type.
ROW = 64
FLOAT_BYTES = 24 * 1024
WORD_BYTES = 6 * 1024
HALVES = FLOAT_BYTES
BFLOAT16S = FLOAT_BYTES + WORD_BYTES
BYTES = FLOAT_BYTES + 2 * WORD_BYTES


class CallTiling(ctypes.Structure):
    """The same in the kernel."""

    _fields_ = (
        ("op", ctypes.c_uint32),
        ("repeats", ctypes.c_uint32),
        ("count", ctypes.c_uint32),
        ("first", ctypes.c_uint32),
        ("end", ctypes.c_uint32),
        ("place", ctypes.c_uint32 * 3),
        ("alternate", ctypes.c_uint32 * 3),
        ("stride", ctypes.c_uint32 * 3),
        ("global_", ctypes.c_uint32),
        ("step", ctypes.c_uint32),
        ("scalar", ctypes.c_float),
    )


class FusedTiling(ctypes.Structure):
    """The same in the kernel."""

    _fields_ = (
        ("tiles", ctypes.c_uint32),
        ("calls", ctypes.c_uint32),
        ("bytes", ctypes.c_uint32),
        ("call", CallTiling * MOST_CALLS),
    )


@dataclass
class Call:
    """A call: places in bytes of the image, of dst, a and b."""

    op: str
    dst: int = 0
    a: int = 0
    b: int = 0
    count: int = ROW
    repeats: int = 0
    strides: tuple[int, int, int] = (8, 8, 8)
    alternates: tuple[int, int, int] = (0, 0, 0)
    far: int = 0
    step: int = 0
    scalar: float = 0
    first: int = 0
    end: int = ALL_TILES

    def tiling(self) -> CallTiling:
        """Return it for the kernel."""
        return CallTiling(
            OPERATIONS.index(self.op), self.repeats, self.count, self.first, self.end,
            (self.dst, self.a, self.b), self.alternates, self.strides, self.far, self.step, self.scalar,
        )  # fmt: skip


@dataclass
class Case:
    """What the kernel is launched with."""

    calls: list[Call]
    tiles: int = 4
    seed: int = 0
    name: str = field(default="", compare=False)

    def tiling(self) -> FusedTiling:
        """Return it for the kernel."""
        calls = (CallTiling * MOST_CALLS)(*(call.tiling() for call in self.calls))
        return FusedTiling(self.tiles, len(self.calls), BYTES, calls)

    def run(self, kernel: Kernel, checks: str) -> list[np.ndarray]:
        """Launch the kernel; return the image and global memory as it leaves them, with one NaN only."""
        for _ in range(2):  # only calls that were made before run by programs
            image, far = _memory(self.seed), _memory(self.seed + 1)
            run = kernel(image, far, tiling=self.tiling(), checks=checks)
            assert run.findings == [], f"{self}: {run.report()}"
        return [_with_one_nan(image), _with_one_nan(far)]


def _memory(seed: int) -> np.ndarray:
    """Return random bytes of an image or of global memory, special values among them."""
    random = np.random.default_rng(seed)
    floats = random.normal(0, 2, FLOAT_BYTES // 4).astype(np.float32)
    special = np.array([0, -0.0, np.inf, -np.inf, np.nan, 1e-40, -1e-42, 3e38, 1e-30, 1, 65520], np.float32)
    places = random.random(floats.size) < 0.05
    floats[places] = random.choice(special, places.sum())
    words = np.resize(floats, 2 * WORD_BYTES // 2)
    with np.errstate(over="ignore"):
        halves = words[: WORD_BYTES // 2].astype(np.float16)
    bfloat16s = (words[WORD_BYTES // 2 :].view(np.uint32) >> 16).astype(np.uint16)
    return np.concatenate([part.view(np.uint8) for part in (floats, halves, bfloat16s)])


def _with_one_nan(memory: np.ndarray) -> np.ndarray:
    floats = memory[:HALVES].view(np.uint32).copy()
    floats[np.isnan(floats.view(np.float32))] = 0x7FC00000
    halves = memory[HALVES:BFLOAT16S].view(np.uint16).copy()
    halves[(halves & 0x7FFF) > 0x7C00] = 0x7E00
    bfloat16s = memory[BFLOAT16S:].view(np.uint16).copy()
    bfloat16s[(bfloat16s & 0x7FFF) > 0x7F80] = 0x7FC0
    return np.concatenate([part.view(np.uint8) for part in (floats, halves, bfloat16s)])


def launch_all(cases: list[Case], checks: str, programs: Path | None = None) -> list[list[np.ndarray]]:
    """Launch the kernel on each case, after loading a library of programs if there is one."""
    if programs is not None:
        load_programs(programs)
    kernel = compile_kernel(KERNELS / "fused_calls.cpp")
    return [case.run(kernel, checks) for case in cases]


def launch_tiles(checks: str, programs: Path | None = None) -> list[np.ndarray]:
    """Launch fused_tiles.cpp in several ways on random numbers; return the losses and what else it leaves."""
    if programs is not None:
        load_programs(programs)
    results = []
    for depth, tiles, rest, in_place in (
        (1, 4, 192, False),
        (1, 3, 0, True),
        (2, 5, 0, False),
        (2, 4, 48, True),
    ):
        tile = 512
        length = tiles * tile + rest
        kernel = compile_kernel(KERNELS / "fused_tiles.cpp", defines={"DEPTH": depth})
        for _ in range(2):  # as above
            random = np.random.default_rng(length)
            x, y = random.normal(0, 4, length).astype(np.float16), random.random(length, np.float32)
            loss, sums = y if in_place else np.zeros(length, np.float32), np.zeros(2 * tile, np.float32)
            run = kernel(x, y, loss, sums, tiling=struct.pack("<2I", length, tile), checks=checks)
            assert run.findings == [], run.report()
        results += [loss, sums]
    return results


def launch_losses(lengths: list[int]) -> None:
    """Compute losses of logits by the package's operators, with and without weights of 128 classes."""
    for dtype in (np.float32, np.float16, ml_dtypes.bfloat16):
        for length in lengths:
            for reduction in ("none", "mean"):
                flat, rows = np.ones(length, dtype), np.ones((length // 128, 128), dtype)
                binary_cross_entropy_with_logits(flat, flat, reduction=reduction)
                pos_weight = np.ones(128, np.float32)
                binary_cross_entropy_with_logits(rows, rows, pos_weight=pos_weight, reduction=reduction)


def isas() -> list[str]:
    """Return the names of the instruction sets of this machine, the best one last."""
    flags = Path("/proc/cpuinfo").read_text().split()
    names = ["baseline"]
    if {"avx2", "fma", "f16c"} <= set(flags):
        names.append("avx2")
    if {"avx512f", "avx512bw", "avx512dq", "avx512vl"} <= set(flags):
        names.append("avx512")
    return names


def write_programs(*arguments: object) -> subprocess.CompletedProcess:
    """Run the tool."""
    tool = _library.home() / "tools" / "fusion" / "write_programs"
    return subprocess.run([tool, *map(str, arguments)], capture_output=True, text=True)


def build_programs(source: Path, isa: str) -> Path:
    """Compile what write_programs wrote as packages do, for an instruction set; return the library."""
    home = _library.home()
    library = source.with_name(f"{source.stem}_{isa}.so")
    recipe = (home / "cmake" / "instruction_sets.cmake").read_text()
    (common,) = re.findall(r"PRIVATE\s+(-O3 .*)\s", recipe)
    of_isa = re.findall(rf"set\(flags_{isa} (.*)\)", recipe)
    flags = " ".join([common, *of_isa]).split()
    command = [os.environ.get("CXX", "g++"), "-std=c++17", *flags, f"-DASCEND_SIM_ISA={isa}", f"-I{home}"]
    subprocess.run([*command, "-shared", source, "-o", library], check=True)
    return library


def load_programs(path: Path) -> None:
    """Load a library of programs."""
    _library.call("ascend_sim_load_programs", str(path).encode())


def _call(environment: Mapping[str, str], function: Callable, arguments: tuple) -> Any:
    os.environ.update(environment)
    return function(*arguments)


def in_process(environment: Mapping[str, object], function: Callable, *arguments: object) -> Any:
    """Call a function in a new process with further environment variables."""
    values = {name: str(value) for name, value in environment.items()}
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_call, values, function, arguments).result()


# ---- Random cases ----

UNARY, BINARY, SCALAR = OPERATIONS[:6], OPERATIONS[6:12], OPERATIONS[12:16]
UPDATE, CASTS = OPERATIONS[16:18], OPERATIONS[18:22]
SLOT_ROWS = 8
FLOAT_SLOT = SLOT_ROWS * ROW * 4
WORD_SLOT = SLOT_ROWS * ROW * 2
_FLOAT_SLOTS = FLOAT_BYTES // FLOAT_SLOT
_WORD_SLOTS = WORD_BYTES // WORD_SLOT
_DOUBLE = (_FLOAT_SLOTS - 4, _FLOAT_SLOTS - 2)  # of which odd tiles take the next one


class _Draw:
    """Draws calls that are legal: operands are the same or apart."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._rows = self._one_of(1, 3, 4, 8, 8)
        self._tiles = self._one_of(1, 2, 3, 5)
        self._recent = [0]
        self._interrupts = self._chance(0.3)

    def case(self, seed: int) -> Case:
        calls = [
            call for _ in range(self._one_of(1, 1, 2, 3)) for call in self._list(self._one_of(3, 5, 8, 12))
        ]
        return Case(calls, self._tiles, seed, f"random {seed}")

    def _one_of(self, *choices: Any) -> Any:
        return choices[self._random.integers(len(choices))]

    def _chance(self, probability: float) -> bool:
        return bool(self._random.random() < probability)

    def _slot(self) -> int:
        if self._chance(0.6):
            return self._one_of(*self._recent[-3:])
        return int(self._random.integers(_FLOAT_SLOTS))

    def _written(self) -> int:
        self._recent.append(int(self._random.integers(_FLOAT_SLOTS)) if self._chance(0.8) else self._slot())
        return self._recent[-1]

    def _floats(self, *slots: int, row: int = 0) -> dict[str, Any]:
        """Return places of operands."""
        places = [slot * FLOAT_SLOT + row * ROW * 4 for slot in slots]
        alternates = [FLOAT_SLOT if slot in _DOUBLE else 0 for slot in slots]
        rest = [0] * (3 - len(slots))
        return dict(zip(("dst", "a", "b"), places, strict=False)) | {"alternates": (*alternates, *rest)}

    def _far(self, begin: int, end: int, size: int) -> dict[str, int]:
        """Return where in global memory copies are, at any element."""
        count = self._rows * ROW
        step = self._one_of(count * size, count * size, 0)
        last = end - (self._tiles - 1) * step - count * size
        far = int(self._random.integers(begin // size, last // size + 1)) * size
        if self._chance(0.7):
            far = begin + (far - begin) // (count * size) * count * size
        return {"far": far, "step": step, "count": count}

    def _some_tiles(self) -> dict[str, int]:
        if self._chance(0.85):
            return {}
        tile = int(self._random.integers(self._tiles))
        return self._one_of({"first": tile}, {"end": tile}, {"first": tile, "end": tile + 1})

    def _list(self, length: int) -> list[Call]:
        calls = []
        for _ in range(self._one_of(1, 1, 2)):
            calls.append(self._copy_in())
        for _ in range(length):
            calls.append(self._compute())
        for _ in range(self._one_of(0, 1, 1, 2)):
            calls.append(self._copy_out())
        return calls

    def _copy_in(self) -> Call:
        if self._chance(0.7):
            far = self._far(0, FLOAT_BYTES, 4)
            return Call("CopyIn32", **self._floats(self._written()), **far)
        begin, slot = self._words()
        return Call("CopyIn16", dst=slot, **self._far(begin, begin + WORD_BYTES, 2))

    def _copy_out(self) -> Call:
        if self._chance(0.7):
            far = self._far(0, FLOAT_BYTES, 4)
            return Call("CopyOut32", **self._floats(0, self._slot()), **far)
        begin, slot = self._words()
        return Call("CopyOut16", a=slot, **self._far(begin, begin + WORD_BYTES, 2))

    def _words(self, begin: int | None = None) -> tuple[int, int]:
        """Return the begin of a type's part and the place of a slot in it."""
        if begin is None:
            begin = self._one_of(HALVES, BFLOAT16S)
        return begin, begin + int(self._random.integers(_WORD_SLOTS)) * WORD_SLOT

    def _compute(self) -> Call:
        a, b = self._slot(), self._slot()
        dst = self._written()
        kind = self._random.random()
        tiles = self._some_tiles()
        if kind < 0.12 and self._rows % 2 == 0:  # a step of a tree of pairs
            dst = dst if dst != a else (a + 1) % _FLOAT_SLOTS
            places = self._floats(dst, a, a)
            places["b"] += ROW * 4
            rows = self._one_of(*(rows for rows in (2, 4, 8) if rows <= self._rows))
            op = self._one_of(*BINARY)
            if any(slot in _DOUBLE or slot - 1 in _DOUBLE for slot in (dst, a)):
                places["alternates"] = (0, 0, 0)
            return Call(op, **places, repeats=rows // 2, strides=(8, 16, 16), **tiles)
        if kind < 0.3:
            return self._cast(dst, a, tiles)
        if kind < 0.34 and self._interrupts:
            return self._interruption(dst, a, tiles)
        if kind < 0.4:
            return self._spread(dst, a, tiles)
        op = self._one_of(*UNARY, *BINARY, *BINARY, *SCALAR, *SCALAR, *UPDATE)
        operands = self._apart(dst, a, b)
        whole = self._floats(*operands)
        scalar = self._one_of(0.5, -1.0, 0.0, -0.0, 1e-39, 3.25, np.inf)
        shape = self._random.random()
        if shape < 0.6:
            return Call(op, **whole, count=self._rows * ROW, scalar=scalar, **tiles)
        if shape < 0.75:  # masked, all lanes: rows side by side, of which b may be one over and over again
            strides = (8, 8, 8 if operands[0] == operands[2] else self._one_of(8, 0))
            return Call(op, **whole, repeats=self._rows, strides=strides, scalar=scalar, **tiles)
        if shape < 0.85 and self._rows > 1:  # a part
            rows = int(self._random.integers(1, self._rows))
            row = int(self._random.integers(0, self._rows - rows + 1))
            part = self._floats(*operands, row=row)
            return Call(op, **part, count=rows * ROW, scalar=scalar, **tiles)
        if shape < 0.93:
            count = int(self._random.integers(1, self._rows * ROW))
            return Call(op, **whole, count=count, scalar=scalar, **tiles)
        return Call(op, **whole, count=self._one_of(1, 37, 63), repeats=self._rows, scalar=scalar, **tiles)

    def _apart(self, *slots: int) -> list[int]:
        """Return slots of which none is what another one is in odd tiles."""
        return [slot - 1 if slot - 1 in _DOUBLE else slot for slot in slots]

    def _cast(self, dst: int, a: int, tiles: dict[str, int]) -> Call:
        op = self._one_of(*CASTS, *CASTS, "FloorToHalf")
        _, words = self._words(BFLOAT16S if "BFloat16" in op else HALVES)
        count = self._rows * ROW
        if op.endswith("ToFloat"):
            places = self._floats(dst) | {"a": words}
            strides = (8, 4, 0)
        else:
            places = self._floats(0, a) | {"dst": words}
            strides = (4, 8, 0)
        if self._chance(0.2):
            return Call(op, **places, repeats=self._rows, strides=strides, **tiles)
        return Call(op, **places, count=count, **tiles)

    def _spread(self, dst: int, a: int, tiles: dict[str, int]) -> Call:
        dst, a = self._apart(dst, a)
        places = self._floats(dst if dst != a else self._apart((a + 2) % _FLOAT_SLOTS)[0], a)
        if self._chance(0.5):
            return Call("Brcb", **places, repeats=self._rows, **tiles)
        count = self._one_of(ROW, ROW, 40, 13)
        return Call(
            "MulsOfBlock", **places, count=count, repeats=self._rows, strides=(8, 1, 0), scalar=0.75, **tiles
        )

    def _interruption(self, dst: int, a: int, tiles: dict[str, int]) -> Call:
        op = self._one_of(
            "LeakyRelu", "Axpy", "Duplicate", "BlockReduceSum", "AddOut",
            "MoveValue", "MoveByAddress", "MoveByOldAddress",
        )  # fmt: skip
        dst, a = self._apart(dst, a)
        if op == "AddOut":
            return Call(op, **self._floats(0, a), **self._far(0, FLOAT_BYTES, 4), **tiles)
        if op == "BlockReduceSum":
            dst = dst if dst != a else self._apart((a + 2) % _FLOAT_SLOTS)[0]
            return Call(op, **self._floats(dst, a), repeats=self._rows, **tiles)
        places = self._floats(dst, a)
        if op == "MoveByOldAddress":
            places["alternates"] = (0, 0, 0)
        count = self._rows * ROW if op in ("LeakyRelu", "Axpy", "Duplicate") else 5
        return Call(op, **places, count=count, scalar=0.25, **tiles)


def random_case(seed: int) -> Case:
    """Return a case that is the same for the same seed."""
    return _Draw(seed).case(seed)
