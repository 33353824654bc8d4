# SPDX-License-Identifier: Apache-2.0
"""Every operator through the array functions: all lengths and layouts, and weights that mask."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascend_bce.numpy import binary_cross_entropy, binary_cross_entropy_with_logits
from ascend_bce.simulator import _library as simulator
from cases import DTYPES


@pytest.fixture(autouse=True)
def restored_settings():
    yield
    simulator.call("ascend_sim_set_checks", b"none")
    simulator.call("ascend_sim_set_soc", b"Host")


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("soc", ["Host", "Ascend910B1"])
def test_an_element_does_not_depend_on_the_length(dtype, soc):
    """Tails of every length up to a repeat, and around what a lane row, a chunk and a tile hold."""
    rng = np.random.default_rng(2)
    count = 30_011
    x, t = (rng.uniform(0, 1, count).astype(DTYPES[dtype]) for _ in range(2))
    weight, pos_weight = (rng.uniform(0, 9, count).astype(np.float32) for _ in range(2))
    whole = compute(x, t, weight, pos_weight)
    simulator.call("ascend_sim_set_soc", soc.encode())
    simulator.call("ascend_sim_set_checks", b"all")
    for length in [*range(1, 67), 1023, 1024, 1025, 4097, 8191, 8192, 8193, 16_385, 30_010]:
        parts = compute(x[:length], t[:length], weight[:length], pos_weight[:length])
        for part, full in zip(parts, whole, strict=True):
            np.testing.assert_array_equal(part.view(np.uint8), full[:length].view(np.uint8))


@settings(max_examples=300)
@given(st.data())
def test_broadcast_weights_are_as_good_as_expanded_ones(data):
    shape = data.draw(
        st.one_of(
            st.lists(st.integers(1, 4), max_size=8),
            st.tuples(st.integers(1, 40), st.integers(1, 300)),
            st.tuples(st.integers(1, 5), st.integers(1, 33), st.integers(1, 70)),
        )
    )
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    dtype = DTYPES[data.draw(st.sampled_from(list(DTYPES)))]
    x, t = (np.asarray(rng.uniform(0, 1, shape)).astype(dtype) for _ in range(2))
    compact = []
    for _ in range(2):
        leading = data.draw(st.integers(0, len(shape)))
        sizes = [1 if data.draw(st.booleans()) else size for size in shape[leading:]]
        compact.append(np.asarray(rng.uniform(0, 9, sizes), np.float32))
    expanded = [np.broadcast_to(weight, shape).copy() for weight in compact]
    simulator.call("ascend_sim_set_checks", b"all" if data.draw(st.booleans()) else b"none")
    results = compute(x, t, *compact), compute(x, t, *expanded)
    for one, other in zip(*results, strict=True):
        np.testing.assert_array_equal(one, other)


def compute(x, t, weight, pos_weight):
    """Return losses and gradients of both operators on the same numbers."""
    options = {"reduction": "none", "return_gradients": ["input", "target"]}
    logits = binary_cross_entropy_with_logits(x, t, weight, pos_weight, **options)
    probabilities = binary_cross_entropy(x, t, weight, **options)
    return [*map(np.asarray, (*logits[:3], *probabilities[:3]))]


@pytest.mark.parametrize("reduction", ["none", "sum"])
def test_a_weight_of_zero_masks_an_infinite_loss(reduction):
    x = np.float32([np.inf, -np.inf, -np.inf, np.inf, 1])
    t, weight = np.float32([0, 1, 1, 1, 0]), np.float32([0, 0, 0, 2, 1])
    for pos_weight in None, np.float32(3):
        loss = binary_cross_entropy_with_logits(x, t, weight, pos_weight, reduction)
        exact = np.array([0, 0, 0, 0, np.log1p(np.e)])
        np.testing.assert_allclose(loss, exact if reduction == "none" else exact.sum(), rtol=1e-6)


@pytest.mark.parametrize("columns", [8, 16, 24, 64, 72, 100, 128, 1000, 2040, 2048])
@pytest.mark.parametrize("leading", [(), (3,)])
def test_a_weight_for_every_row_is_the_same_as_one_for_every_element(columns, leading):
    rng = np.random.default_rng(6)
    rows = 40_000 // columns + 1
    shape = (*leading, rows, columns)
    x, t = rng.normal(0, 3, shape).astype(np.float32), rng.uniform(0, 1, shape).astype(np.float32)
    weight, pos_weight = rng.uniform(0.5, 2, (2, rows, 1)).astype(np.float32)
    whole = [np.broadcast_to(operand, shape).copy() for operand in (weight, pos_weight)]
    for reduction in ("none", "mean"):
        by_row, by_element = (
            binary_cross_entropy_with_logits(
                x, t, w, reduction=reduction, pos_weight=p, return_gradients=("input",)
            )
            for w, p in ((weight, pos_weight), whole)
        )
        for ours, expected in zip(by_row, by_element, strict=True):
            np.testing.assert_array_equal(ours, expected)
