# SPDX-License-Identifier: Apache-2.0
"""CANN's built-in operators on the timing model: their launches are data, in built_in.json."""

import json
import struct
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from ascend_bce.simulator import Kernel, Timing, compile_kernel

_HERE = Path(__file__).parent
_BYTES = {"float32": 4, "float16": 2, "bfloat16": 2}
_INPUTS = 4
_LARGEST_COPY = 32 * 1024  # bytes; longer ones gain nothing
_RESERVED_UB = 8 * 1024
_TILE_UNIT = 1024  # elements
_CORE_UNIT = 256  # elements: 512 bytes of half types, so that cores write to lines of their own
_ELEMENTS_PER_CORE = 8192  # at least, if there is more than one core: as ours


@dataclass(frozen=True)
class Launch:
    """A kernel of a built-in operator.

    Attributes:
        operator: Its name.
        reads: The tensors it reads and ...
        writes: ... writes, by name, and the bytes of their elements.
        casts: Vector instructions for each tile: between half types and float32, ...
        slow: ... exp and ln, ...
        fast: ... and others.
    """

    operator: str
    reads: dict[str, int]
    writes: dict[str, int]
    casts: int
    slow: int
    fast: int

    @property
    def tensors(self) -> dict[str, int]:
        """All of its tensors."""
        return {**self.reads, **self.writes}

    def time(self, soc: str, elements: int, tensors: dict[str, np.ndarray]) -> Timing:
        """Model the launch on tensors that others of its chain may have left in the L2 cache."""
        kernel = _kernel(soc)
        if not self.tensors:
            elements = 0  # it works on single elements
        cores = min(kernel.vector_cores, max(1, elements // _ELEMENTS_PER_CORE))
        per_core = -(-elements // cores // _CORE_UNIT) * _CORE_UNIT
        reads = [*self.reads.values(), *[0] * (_INPUTS - len(self.reads))]
        tiling = struct.pack(
            "<QQ9I4x", elements, per_core, self._tile(kernel.ub_size), *reads, sum(self.writes.values()),
            self.casts, self.slow, self.fast,
        )  # fmt: skip
        arrays = [tensors[name] for name in self.reads]
        arrays += [None] * (_INPUTS - len(arrays))
        arrays += [tensors[name] for name in self.writes] or [None]
        run = kernel(*arrays, tiling=tiling, block_dim=cores, checks="none", timing=True)
        assert run.timing is not None, run.findings
        return run.timing

    def _tile(self, ub_size: int) -> int:
        widest = max(self.tensors.values(), default=4)
        fitting = (ub_size - _RESERVED_UB) // (2 * sum(self.tensors.values()) + 4)
        return min(fitting, _LARGEST_COPY // widest) // _TILE_UNIT * _TILE_UNIT


def chain(name: str, dtype: str) -> list[Launch]:
    """Return the launches of a chain in built_in.json for logits of a type."""
    data = _data()

    def sizes(names: list[str]) -> dict[str, int]:
        return {tensor: _BYTES[data["types"].get(tensor, dtype)] for tensor in names}

    launches = []
    for launch in data["chains"][name]:
        if dtype not in launch.get("only", [dtype]):
            continue
        reads, writes = sizes(launch["reads"]), sizes([launch["writes"]] if launch["writes"] else [])
        computes = launch["slow"] > 0  # in float32; others only copy, or add what is float32
        casts = sum(size < 4 for size in (*reads.values(), *writes.values())) if computes else 0
        launches.append(Launch(launch["operator"], reads, writes, casts, launch["slow"], launch["fast"]))
    return launches


def sources() -> dict[str, str]:
    """Return where the data come from."""
    return _data()["sources"]


@cache
def _data() -> dict:
    return json.loads((_HERE / "built_in.json").read_text())


@cache
def _kernel(soc: str) -> Kernel:
    return compile_kernel(_HERE / "stream.cpp", soc=soc)
