# SPDX-License-Identifier: Apache-2.0
"""Times of what aclnn functions launch."""

from ctypes import c_double
from pathlib import Path

import numpy as np
import pytest

from aclnn_calls import Aclnn
from ascend_bce.simulator import SimulatorError, _library, compile_kernel, timed
from timed_kernels import copy

HERE = Path(__file__).parent
MEGABYTE = 2**20


@pytest.fixture(scope="module")
def aclnn(package_build: Path) -> Aclnn:
    operators = package_build / "vendors/test_ops/op_api/lib/libcust_opapi.so"
    return Aclnn(_library.home() / "lib" / "libascend_simulator.so", operators)


def scaled_add(aclnn: Aclnn, x: np.ndarray, y: np.ndarray | None, z: np.ndarray):
    return aclnn.call("aclnnScaledAdd", aclnn.tensor(x), aclnn.tensor(y), c_double(1), aclnn.tensor(z))


def test_every_launch_is_timed_on_the_soc_that_was_asked_for(aclnn):
    x, z = np.ones(100_000, np.float32), np.zeros(100_000, np.float32)
    soc = _library.load().ascend_sim_get_soc()
    times = {}
    for name in "Ascend910B1", "Ascend910B4-1":
        with timed(name) as launches:
            assert scaled_add(aclnn, x, x, z).status == 0
            assert scaled_add(aclnn, x, None, z).status == 0
        assert [launch.soc for launch in launches] == [name, name]
        assert [launch.kernel for launch in launches] == ["scaled_add", "scaled_add"]
        assert launches[0].bytes == (2 * x.nbytes, x.nbytes)
        assert launches[1].bytes == (x.nbytes, x.nbytes)
        assert launches.time_us == launches[0].time_us + launches[1].time_us
        assert launches.untimed_steps == 0
        assert "modelled, not measured" in str(launches)
        times[name] = launches.time_us
    np.testing.assert_array_equal(z, x)
    assert times["Ascend910B1"] != times["Ascend910B4-1"]
    assert _library.load().ascend_sim_get_soc() == soc


def test_launches_share_the_cache_of_their_block_only(aclnn):
    x, y, z = (np.zeros(MEGABYTE, np.float32) for _ in range(3))
    for _ in range(2):  # the second block begins cold again
        with timed("Ascend910B1") as launches:
            scaled_add(aclnn, x, y, z)
            scaled_add(aclnn, x, z, y)
        first, second = launches
        assert (first.hbm_bytes, first.l2_bytes) == (2 * x.nbytes, x.nbytes)
        assert (second.hbm_bytes, second.l2_bytes) == (0, 3 * x.nbytes)


def test_what_a_launch_pushed_out_is_read_again(aclnn):
    x, y, z = (np.zeros(16 * MEGABYTE, np.float32) for _ in range(3))  # 64 MB each: all fill the cache
    other = np.zeros(16 * MEGABYTE, np.float32)
    with timed("Ascend910B1") as launches:
        scaled_add(aclnn, x, y, z)
        scaled_add(aclnn, other, None, other)
        scaled_add(aclnn, x, None, z)
    # 64 MB of another tensor have come in since.
    assert launches[2].hbm_bytes > 0


def test_compiled_kernels_share_the_cache():
    kernel = compile_kernel(HERE / "pipes.cpp", defines={"SCENARIO": 0})
    x, y = np.zeros((2, 2048), np.float32)
    with timed("Ascend910B1") as launches:
        runs = [kernel(x, y, timing=True, checks="none") for _ in range(2)]
        assert copy(64, 1, 1, 8192).bytes == (8192, 0)
    assert launches == []
    assert [run.timing.hbm_bytes for run in runs] == [8192, 0]
    assert kernel(x, y, timing=True).timing.hbm_bytes == 8192


def test_casts_of_the_runtime_are_counted(aclnn):
    x = np.ones((300, 200), np.float32)
    z = np.zeros((200, 300), np.float32)
    with timed("Ascend910B1") as launches:
        assert scaled_add(aclnn, x.T, z, z).status == 0
    assert launches.untimed_steps == 1
    assert "1 casts or copies are not among them" in str(launches)


def test_blocks_do_not_nest_and_need_a_soc_with_timing():
    soc = _library.load().ascend_sim_get_soc()
    with timed("Ascend910B1"):
        with pytest.raises(SimulatorError, match="timed already"), timed("Ascend910B4"):
            pass
        assert _library.load().ascend_sim_get_soc() == b"Ascend910B1"
    with pytest.raises(SimulatorError, match=r"Host\.ini lacks the key"), timed("Host"):
        pass
    with pytest.raises(SimulatorError, match="Ascend911"), timed("Ascend911"):
        pass
    assert _library.load().ascend_sim_get_soc() == soc
