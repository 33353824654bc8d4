# SPDX-License-Identifier: Apache-2.0
"""Models a case on a SoC: our launches and the built-in operators', under the same rules."""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ascend_bce import _aclnn
from ascend_bce._bench._built_in import chain
from ascend_bce._bench._cases import POS_WEIGHTS, Call, Case
from ascend_bce._bench._memory import echo
from ascend_bce.simulator import Launches, Timing, timed

_DATA_TYPES = {
    "float32": (_aclnn.FLOAT32, 4),
    "float16": (_aclnn.FLOAT16, 2),
    "bfloat16": (_aclnn.BFLOAT16, 2),
}
# Little-endian.
_ONES = {"float32": b"\0\0\x80\x3f", "float16": b"\0\x3c", "bfloat16": b"\x80\x3f"}
_TWOS = {"float32": b"\0\0\0\x40", "float16": b"\0\x40", "bfloat16": b"\0\x40"}


@dataclass(frozen=True)
class Comparison:
    """A case on a SoC, modelled.

    Attributes:
        soc: The SoC.
        dtype: Type of logits and target.
        case: The case.
        elements: How many.
        ours: Our launches.
        built_in: The built-in operators' launches.
    """

    soc: str
    dtype: str
    case: Case
    elements: int
    ours: Sequence[Timing]
    built_in: Sequence[Timing]

    @property
    def time_us(self) -> float:
        """Duration of our launches together."""
        return _total(self.ours)

    @property
    def built_in_us(self) -> float:
        """Duration of the built-in operators' launches together."""
        return _total(self.built_in)

    @property
    def times_as_fast(self) -> float:
        """How often ours go into the built-in operators' time."""
        return self.built_in_us / self.time_us

    @property
    def bound(self) -> str:
        """What limits our longest launch."""
        return self._longest.bound

    @property
    def error_percent(self) -> float | None:
        """How far our longest launch may be off; None if it is too short to be ranked."""
        return self._longest.error_percent

    @property
    def roofline_us(self) -> float:
        """How long HBM takes for what has to be read and written once at least."""
        least = len(self.case.least) * _DATA_TYPES[self.dtype][1] * self.elements
        return least / self.ours[0].hbm_bytes_per_us

    @property
    def share_of_roofline(self) -> float:
        """The share of our time that the least possible traffic would take."""
        return self.roofline_us / self.time_us

    @property
    def share_of_hbm(self) -> float:
        """The same after launches and prologues."""
        return self.roofline_us / (self.time_us - sum(launch.overhead_us for launch in self.ours))

    @property
    def bytes_per_element(self) -> float:
        """What our launches read and write."""
        return _traffic(self.ours) / self.elements

    @property
    def built_in_bytes_per_element(self) -> float:
        """What the built-in operators read and write."""
        return _traffic(self.built_in) / self.elements

    @property
    def vector_cycles(self) -> float | None:
        """Cycles for 64 elements, heads included; None where the SoC's are not known."""
        if not self._longest.knows_vector:
            return None
        cycles = sum(launch.pipes["VECTOR"] * launch.blocks * launch.clock_mhz for launch in self.ours)
        return cycles * 64 / self.elements

    @property
    def _longest(self) -> Timing:
        return max(self.ours, key=lambda launch: launch.time_us)


def compare(soc: str, dtype: str, case: Case, elements: int) -> Comparison:
    """Model a case; both sides begin with nothing in the L2 cache."""
    tensors = _Tensors(dtype, elements)
    ours = _launch(soc, case, tensors)
    with timed(soc):
        launches = [launch for name in case.built_in for launch in chain(name, dtype)]
        built_in = [
            launch.time(soc, elements, {name: tensors.bytes(name) for name in launch.tensors})
            for launch in launches
        ]
    return Comparison(soc, dtype, case, elements, ours, built_in)


def launch_ours(soc: str, dtype: str, case: Case, elements: int) -> Launches:
    """Model our launches alone."""
    return _launch(soc, case, _Tensors(dtype, elements))


class _Tensors:
    """The tensors of a case by name, made as they are asked for."""

    def __init__(self, dtype: str, elements: int) -> None:
        self._dtype = dtype
        self._elements = elements
        self._memory = {
            "result": np.zeros(4, np.uint8),
            "grad_output": np.frombuffer(_ONES[dtype], np.uint8),
            "grad_output of 2": np.frombuffer(_TWOS[dtype], np.uint8),
            "pos_weight": np.ones(POS_WEIGHTS, np.float32).view(np.uint8),
        }

    def bytes(self, name: str) -> np.ndarray:
        """Return a tensor's memory, enough for float32."""
        if name not in self._memory:
            self._memory[name] = echo(4 * self._elements)
        return self._memory[name]

    def operand(self, name: str) -> _aclnn.Operand:
        """Return a tensor as aclnn functions take it."""
        shape: tuple[int, ...] = (self._elements // POS_WEIGHTS, POS_WEIGHTS)
        dtype = self._dtype
        if name in ("result", "grad_output", "grad_output of 2"):
            shape = ()
        elif name == "pos_weight":
            shape, dtype = (POS_WEIGHTS,), "float32"
        strides = (POS_WEIGHTS, 1)[2 - len(shape) :]
        return self.bytes(name).ctypes.data, shape, strides, _DATA_TYPES[dtype][0]


def _launch(soc: str, case: Case, tensors: _Tensors) -> Launches:
    with timed(soc) as launches:
        for call in case.calls:
            _execute(call, tensors)
    assert launches.untimed_steps == 0, "a launch without a kernel would be missing"
    return launches


def _execute(call: Call, tensors: _Tensors) -> None:
    function = _aclnn.library().function(
        call.function, len(call.inputs), len(call.attributes), len(call.outputs)
    )
    inputs = [None if name is None else tensors.operand(name) for name in call.inputs]
    outputs = [tensors.operand(name) for name in call.outputs]
    function(inputs, call.attributes, outputs, _allocate)


def _allocate(size: int) -> tuple[int, object]:
    memory = (ctypes.c_uint8 * (size + 512))()
    return -(-ctypes.addressof(memory) // 512) * 512, memory


def _total(launches: Sequence[Timing]) -> float:
    return sum(launch.time_us for launch in launches)


def _traffic(launches: Sequence[Timing]) -> int:
    return sum(sum(launch.bytes) for launch in launches)
