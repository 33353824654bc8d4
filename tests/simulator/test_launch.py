# SPDX-License-Identifier: Apache-2.0
"""Blocks, threads, meeting points, tiling data and queues."""

import ctypes
import multiprocessing
import os
import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from ascend_bce.simulator import Kernel, SimulatorError, _library, compile_kernel

KERNELS = Path(__file__).parent / "kernels"
both_builds = pytest.mark.parametrize("checks", ["all", "none"])


def ring(blocks: int, checks: str = "none", threads: int = 0, **defines: object) -> None:
    """Launch the ring and compare every block's sum."""
    kernel = compile_kernel(KERNELS / "ring.cpp", defines=defines)
    slots, sums = np.zeros((2, blocks), np.int32)
    signals = np.zeros(32 * blocks, np.uint8)
    run = kernel(slots, sums, workspace=signals, block_dim=blocks, checks=checks, threads=threads)
    assert run.findings == []
    neighbours = (np.arange(blocks) + 1) % blocks
    np.testing.assert_array_equal(sums, 3 * neighbours + 1000 * (0 + 1 + 2))


@both_builds
@pytest.mark.parametrize("blocks", [1, 2, 7, 48])
@pytest.mark.parametrize("threads", [0, 1, 2, 100])
def test_blocks_meet_however_few_threads_there_are(blocks: int, threads: int, checks: str) -> None:
    ring(blocks, checks, threads)


@both_builds
def test_blocks_meet_in_software(checks: str) -> None:
    ring(12, checks, SOFTWARE=1)


def test_software_meeting_needs_room_for_every_core() -> None:
    kernel = compile_kernel(KERNELS / "ring.cpp", defines={"SOFTWARE": 1})
    slots, sums = np.zeros((2, 4), np.int32)
    finding = kernel(slots, sums, workspace_bytes=3 * 32, block_dim=4).findings[0]
    assert finding.code == "gm-out-of-bounds"
    assert "`workspace` (96 bytes): 32 past its end" in finding.message


def test_launches_from_several_threads() -> None:
    ring(9)  # compiles
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda blocks: ring(blocks), range(1, 40)))


def launch_in_child() -> None:
    ring(16, threads=4)


def test_launch_after_fork() -> None:
    ring(16, threads=4)
    process = multiprocessing.get_context("fork").Process(target=launch_in_child)
    process.start()
    process.join()
    assert process.exitcode == 0


BODY = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
TEAM = ctypes.CFUNCTYPE(None, ctypes.c_uint32, BODY, ctypes.c_void_p)


@contextmanager
def team_of(threads: int) -> Iterator[list[int]]:
    """Lend launches of this thread that many, this one included; yields how many were wanted each time."""
    wanted = []

    @TEAM
    def run(at_most: int, body: object, context: int) -> None:
        wanted.append(at_most)
        with ThreadPoolExecutor(threads) as pool:
            for _ in range(threads - 1):
                pool.submit(body, context)
            body(context)

    use = _library.load().ascend_sim_use_thread_team
    use.restype = ctypes.c_void_p
    before = use(run)
    try:
        yield wanted
    finally:
        assert use(ctypes.c_void_p(before)) == ctypes.cast(run, ctypes.c_void_p).value


@both_builds
@pytest.mark.parametrize("lent", [1, 2, 3, 9])
@pytest.mark.parametrize("blocks", [1, 2, 3, 12])
def test_blocks_meet_on_lent_threads(blocks: int, lent: int, checks: str) -> None:
    with team_of(lent) as wanted:
        ring(blocks, checks, threads=3)
    assert wanted == ([] if blocks == 1 else [min(3, blocks)])
    ring(blocks, checks, threads=3)
    assert len(wanted) < 2


def test_lent_threads_are_not_asked_for_after_fork() -> None:
    with team_of(4) as wanted:
        ring(16, threads=4)

        def launch_in_child() -> None:
            ring(16, threads=4)
            assert len(wanted) == 1

        process = multiprocessing.get_context("fork").Process(target=launch_in_child)
        process.start()
        process.join()
        assert process.exitcode == 0


@both_builds
@pytest.mark.parametrize("element", ["float", "int32_t", "int16_t"])
@pytest.mark.parametrize(
    ("combine", "expected"), [("SetAtomicAdd", np.sum), ("SetAtomicMax", np.max), ("SetAtomicMin", np.min)]
)
def test_atomic_copies(element: str, combine: str, expected: object, checks: str) -> None:
    dtype = {"float": np.float32, "int32_t": np.int32, "int16_t": np.int16}[element]
    kernel = compile_kernel(KERNELS / "atomic.cpp", defines={"ELEMENT": element, "COMBINE": combine})
    # Whole numbers, so that the order of additions does not matter.
    rows = np.random.default_rng(0).integers(-100, 100, (50, 24)).astype(dtype)
    y = np.full(24, 3, dtype)
    assert kernel(rows.copy(), y, block_dim=50, threads=4, checks=checks).findings == []
    np.testing.assert_array_equal(y, expected(np.vstack([rows, np.full((1, 24), 3, dtype)]), axis=0))


@both_builds
@pytest.mark.parametrize(
    ("key", "tiling", "expected"),
    [
        (1, struct.pack("<I3H2x", 70000, 1, 2, 3), [70000, 3]),
        (10_000_000_000, struct.pack("<QI3H6x", 99, 5, 1, 2, 3), [99, 5]),
        (3, struct.pack("<QI3H6x", 99, 5, 1, 2, 3), [5, 2]),
        (4, b"", [0, 0]),
    ],
)
def test_tiling_data_and_keys(key: int, tiling: bytes, expected: list[int], checks: str) -> None:
    kernel = compile_kernel(KERNELS / "tiling.cpp", entry="read")
    y = np.zeros(2, np.uint32)
    assert kernel(y, tiling=tiling, tiling_key=key, checks=checks).findings == []
    assert y.tolist() == expected


def test_short_tiling_data_is_found() -> None:
    kernel = compile_kernel(KERNELS / "tiling.cpp", entry="read")
    finding = kernel(np.zeros(2, np.uint32), tiling=bytes(8), tiling_key=1).findings[0]
    assert finding.code == "gm-out-of-bounds"
    assert "GET_TILING_DATA reads bytes [0, 12) of GM tensor `tiling` (8 bytes)" in finding.message


@both_builds
def test_entry_with_template_arguments(checks: str) -> None:
    y = np.zeros(1, np.float32)
    kernel = compile_kernel(KERNELS / "tiling.cpp", entry="scaled<float, 3>")
    assert kernel(y, tiling=struct.pack("<QI3H2x", 14, 0, 0, 0, 0), checks=checks).findings == []
    assert y[0] == 42


@both_builds
def test_queues_and_buffers(checks: str) -> None:
    y = np.full(64, -1, np.int32)
    assert compile_kernel(KERNELS / "queues.cpp")(y, checks=checks).findings == []
    expected = [32, 128, 2, 1, 0, 128, 1, 256, 128, 64, 0, 1, 0]  # the queue
    expected += [384, 24, 5, 416, 416, 96, 8]  # the buffer
    expected += [1, 0, 0]  # events, Reset
    assert y.tolist() == expected + [-1] * (64 - len(expected))


@both_builds
def test_local_memory_without_pipe(checks: str) -> None:
    x, y = np.arange(16, dtype=np.float32), np.zeros(32, np.float32)
    kernel = compile_kernel(KERNELS / "local_memory.cpp")
    assert kernel(x, None, y, block_dim=2, checks=checks).findings == []
    expected = np.tile(x.reshape(2, 1, 8), (1, 2, 1)).reshape(-1)
    expected[16] = (32 + 32) / 4  # two blocks of 32 bytes lie before the second tensor
    np.testing.assert_array_equal(y, expected)


def test_profiles() -> None:
    def figures(soc: str) -> tuple[int, int]:
        kernel = compile_kernel(KERNELS / "queues.cpp", soc=soc)
        return kernel.vector_cores, kernel.ub_size

    assert figures("Ascend910B1") == (48, 192 * 1024 - 256)
    assert figures("Ascend910B4") == (40, 192 * 1024 - 256)
    assert figures("Ascend950") == (64, 248 * 1024 - 256)
    threads = int(os.environ.get("OMP_NUM_THREADS", len(os.sched_getaffinity(0))))
    assert figures("Host")[0] == threads
    assert figures("Host")[1] % 1024 == 0


def test_bad_requests() -> None:
    with pytest.raises(SimulatorError, match=r'no SoC profile "Ascend1" \(there are: Ascend910B1, .*Host'):
        compile_kernel(KERNELS / "queues.cpp", soc="Ascend1")
    with pytest.raises(ValueError, match=r"several kernels \(scaled, read\)"):
        compile_kernel(KERNELS / "tiling.cpp")
    with pytest.raises(ValueError, match="does not define write"):
        compile_kernel(KERNELS / "tiling.cpp", entry="write")
    kernel: Kernel = compile_kernel(KERNELS / "ring.cpp")
    one = np.zeros(1, np.int32)
    with pytest.raises(ValueError, match=r"ring\(slots, sums, workspace, tiling\) was called with 1 arrays"):
        kernel(one)
    with pytest.raises(ValueError, match="launch at least one block"):
        kernel(one, one.copy(), block_dim=0)
    with pytest.raises(ValueError, match="slots must be C-contiguous"):
        kernel(np.zeros(4, np.int32)[::2], one)
    with pytest.raises(ValueError, match=r"there is no check 'some'; use .* some of: bounds, alignment"):
        kernel(one, one.copy(), checks="some")
    with pytest.raises(ValueError, match=r"outputs: 'total' is none of the parameters slots, sums"):
        kernel(one, one.copy(), outputs=["total"])
    with pytest.raises(ValueError, match="workspace is in the place of workspace_bytes"):
        kernel(one, one.copy(), workspace_bytes=32, workspace=np.zeros(8, np.int32))


def test_workspace_of_the_caller() -> None:
    """It is passed as it is, and counts as written."""
    kernel = compile_kernel(
        KERNELS.parents[1] / "zoo" / "uninitialised" / "workspace-not-zeroed" / "kernel.cpp"
    )
    x, y, workspace = np.arange(1024, dtype=np.float32), np.zeros(1, np.float32), np.zeros(32, np.float32)
    tiling = np.uint32(x.size).tobytes()
    workspace[0] = 7
    assert kernel(x, y, workspace=workspace, tiling=tiling, block_dim=4).findings == []
    assert workspace[0] == y[0] == 7 + x.sum()


@pytest.mark.parametrize("scalar", [0, 1], ids=["copied", "by element"])
@pytest.mark.parametrize(("first", "does"), [("x", "reads"), ("y", "writes")])
def test_neighbour_in_one_allocation_is_out_of_bounds(first: str, does: str, scalar: int) -> None:
    """To the byte: what lies behind the one argument is the other, not its own."""
    kernel = compile_kernel(KERNELS / "neighbours.cpp")

    def launch(index: int, count: int) -> tuple[list[str], list[str], np.ndarray, np.ndarray]:
        memory = np.arange(42, dtype=np.uint8)
        arrays = {"x": memory[:21], "y": memory[21:]}
        if first == "y":
            arrays = {"x": memory[21:], "y": memory[:21]}
        start = {"x": (index, 0), "y": (0, index)}[first]
        tiling = np.array([*start, count, scalar], np.uint32).tobytes()
        findings = kernel(arrays["x"], arrays["y"], tiling=tiling).findings
        return [f.code for f in findings], [f.message for f in findings], arrays["x"], arrays["y"]

    for index, count in ((13, 8), (20, 1)):
        codes, _, x, y = launch(index, count)
        assert codes == []
        read, written = (index, 0) if first == "x" else (0, index)
        np.testing.assert_array_equal(y[written : written + count], x[read : read + count])
    for index, count in ((14, 8), (21, 1)):
        codes, messages, x, _ = launch(index, count)
        assert codes == ["gm-out-of-bounds"]
        begin = 21 if scalar else index
        assert f"{does} bytes [{begin}, 22) of GM tensor `{first}` (21 bytes): 1 past its end" in messages[0]
        # What should not have been written was not.
        np.testing.assert_array_equal(x, np.arange(21) + (21 if first == "y" else 0))


@pytest.mark.parametrize("block_dim", [2, 4, 8])
@pytest.mark.parametrize("gap", [0, 16, 4096], ids="gap of {}".format)
def test_tensor_made_past_the_end_of_an_argument_is_not_the_next_ones(gap: int, block_dim: int) -> None:
    """Wherever that begins: it was meant for a share of the first, and computed wrong."""
    case = KERNELS.parents[1] / "zoo" / "gm-out-of-bounds" / "share-counted-in-bytes"
    memory = np.arange(3 * (4096 + gap // 2), dtype=np.uint16).view(np.float16)
    before = memory.copy()

    def arrays(memory: np.ndarray) -> list[np.ndarray]:
        return [memory[start:][:4096] for start in range(0, memory.size, 4096 + gap // 2)]

    run = compile_kernel(case / "kernel.cpp")(
        *arrays(memory), tiling=struct.pack("<2I", 4096, 256), block_dim=block_dim
    )
    assert {finding.code for finding in run.findings} == {"gm-out-of-bounds"}
    # The tensors of the block in the middle begin with the end, those of later ones behind it.
    found = {(f.tensor.name, f.tensor.address) for f in run.findings if f.block == block_dim // 2}
    assert found == {(name, array.ctypes.data) for name, array in zip("xyz", arrays(memory), strict=True)}
    assert all(f.tensor.name == "" for f in run.findings if f.block > block_dim // 2)
    # Every other share is added, and nobody has written anything else.
    x, y, z = arrays(before)
    share = 4096 // block_dim
    for start in range(0, 4096, 2 * share):
        z[start : start + share] = (x + y)[start : start + share]
    np.testing.assert_array_equal(memory.view(np.uint16), before.view(np.uint16))


def test_what_is_out_of_bounds_is_in_no_race() -> None:
    """It is not executed: whose bytes lie there is chance, though here another block writes them."""
    memory = np.zeros(3 * 8192, np.uint8)
    x, y = memory[:64], memory[2 * 8192 :][:64]  # too far apart for y to be moved
    tiling = np.array([2 * 8192, 0, 32, 0], np.uint32).tobytes()
    run = compile_kernel(KERNELS / "neighbours.cpp")(x, y, tiling=tiling, block_dim=2)
    assert [(finding.code, finding.tensor.name) for finding in run.findings] == [("gm-out-of-bounds", "x")]
    assert (y[:32] == 0xFF).all(), "what was not read is not what another launch has left in unified buffer"
