# SPDX-License-Identifier: Apache-2.0
"""The rules of the timing model, each against its arithmetic done by hand with the 910B1's parameters."""

import json
from pathlib import Path

import numpy as np
import pytest

from ascend_bce.simulator import Kernel, Run, SimulatorError, compile_kernel
from timed_kernels import add, copy

HERE = Path(__file__).parent
CYCLE = 1 / 1850  # microseconds
COPY_IN, LATENCY, COPY_OUT = 8192 / 63600, 0.1215, 8192 / 49000  # of a tile of 8 KB
HBM, L2 = 1.6e6, 5.2e6  # bytes per microsecond
MEGABYTE = 2**20


def overhead(cores: int) -> float:
    """Launch and prologue."""
    return 0.46 + (0.164 + 0.1155) * (cores - 1)


def pipes(scenario: int, soc: str = "Ascend910B1") -> Kernel:
    return compile_kernel(HERE / "pipes.cpp", defines={"SCENARIO": scenario}, soc=soc)


def run_pipes(scenario: int, blocks: int = 1, **options: object) -> Run:
    """Without checks, for they would find the copies that do not wait for each other."""
    x, y = np.zeros((2, 2048), np.float32)
    return pipes(scenario)(x, y, block_dim=blocks, timing=True, checks="none", **options)


ADDS = (24 + 32) * CYCLE
IN_TURN = COPY_IN + LATENCY + ADDS + COPY_OUT


@pytest.mark.parametrize(
    ("scenario", "time"),
    [
        pytest.param(0, IN_TURN, id="flags"),
        pytest.param(1, IN_TURN, id="barriers"),
        pytest.param(2, COPY_IN + LATENCY, id="at-once"),
        pytest.param(3, COPY_IN + LATENCY + COPY_OUT, id="scalar-waits"),
        pytest.param(4, 2 * (COPY_IN + LATENCY), id="barrier-of-a-pipe"),
        pytest.param(6, COPY_IN + LATENCY + (5 * 24 + 32 + 2 + 1 + 2 + 1) * CYCLE, id="masked-repeats"),
    ],
)
def test_pipes_wait_for_what_they_are_told(scenario: int, time: float) -> None:
    assert run_pipes(scenario).time_us == pytest.approx(overhead(1) + time, rel=1e-9)


@pytest.mark.parametrize("threads", [1, 4])
def test_cores_wait_for_the_slowest_at_syncall(threads: int) -> None:
    run = run_pipes(5, blocks=7, threads=threads)
    slowest = 6 * COPY_IN + LATENCY
    assert run.time_us == pytest.approx(overhead(7) + slowest + COPY_IN + LATENCY, rel=1e-9)


def test_blocks_beyond_the_cores_run_afterwards() -> None:
    run = run_pipes(0, blocks=50)
    assert run.time_us == pytest.approx(overhead(48) + 2 * IN_TURN, rel=1e-9)


def test_a_second_buffer_hides_what_a_tile_waits_for() -> None:
    tiles = 1024 * 1024 * 2 // 8192
    add_tile = (22 + 2 * 32) * CYCLE
    single = add(1024, 1, 8192, buffers=1)
    double = add(1024, 1, 8192, buffers=2)
    last = LATENCY + add_tile + COPY_OUT
    expected = overhead(1) + tiles * (2 * COPY_IN + LATENCY + add_tile) + COPY_OUT
    assert single.time_us == pytest.approx(expected, rel=1e-9)
    assert double.time_us == pytest.approx(overhead(1) + tiles * 2 * COPY_IN + last, rel=1e-9)
    assert double.pipes["VECTOR"] == pytest.approx(tiles * add_tile, rel=1e-9)
    assert double.bound == "MTE2"


def test_sources_in_other_banks_take_half_the_cycles() -> None:
    tiles = 1024 * 1024 * 2 // 8192
    run = add(1024, 1, 8192, buffers=2, APART=1)
    assert run.pipes["VECTOR"] == pytest.approx(tiles * (22 + 32) * CYCLE, rel=1e-9)


def test_writes_stay_in_the_cache_where_everything_fits() -> None:
    run = add(4096, 48, 16384, buffers=2)  # 32 MB a tensor: 96 of 192 MB
    size = 32 * MEGABYTE
    assert run.bytes == (2 * size, size)
    assert (run.timing.hbm_bytes, run.timing.l2_bytes) == (2 * size, size)
    hbm = 2 * size * (16384 + 1200) / 16384 / HBM
    assert run.timing.memory_us == pytest.approx(hbm + size / L2, rel=1e-9)
    assert run.time_us == pytest.approx(overhead(48) + hbm + size / L2, rel=1e-9)
    assert run.bound == "HBM"


@pytest.mark.parametrize(("bypass", "hbm_megabytes"), [(0, 3 * 72), (1, 2 * 72)])
def test_hints_leave_the_cache_to_the_writes(bypass: int, hbm_megabytes: int) -> None:
    run = add(6144, 48, 16384, buffers=2, BYPASS=bypass)  # 72 MB a tensor
    assert run.timing.hbm_bytes == hbm_megabytes * MEGABYTE
    assert run.timing.hbm_bytes + run.timing.l2_bytes == 3 * 72 * MEGABYTE


def test_what_was_read_before_comes_from_the_cache() -> None:
    run = copy(3072, 48, 1, 16384, passes=5)  # 18 MB
    assert (run.timing.hbm_bytes, run.timing.l2_bytes) == (18 * MEGABYTE, 4 * 18 * MEGABYTE)


def test_what_was_read_before_is_gone_if_more_was_read_since() -> None:
    run = copy(12288, 48, 1, 32768, passes=2)  # 288 MB
    assert (run.timing.hbm_bytes, run.timing.l2_bytes) == (2 * 288 * MEGABYTE, 0)


def test_instructions_are_counted() -> None:
    run = run_pipes(0, blocks=3)
    assert run.instructions == {"DataCopy": 6, "Adds": 3}
    assert run.bytes == (3 * 8192, 3 * 8192)


def test_the_text_says_that_it_is_a_model() -> None:
    short, middle, long = run_pipes(0), add(2048, 1, 8192, buffers=2), add(2048, 1, 8192, buffers=1)
    assert short.timing.error_percent is None
    assert middle.timing.error_percent == long.timing.error_percent == 7
    assert "modelled (too short to be ranked), bound by launch" in str(short.timing)
    assert "us modelled (+-7 %), bound by MTE2" in str(long.timing)
    assert "modelled, not measured" in str(long.timing)
    assert add(2048, 8, 8192, buffers=2).timing.error_percent == 15


def test_unknown_vector_instructions_are_said_to_be_unknown() -> None:
    x, y = np.zeros((2, 2048), np.float32)
    run = pipes(0, "Ascend950")(x, y, timing=True)
    assert run.pipes["VECTOR"] == 0
    assert "vector instructions of Ascend950 are not known" in str(run.timing)


@pytest.mark.parametrize(
    "soc", [path.stem for path in (HERE.parents[2] / "simulator/platform_config").glob("A*.ini")]
)
def test_every_soc_can_be_timed(soc: str) -> None:
    x, y = np.zeros((2, 2048), np.float32)
    assert pipes(0, soc)(x, y, timing=True).time_us > overhead(1) + COPY_IN + LATENCY + COPY_OUT


def test_the_host_is_not_timed() -> None:
    x, y = np.zeros((2, 2048), np.float32)
    with pytest.raises(SimulatorError, match=r"Host\.ini lacks the key Timing\..*choose another SoC"):
        pipes(0, "Host")(x, y, timing=True)


def test_timing_has_to_be_asked_for() -> None:
    x, y = np.zeros((2, 2048), np.float32)
    run = pipes(0)(x, y)
    assert run.timing is None
    with pytest.raises(ValueError, match="timing=True"):
        print(run.time_us)


@pytest.mark.parametrize("scenario", [0, 1])
def test_the_checks_take_no_modelled_time(scenario: int) -> None:
    x, y = np.zeros((2, 2048), np.float32)
    runs = [pipes(scenario)(x, y, timing=True, checks=checks) for checks in ("all", "none")]
    assert runs[0].time_us == runs[1].time_us


def test_a_launch_with_a_finding_has_no_time() -> None:
    x, y = np.zeros((2, 2048), np.float32)
    run = pipes(7)(x, y, timing=True)
    assert [finding.code for finding in run.findings] == ["ub-out-of-bounds"]
    assert run.timing is None


def test_trace(tmp_path: Path) -> None:
    run = add(256, 2, 8192, buffers=2)
    run.save_trace(tmp_path / "trace.json")
    events = json.loads((tmp_path / "trace.json").read_text())["traceEvents"]
    names = {e["pid"]: e["args"]["name"] for e in events if e["name"] == "process_name"}
    assert names == {0: "core0.veccore0", 1: "core0.veccore1", 2: "launch"}
    lanes = {(e["pid"], e["tid"]): e["args"]["name"] for e in events if e["name"] == "thread_name"}
    assert [lanes[0, i] for i in range(4)] == ["SCALAR", "VECTOR", "MTE2", "MTE3"]

    busy: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for event in events:
        if event["ph"] == "X" and event["pid"] < 2:
            key = lanes[event["pid"], event["tid"]], event["name"]
            busy.setdefault(key, []).append((event["ts"], event["ts"] + event["dur"]))
    tiles = 256 * 256 * 2 // 8192
    assert len(busy["MTE2", "DataCopy"]) == 2 * tiles
    assert len(busy["VECTOR", "Add"]) == len(busy["MTE3", "DataCopy"]) == tiles
    assert max(end for spans in busy.values() for _, end in spans) == pytest.approx(
        overhead(2) + run.timing.cores_us
    )


def test_a_trace_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(SimulatorError, match="cannot be written"):
        run_pipes(0).save_trace(tmp_path / "absent" / "trace.json")
