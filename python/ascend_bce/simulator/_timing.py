# SPDX-License-Identifier: Apache-2.0
"""What the timing model says about a launch."""

import json
import os
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ascend_bce.simulator import _library


class Timing:
    """Modelled times of one launch: a model's figures, not measurements.

    Attributes:
        kernel: Name of the kernel.
        soc: The SoC whose profile gave the model its parameters.
        blocks: Number of blocks.
        clock_mhz: The clock of a core.
        hbm_bytes_per_us: What HBM moves at most.
        time_us: Duration, launch included.
        overhead_us: The part of it that launch and prologue take.
        cores_us: What the slowest core takes, were memory never to hold it up.
        memory_us: What all traffic takes, were no core ever to hold it up.
        bound: What limits the launch: `launch`, `HBM`, `L2`, or the pipe `VECTOR`, `MTE2`, `MTE3`, `SCALAR`.
        pipes: Time that each pipe of a core is busy, averaged over blocks, without waiting for others.
        bytes: Bytes that copies read from and write to global memory.
        hbm_bytes: How many of them the HBM moves.
        l2_bytes: How many of them stay within the L2 cache.
        instructions: How often each instruction was issued.
        error_percent: How far the duration may be off, either way; None for durations too short to be ranked.
        knows_vector: False where the SoC's vector instructions are not known and take no time.
    """

    def __init__(self, handle: int) -> None:
        """Take over what ascend_sim_take_timing returned."""
        library = _library.load()
        self._handle = handle
        weakref.finalize(self, library.ascend_sim_free_timing, handle)
        values: dict[str, Any] = json.loads(library.ascend_sim_timing_json(handle))
        self.kernel: str = values["kernel"]
        self.soc: str = values["soc"]
        self.blocks: int = values["blocks"]
        self.clock_mhz: float = values["clock_mhz"]
        self.hbm_bytes_per_us: float = values["hbm_bytes_per_us"]
        self.time_us: float = values["time_us"]
        self.overhead_us: float = values["overhead_us"]
        self.cores_us: float = values["cores_us"]
        self.memory_us: float = values["memory_us"]
        self.bound: str = values["bound"]
        self.pipes: dict[str, float] = values["pipes"]
        self.bytes: tuple[int, int] = values["bytes_read"], values["bytes_written"]
        self.hbm_bytes: int = values["hbm_bytes"]
        self.l2_bytes: int = values["l2_bytes"]
        self.instructions: dict[str, int] = values["instructions"]
        self.knows_vector: bool = values["knows_vector"]
        self._trust = [
            (values[f"{level}_from_us"], values[f"{level}_percent"]) for level in ("trusted", "rough")
        ]
        reached = [percent for duration, percent in self._trust if self.time_us >= duration]
        self.error_percent: float | None = reached[0] if reached else None

    def __str__(self) -> str:
        """Return a short text that says that it is modelled, and how far it may be trusted."""
        error = "too short to be ranked" if self.error_percent is None else f"+-{self.error_percent:g} %"
        read, written = self.bytes
        (trusted, percent), (rough, rough_percent) = self._trust
        lines = [
            f"{self.kernel} on {self.soc}, {self.blocks} blocks: {self.time_us:.2f} us modelled ({error}), "
            f"bound by {self.bound}",
            f"  launch and prologue {self.overhead_us:.2f} us, slowest core {self.cores_us:.2f} us, "
            f"memory {self.memory_us:.2f} us",
            "  busy, per core: " + ", ".join(f"{lane} {time:.2f} us" for lane, time in self.pipes.items()),
            f"  {read} bytes read, {written} written: {self.hbm_bytes} by HBM, {self.l2_bytes} within L2",
            f"  modelled, not measured: trust durations above {trusted:g} us within {percent:g} %, "
            f"{rough:g} to {trusted:g} us within {rough_percent:g} %; do not rank shorter ones",
        ]
        if not self.knows_vector:
            lines.append(
                f"  the vector instructions of {self.soc} are not known: they take no time here, and only "
                "the memory's side is modelled"
            )
        return "\n".join(lines)

    def save_trace(self, path: str | os.PathLike[str]) -> None:
        """Write the pipes of every core as a Chrome trace.

        Raises:
            SimulatorError: The file cannot be written.
        """
        _library.call("ascend_sim_save_trace", self._handle, os.fsencode(path))


class Launches(list[Timing]):
    """The launches of a `timed` block, in order, when it has ended.

    Attributes:
        untimed_steps: How many casts and copies the ACL runtime did by itself. It has no kernels for them, so
            they take no time here: on a device they would.
    """

    untimed_steps: int = 0

    @property
    def time_us(self) -> float:
        """Modelled duration of all launches, one after another."""
        return sum(launch.time_us for launch in self)

    def __str__(self) -> str:
        """Return the text of every launch."""
        lines = [str(launch) for launch in self]
        if self.untimed_steps:
            lines.append(
                f"{self.untimed_steps} casts or copies are not among them: they have no kernels here"
            )
        return "\n".join(lines)


@contextmanager
def timed(soc: str) -> Iterator[Launches]:
    """Model how long the kernels take that aclnn functions launch in this block, in any thread.

    Tiling sees that SoC, too. All launches share its L2 cache, which is cold at the begin: what one leaves
    there, the next finds. Kernels of `compile_kernel` for the same SoC that are launched with `timing=True`
    share it as well, though not this list. Checked builds of the kernels are used, without the checks unless
    those are switched on.

    Args:
        soc: Name of the SoC profile, such as `"Ascend910B1"`.

    Raises:
        SimulatorError: The profile does not exist or has no timing, or a `timed` block is open already.
    """
    library = _library.load()
    previous = library.ascend_sim_get_soc()
    _library.call("ascend_sim_set_soc", soc.encode())
    try:
        _library.call("ascend_sim_begin_timing")
        launches = Launches()
        try:
            yield launches
        finally:
            while handle := library.ascend_sim_next_timing():
                launches.append(Timing(handle))
            launches.untimed_steps = library.ascend_sim_end_timing()
    finally:
        _library.call("ascend_sim_set_soc", previous)


def take_timing() -> Timing | None:
    """Return the timing of this thread's last launch; None if it had findings."""
    handle = _library.load().ascend_sim_take_timing()
    return None if handle is None else Timing(handle)
