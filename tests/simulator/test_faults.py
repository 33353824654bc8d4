# SPDX-License-Identifier: Apache-2.0
"""Every check fires on a faulty kernel, at the right line, and stays silent on the same kernel mended.

Each file in faults/ is one kernel; with the macro FAULTY it breaks the rule its first comment names, on the
line marked FINDING.
"""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from ascend_bce.simulator import Kernel, Run, compile_kernel

FAULTS = Path(__file__).parent / "faults"


@dataclass
class Fault:
    """What a faulty kernel is launched with and what must be found."""

    code: str
    message: str  # part of it
    arrays: list[np.ndarray | None] = field(default_factory=lambda: [np.zeros(8, np.int32)])
    block_dim: int = 1
    block: int = 0
    options: dict[str, object] = field(default_factory=dict)  # of the launch


def zeros(count: int, dtype: type = np.float32) -> np.ndarray:
    return np.zeros(count, dtype)


CASES = {
    "gm_out_of_bounds": Fault(
        "gm-out-of-bounds",
        "bytes [0, 96) of GM tensor `x` (84 bytes): 12 past its end",
        [zeros(21), zeros(21)],
    ),
    "gm_one_byte_too_many": Fault(
        "gm-out-of-bounds", "bytes [14, 22) of GM tensor `y` (21 bytes): 1 past", [zeros(21, np.uint8)], 3, 2
    ),
    "gm_absent_argument": Fault("gm-out-of-bounds", "outside every argument", [None, zeros(1, np.int32)]),
    "gm_beyond_arguments": Fault(
        "gm-out-of-bounds", "(4064 bytes past the end of `y`)", block_dim=2, block=1
    ),
    "ub_out_of_bounds": Fault(
        "ub-out-of-bounds",
        "bytes [32, 96) of UB tensor of 64 bytes (buffer 0, made at",
        [zeros(16), zeros(16)],
    ),
    "ub_scalar_out_of_bounds": Fault("ub-out-of-bounds", "SetValue writes bytes [32, 36)"),
    "misaligned_size": Fault(
        "misaligned",
        "multiples of 32 bytes, but was asked for 48",
        [zeros(32, np.int16), zeros(32, np.int16)],
    ),
    "misaligned_address": Fault("misaligned", "at byte 16 of UB tensor", [zeros(16), zeros(8)]),
    "ub_overflow": Fault("ub-overflow", "1 x 98304 bytes of unified buffer, but of 196352 bytes only 98048"),
    "ub_overflow_allocator": Fault("ub-overflow", "98304 bytes at byte 98304 does not fit into the 196352"),
    "too_many_buffers": Fault("ub-overflow", "buffer number 65"),
    "wrong_queue": Fault("wrong-queue", "FreeTensor of a tensor that this queue did not hand out"),
    "wrong_queue_enque": Fault("wrong-queue", "EnQue of a tensor that this queue did not hand out"),
    "double_free": Fault("double-free", "freed already, at double_free.cpp:15"),
    "queue_depth": Fault("queue-overflow", "queue of depth 1"),
    "queue_exhausted": Fault("queue-overflow", "all 2 buffers"),
    "queue_empty": Fault("queue-empty", "DeQue from an empty queue"),
    "event_exhausted": Fault("event-exhausted", "all 8 event ids"),
    "queue_events_exhausted": Fault("event-exhausted", "FreeTensor needs an event"),
    "queue_never_freed": Fault("queue-leak", "never freed"),
    "queue_never_dequeued": Fault("queue-leak", "still in its queue"),
    "flag_without_set": Fault("flag-pairing", "MTE2_MTE3 with id 0 has no SetFlag", [zeros(16), zeros(16)]),
    "flag_scalar_waits_first": Fault("flag-pairing", "MTE2_S with id 0 has no SetFlag", [zeros(8), zeros(8)]),
    "flag_never_awaited": Fault("flag-pairing", "MTE3_MTE2 with id 0 is never", [zeros(16), zeros(16)]),
    "overlap_shifted": Fault("overlap", "Add writes from byte 32 of UB tensor", [zeros(16), zeros(16)]),
    "overlap_between_repeats": Fault("overlap", "Cast writes", [zeros(256, np.float16), zeros(256)]),
    "overlap_accumulates": Fault("overlap", "Add writes from byte 0", [zeros(256), zeros(64)]),
    "uninitialised_padding": Fault("uninitialised", "on element 5 (byte 20) of UB", [zeros(5), zeros(1)]),
    "uninitialised_copy_out": Fault(
        "uninitialised", "on element 16 (byte 64) of UB", [zeros(16, np.float16), zeros(24)]
    ),
    "uninitialised_last_tile": Fault(
        "uninitialised", "GetValue depends on element 15", [zeros(24), zeros(2)]
    ),
    "uninitialised_compare": Fault("uninitialised", "Compare depends on element 0", [zeros(5), zeros(5)]),
    "uninitialised_select": Fault("uninitialised", "on element 5 (byte 20) of UB", [zeros(5), zeros(6)]),
    "uninitialised_workspace": Fault(
        "uninitialised",
        "on element 0 (byte 0) of GM tensor `workspace`",
        [zeros(1)],
        options={"workspace_bytes": 32},
    ),
    "deadlock": Fault("deadlock", "a block that has ended", block_dim=3),
    "assertion": Fault("assert", "kTiles > 0 does not hold: no tiles for block 0"),
}


def compiled(name: str, faulty: bool) -> Kernel:
    return compile_kernel(FAULTS / f"{name}.cpp", defines={"FAULTY": 1} if faulty else {})


def launch(kernel: Kernel, fault: Fault, checks: str) -> Run:
    # Copies, for the kernels write.
    arrays = [None if array is None else array.copy() for array in fault.arrays]
    return kernel(*arrays, block_dim=fault.block_dim, checks=checks, **fault.options)


def marked_line(path: Path) -> int:
    lines = path.read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if "// FINDING" in line)


def test_every_case_is_listed() -> None:
    assert {path.stem for path in FAULTS.glob("*.cpp")} == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_faulty_kernel_is_found(name: str) -> None:
    fault = CASES[name]
    path = FAULTS / f"{name}.cpp"
    findings = launch(compiled(name, faulty=True), fault, "all").findings
    assert findings
    finding = findings[0]
    assert finding.code == fault.code
    assert fault.message in finding.message
    assert (finding.file, finding.line) == (str(path), marked_line(path))
    if fault.code != "deadlock":  # any of the waiting blocks may be the one that tells
        assert finding.block == fault.block
    # As a reader sees it: kernel, block, place and the line itself.
    source = path.read_text().splitlines()[finding.line - 1].strip()
    assert f"in kernel {finding.kernel}, block {finding.block}, at {path}:{finding.line}" in finding.text
    assert source in finding.text


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("checks", ["all", "none"])
def test_mended_kernel_is_clean(name: str, checks: str) -> None:
    run = launch(compiled(name, faulty=False), CASES[name], checks)
    assert run.findings == []


@pytest.mark.parametrize(
    "name", ["ub_overflow", "too_many_buffers", "event_exhausted", "deadlock", "assertion"]
)
def test_fast_build_refuses_what_would_break_the_host(name: str) -> None:
    fault = CASES[name]
    finding = launch(compiled(name, faulty=True), fault, "none").findings[0]
    assert finding.code == fault.code
    assert fault.message in finding.message


def test_other_blocks_stop() -> None:
    """A finding in one block of many stops the launch, however many blocks wait in SyncAll."""
    kernel = compiled("deadlock", faulty=True)
    for _ in range(20):
        assert kernel(np.zeros(8, np.int32), block_dim=40, threads=2).findings[0].code == "deadlock"
