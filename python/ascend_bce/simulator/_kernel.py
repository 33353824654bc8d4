# SPDX-License-Identifier: Apache-2.0
"""A compiled kernel, its launches and what they report."""

import ctypes
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ascend_bce.simulator import _library
from ascend_bce.simulator._finding import Finding, parse_findings
from ascend_bce.simulator._timing import Timing, take_timing

# As the device's allocator aligns global memory.
_ALIGNMENT = 512
# ArgumentRole in simulator/core/launch.h.
_INPUT, _OUTPUT, _WORKSPACE = 1, 2, 3
# Workspace is not zeroed on the device; these bytes are NaN in every floating-point type.
_WORKSPACE_BYTE = 0xFF


@dataclass(frozen=True)
class Run:
    """What came of a launch.

    Attributes:
        findings: Empty if all went well; else what was found, once for every line and tensor, in the order of
            the blocks. A finding that `stops` its block leaves the arrays unfinished.
        timing: What the timing model says, if the launch was asked for it and had no finding. Printed, it
            says how far the figures may be trusted.
    """

    findings: list[Finding]
    timing: Timing | None = None

    @property
    def time_us(self) -> float:
        """Modelled duration in microseconds."""
        return self._timed().time_us

    @property
    def pipes(self) -> dict[str, float]:
        """Modelled microseconds that each pipe of a core is busy, averaged over the cores."""
        return self._timed().pipes

    @property
    def bound(self) -> str:
        """What limits the launch: launch, HBM, L2, or a pipe."""
        return self._timed().bound

    @property
    def bytes(self) -> tuple[int, int]:
        """Bytes that copies read from and write to global memory."""
        return self._timed().bytes

    @property
    def instructions(self) -> dict[str, int]:
        """How often each instruction was issued, by name, over all cores."""
        return self._timed().instructions

    def save_trace(self, path: str | os.PathLike[str]) -> None:
        """Write the modelled pipes as a Chrome trace (Perfetto and MindStudio Insight open it)."""
        self._timed().save_trace(path)

    def _timed(self) -> Timing:
        if self.timing is None:
            raise ValueError(
                "this run was not timed; launch with timing=True, and mend what `findings` shows, if anything"
            )
        return self.timing


class Kernel:
    """A kernel that can be called with NumPy arrays. Made by `compile_kernel`.

    Attributes:
        name: Name of the entry function.
        parameters: Names of its parameters.
        soc: The SoC profile that launches stand in for.
        vector_cores: How many vector cores that SoC has.
        ub_size: How many bytes of unified buffer a kernel may use on it.
    """

    def __init__(
        self, name: str, symbol: str, parameters: list[str], soc: str, build: Callable[[bool], Path]
    ) -> None:
        """Keep how to build; nothing is compiled yet."""
        self.name = name
        self.parameters = parameters
        self.soc = soc
        self._symbol = symbol
        self._build = build
        self._entries: dict[bool, ctypes._CFuncPtr] = {}
        cores, ub_size = ctypes.c_uint32(), ctypes.c_uint64()
        _library.call("ascend_sim_get_platform", soc.encode(), ctypes.byref(cores), ctypes.byref(ub_size))
        self.vector_cores = cores.value
        self.ub_size = ub_size.value

    def __call__(
        self,
        *arrays: np.ndarray | None,
        workspace_bytes: int = 0,
        workspace: np.ndarray | None = None,
        tiling: object = b"",
        block_dim: int = 1,
        tiling_key: int = 0,
        checks: str = "all",
        threads: int = 0,
        timing: bool = False,
        auto_sync: bool = True,
        outputs: Sequence[str | int] = (),
    ) -> Run:
        """Launch the kernel.

        Args:
            *arrays: One per GM parameter in order, inputs and outputs, C-contiguous; None for an absent
                optional. They are written in place. Workspace and tiling are not among them where the entry
                has them.
            workspace_bytes: Size of the workspace; it is not zeroed.
            workspace: Instead of workspace_bytes, a workspace that the caller has filled, for instance with
                zeros.
            tiling: The tiling data: bytes, or whatever `bytes()` turns into them (a ctypes structure).
            block_dim: Number of blocks.
            tiling_key: What TILING_KEY_IS compares with.
            checks: `"all"`, or `"none"` for speed.
            threads: Blocks that run at once; 0 for as many as the machine has threads.
            timing: Whether to model how long the launch takes on the kernel's SoC. Faster without checks.
            auto_sync: Whether the kernel counts as compiled with `--cce-auto-sync=on`, CANN's default.
            outputs: The parameters that are results, by name or index: all of each has to be written.

        Raises:
            ValueError: The arguments do not fit the entry.
            CompileError: The kernel does not compile.
        """
        if checks not in ("all", "none"):
            raise ValueError(f'checks={checks!r} is not known; use "all" or "none"')
        if block_dim < 1:
            raise ValueError(f"block_dim={block_dim}: launch at least one block")
        buffers = [*arrays]
        appended = len(self.parameters) - len(arrays)
        if appended not in (0, 2) or (appended == 0 and self.parameters[-2:] == ["workspace", "tiling"]):
            expected = ", ".join(self.parameters)
            raise ValueError(
                f"{self.name}({expected}) was called with {len(arrays)} arrays; pass one per parameter, "
                "None for an absent one, without workspace and tiling"
            )
        roles = [_INPUT] * len(arrays)
        for output in outputs:
            roles[self._index(output, len(arrays))] = _OUTPUT
        if workspace is not None and (workspace_bytes or not appended):
            raise ValueError(
                "workspace is in the place of workspace_bytes, for an entry that ends with workspace, tiling"
            )
        if appended == 2:
            roles += [_WORKSPACE if workspace is None else _INPUT, _INPUT]
            buffers += [
                _aligned(workspace_bytes, _WORKSPACE_BYTE) if workspace is None else workspace,
                np.frombuffer(bytes(tiling), np.uint8).copy(),
            ]
        for name, array in zip(self.parameters, buffers, strict=True):
            if array is not None and not (array.flags.c_contiguous and array.flags.writeable):
                raise ValueError(
                    f"{name} must be C-contiguous and writable; pass np.ascontiguousarray(...).copy()"
                )
        return self._launch(
            buffers, roles, block_dim, tiling_key, checks == "all", threads, timing, auto_sync
        )

    def _index(self, parameter: str | int, arrays: int) -> int:
        """Return the index of a parameter among those that the caller passes."""
        passed = self.parameters[:arrays]
        if isinstance(parameter, str) and parameter in passed:
            return passed.index(parameter)
        if isinstance(parameter, int) and 0 <= parameter < arrays:
            return parameter
        raise ValueError(f"outputs: {parameter!r} is none of the parameters {', '.join(passed)}")

    def _launch(
        self,
        buffers: list[np.ndarray | None],
        roles: list[int],
        block_dim: int,
        tiling_key: int,
        checked: bool,
        threads: int,
        timing: bool,
        auto_sync: bool,
    ) -> Run:
        count = len(buffers)
        launch = _library.Launch(
            entry=ctypes.cast(self._entry(checked or timing), ctypes.c_void_p),
            kernel=self.name.encode(),
            names=(ctypes.c_char_p * count)(*(name.encode() for name in self.parameters)),
            data=(ctypes.c_void_p * count)(*(None if a is None else a.ctypes.data for a in buffers)),
            bytes=(ctypes.c_uint64 * count)(*(0 if a is None else a.nbytes for a in buffers)),
            argument_count=count,
            block_dim=block_dim,
            tiling_key=tiling_key,
            soc=self.soc.encode(),
            checked=checked or timing,
            checks=checked,
            threads=threads,
            timing=timing,
            auto_sync=auto_sync,
            roles=(ctypes.c_int32 * count)(*roles),
        )
        _library.call("ascend_sim_launch", ctypes.byref(launch))
        findings = _library.load().ascend_sim_findings_json().decode(errors="replace")
        return Run(parse_findings(findings), take_timing() if timing else None)

    def _entry(self, checked: bool) -> "ctypes._CFuncPtr":
        if checked not in self._entries:
            self._entries[checked] = getattr(ctypes.CDLL(str(self._build(checked))), self._symbol)
        return self._entries[checked]


def _aligned(size: int, value: int) -> np.ndarray:
    memory = np.full(size + _ALIGNMENT, value, np.uint8)
    start = -memory.ctypes.data % _ALIGNMENT
    return memory[start : start + size]
