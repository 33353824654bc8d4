# SPDX-License-Identifier: Apache-2.0
"""Every operator gives the same bits in program order and in adversarial schedules."""

import numpy as np
import pytest

from ascend_bce.numpy import binary_cross_entropy, binary_cross_entropy_with_logits
from ascend_bce.simulator import _library as simulator
from cases import CASES, DTYPES, LOGITS, PROBABILITIES, REDUCTIONS

SEEDS = range(4)


@pytest.fixture(autouse=True)
def restored_settings():
    yield
    simulator.call("ascend_sim_set_soc", b"Host")


def assert_same_bits(compute, monkeypatch):
    """Compare what `compute` returns in program order with what it does under every seed."""
    expected = compute()
    monkeypatch.setenv("ASCEND_SIM_SCHEDULE", "adversarial")
    for seed in SEEDS:
        monkeypatch.setenv("ASCEND_SIM_SEED", str(seed))
        for name, result in compute()._asdict().items():
            reference = getattr(expected, name)
            assert (result is None) == (reference is None)
            if result is not None:
                np.testing.assert_array_equal(bits(result), bits(reference), f"{name}, seed {seed}")


def bits(array):
    return np.asarray(array).reshape(-1).view(np.uint8)


@pytest.mark.parametrize("case", CASES[::7], ids=str)
def test_case(case, monkeypatch):
    input, target, weight, pos_weight = case.arguments()
    names = ["input", "target"]

    def compute():
        if case.loss == LOGITS:
            return binary_cross_entropy_with_logits(
                input, target, weight, pos_weight, case.reduction, return_gradients=names
            )
        return binary_cross_entropy(input, target, weight, case.reduction, return_gradients=names)

    assert_same_bits(compute, monkeypatch)


@pytest.mark.parametrize("soc", ["Ascend910B1", "Host"])
@pytest.mark.parametrize("loss", [LOGITS, PROBABILITIES])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("weights", [None, (1, 77), (1301, 77)], ids=["plain", "row", "full"])
def test_many_tiles(soc, loss, dtype, reduction, weights, monkeypatch):
    """Several tiles in every block, the last of them short, and buffers that are used again and again."""
    simulator.call("ascend_sim_set_soc", soc.encode())
    rng = np.random.default_rng(5)
    shape = (1301, 77)
    x = (rng.normal(0, 3, shape) if loss == LOGITS else rng.uniform(0, 1, shape)).astype(DTYPES[dtype])
    t = rng.uniform(0, 1, shape).astype(DTYPES[dtype])
    w, p = (None if weights is None else rng.uniform(0.5, 2, weights).astype(np.float32) for _ in "wp")

    def compute():
        if loss == LOGITS:
            return binary_cross_entropy_with_logits(
                x, t, w, p, reduction, return_gradients=["input", "target"]
            )
        return binary_cross_entropy(x, t, w, reduction, return_gradients=["input", "target"])

    assert_same_bits(compute, monkeypatch)
