# SPDX-License-Identifier: Apache-2.0
"""A compiled kernel, its launches and what they report."""

import ctypes
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ascend_bce.simulator import _library
from ascend_bce.simulator._finding import Finding, parse_findings, to_json, to_sarif
from ascend_bce.simulator._parameters import Parameter
from ascend_bce.simulator._schedules import SEEDS, compare
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

    def report(self) -> str:
        """Return the findings as they are printed; empty if there are none."""
        return "\n\n".join(finding.text for finding in self.findings)

    def to_json(self) -> str:
        """Return the findings as a JSON array."""
        return to_json(self.findings)

    def to_sarif(self) -> str:
        """Return the findings as a SARIF 2.1.0 log."""
        return to_sarif(self.findings)

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
        self,
        name: str,
        symbol: str,
        parameters: list[Parameter],
        soc: str,
        build: Callable[[bool], Path],
        lint: Callable[[], list[Finding]],
    ) -> None:
        """Keep how to build; nothing is compiled yet."""
        self.name = name
        self.parameters = [parameter.name for parameter in parameters]
        self._declared = parameters
        self.soc = soc
        self._symbol = symbol
        self._build = build
        self._lint = lint
        self._libraries: dict[bool, ctypes.CDLL] = {}
        cores, ub_size = ctypes.c_uint32(), ctypes.c_uint64()
        _library.call("ascend_sim_get_platform", soc.encode(), ctypes.byref(cores), ctypes.byref(ub_size))
        self.vector_cores = cores.value
        self.ub_size = ub_size.value

    @cached_property
    def source_findings(self) -> list[Finding]:
        """What CANN's compiler would refuse in the kernel's source: the check `lint`."""
        return self._lint()

    def __call__(
        self,
        *arrays: Any,
        workspace_bytes: int = 0,
        workspace: np.ndarray | None = None,
        tiling: object = b"",
        block_dim: int = 1,
        tiling_key: int = 0,
        checks: str | Sequence[str] = "all",
        blocks: Sequence[int] = (),
        break_on_finding: bool = False,
        threads: int = 0,
        timing: bool = False,
        auto_sync: bool = True,
        schedule_mode: int = -1,
        outputs: Sequence[str | int] = (),
        schedule: str = "program",
        seed: int = 0,
    ) -> Run:
        """Launch the kernel.

        Args:
            *arrays: One per GM parameter in order, inputs and outputs, C-contiguous; None for an absent
                optional. They are written in place. For a parameter that the entry takes by value: a number,
                or bytes or whatever `bytes()` turns into them. Workspace and tiling are not among them where
                the entry has them as GM addresses at its end.
            workspace_bytes: Size of the workspace; it is not zeroed.
            workspace: Instead of workspace_bytes, a workspace that the caller has filled, for instance with
                zeros.
            tiling: The tiling data: bytes, a ctypes structure, or a NumPy structured scalar.
            block_dim: Number of blocks.
            tiling_key: What TILING_KEY_IS compares with.
            checks: `"all"`, `"none"` for speed, or a list of names of checks
                (`"bounds"` comes with each of them, `"lint"` looks at the source alone).
            blocks: The blocks to run, if not all: to look at one alone. Such a block cannot wait for others.
            break_on_finding: Whether to stop in the debugger, if there is one, where something is found.
            threads: Blocks that run at once; 0 for as many as the machine has threads.
            timing: Whether to model how long the launch takes on the kernel's SoC. Faster without checks.
            auto_sync: Whether the kernel counts as compiled with `--cce-auto-sync=on`, CANN's default.
            schedule_mode: What the tiling would give to SetScheduleMode; -1 if that is not known.
            outputs: The parameters that are results, by name or index: all of each has to be written.
            schedule: `"program"`, in which instructions take effect as the kernel issues them, or
                `"adversarial"`, in which they do as late or as early as flags, queues and barriers allow, and
                blocks run one after the other, so that what is not synchronised comes out wrong.
            seed: Which adversarial schedule; the same seed gives the same bits. 0 is the worst for most
                kernels, 1 its opposite, all others are drawn.

        Raises:
            ValueError: The arguments do not fit the entry.
            CompileError: The kernel does not compile.
        """
        checks, linted = parse_checks(os.environ.get("ASCEND_SIM_FORCE_CHECKS") or checks)
        if block_dim < 1:
            raise ValueError(f"block_dim={block_dim}: launch at least one block")
        checked = checks != "none" or timing or schedule != "program"
        buffers = [*arrays]
        appended = len(self.parameters) - len(arrays)
        ends = [Parameter("workspace"), Parameter("tiling")]
        if appended not in (0, 2) or (appended == 0 and self._declared[-2:] == ends):
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
                np.frombuffer(_tiling_bytes(tiling), np.uint8).copy(),
            ]
        for index, parameter in enumerate(self._declared):
            if parameter.value_type is not None:
                buffers[index] = self._encode(index, buffers[index], checked)
        for name, array in zip(self.parameters, buffers, strict=True):
            if array is not None and not (array.flags.c_contiguous and array.flags.writeable):
                raise ValueError(
                    f"{name} must be C-contiguous and writable; pass np.ascontiguousarray(...).copy()"
                )
        for block in blocks:
            if not 0 <= block < block_dim:
                raise ValueError(f"blocks: there is no block {block}; block_dim is {block_dim}")
        run = self._launch(
            buffers,
            roles,
            checked=checked,
            timing=timing,
            block_dim=block_dim,
            tiling_key=tiling_key,
            checks=checks.encode(),
            threads=threads,
            auto_sync=auto_sync,
            schedule_mode=schedule_mode,
            blocks=(ctypes.c_uint32 * len(blocks))(*blocks),
            block_count=len(blocks),
            break_on_finding=break_on_finding,
            schedule=schedule.encode(),
            seed=seed,
        )
        return replace(run, findings=self.source_findings + run.findings) if linted else run

    def compare_schedules(
        self,
        *arrays: Any,
        seeds: Iterable[int] = SEEDS,
        block_dims: Iterable[int] = (),
        **options: Any,
    ) -> Run:
        """Launch the kernel on copies of the arrays, in several orders, and compare the results bit by bit.

        It runs in program order, in the adversarial schedule under every seed, and with other numbers of
        blocks. What differs is a finding, `schedule-dependent` or `block-dependent`, one for each argument.

        Args:
            *arrays: As for a launch. They are left as they are.
            seeds: Of the adversarial schedules.
            block_dims: Numbers of blocks that must not change the results either; for a kernel that cuts its
                work by GetBlockNum.
            **options: The keyword arguments of a launch.

        Returns:
            The launch in program order, with all findings. Nothing is compared if it could not run to its
            end.
        """
        run, findings = compare(self, arrays, seeds, block_dims, **options)
        return replace(run, findings=[*run.findings, *findings])

    def _encode(self, index: int, value: Any, checked: bool) -> np.ndarray:
        """Return the bytes of a value for the entry, which are as many as the compiler says."""
        parameter = self._declared[index]
        encoded = parameter.encode(value)
        sizes = (ctypes.c_uint32 * len(self._declared)).in_dll(
            self._library(checked), "ascend_sim_parameter_sizes"
        )
        if encoded.nbytes != sizes[index]:
            raise ValueError(
                f"{self.name} takes {parameter.name} as a {parameter.value_type} of {sizes[index]} bytes; "
                f"{encoded.nbytes} were passed"
            )
        return encoded

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
        checked: bool,
        timing: bool,
        **options: object,
    ) -> Run:
        count = len(buffers)
        launch = _library.Launch(
            entry=ctypes.cast(self._entry(checked), ctypes.c_void_p),
            kernel=self.name.encode(),
            names=(ctypes.c_char_p * count)(*(name.encode() for name in self.parameters)),
            data=(ctypes.c_void_p * count)(*(None if a is None else a.ctypes.data for a in buffers)),
            bytes=(ctypes.c_uint64 * count)(*(0 if a is None else a.nbytes for a in buffers)),
            argument_count=count,
            roles=(ctypes.c_int32 * count)(*roles),
            soc=self.soc.encode(),
            checked=checked,
            timing=timing,
            **options,
        )
        _library.call("ascend_sim_launch", ctypes.byref(launch))
        findings = _library.load().ascend_sim_findings_json().decode(errors="replace")
        return Run(parse_findings(findings), take_timing() if timing else None)

    def _entry(self, checked: bool) -> "ctypes._CFuncPtr":
        return getattr(self._library(checked), self._symbol)

    def _library(self, checked: bool) -> ctypes.CDLL:
        if checked not in self._libraries:
            self._libraries[checked] = ctypes.CDLL(str(self._build(checked)))
        return self._libraries[checked]


def parse_checks(checks: str | Sequence[str]) -> tuple[str, bool]:
    """Return the names of checks as the simulator takes them, and whether the source is checked.

    Raises:
        ValueError: There is no such check; the text names those there are.
    """
    names = checks.split(",") if isinstance(checks, str) else list(checks)
    known = [*_library.load().ascend_sim_check_names().decode().split(","), "lint"]
    if names not in (["all"], ["none"]):
        for name in names:
            if name not in known:
                raise ValueError(
                    f'checks: there is no check {name!r}; use "all", "none", or a list of some of: '
                    + ", ".join(known)
                )
    launch = [name for name in names if name != "lint"]
    return ",".join(launch) or "none", "lint" in names or names == ["all"]


def _tiling_bytes(tiling: object) -> bytes:
    try:
        return bytes(memoryview(tiling))
    except TypeError:
        raise TypeError(
            f"tiling is of type {type(tiling).__name__}; pass bytes, a ctypes.Structure, or a "
            "NumPy structured scalar"
        ) from None


def _aligned(size: int, value: int) -> np.ndarray:
    memory = np.full(size + _ALIGNMENT, value, np.uint8)
    start = -memory.ctypes.data % _ALIGNMENT
    return memory[start : start + size]
