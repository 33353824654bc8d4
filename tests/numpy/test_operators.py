# SPDX-License-Identifier: Apache-2.0
"""Every operator through the array functions: all values of the half types, many of float32, all layouts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ascend_bce.numpy import binary_cross_entropy, binary_cross_entropy_with_logits
from ascend_bce.simulator import _library as simulator
from cases import DTYPES
from reference import (
    BFLOAT16,
    FLOAT16,
    FLOAT32,
    input_gradient_terms,
    larger,
    loss_terms,
    probability_input_gradient,
    probability_loss_terms,
    probability_target_gradient_terms,
    target_gradient_terms,
    ulp_error,
)

# NaN and infinities among the values of the half types.
pytestmark = pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")

PRECISIONS = {"float32": FLOAT32, "float16": FLOAT16, "bfloat16": BFLOAT16}
HALF_TYPES = ["float16", "bfloat16"]
HALF_LOSS, HALF_GRADIENT = 0.51, 1.0


@pytest.fixture(autouse=True)
def restored_settings():
    yield
    simulator.call("ascend_sim_set_checks", b"none")
    simulator.call("ascend_sim_set_soc", b"Host")


def exact(*arrays):
    return [1.0 if array is None else np.asarray(array).astype(np.float64) for array in arrays]


def assert_within(actual, value, limit, relative_to=None, percentile=None):
    """Compare with float64; `percentile` limits the 99th percentile of the errors too."""
    with np.errstate(over="ignore"):
        in_type = np.asarray(value).astype(actual.dtype).astype(np.float64)
    value = np.where(np.isinf(in_type), in_type, value)
    errors = ulp_error(actual.astype(np.float64), value, PRECISIONS[actual.dtype.name], relative_to)
    worst = errors.argmax()
    assert errors.flat[worst] <= limit, (
        f"{errors.flat[worst]:.3f} ULP at {worst}: got {actual.flat[worst]}, exact {value.flat[worst]!r}"
    )
    assert percentile is None or np.percentile(errors, 99) <= percentile


def every_value(dtype, low=-np.inf, high=np.inf):
    """Return every value of a half type between two, and NaN if nothing bounds them."""
    values = np.arange(2**16, dtype=np.uint16).view(DTYPES[dtype])
    wide = values.astype(np.float64)
    return values[np.isnan(wide) & np.isinf(high) | (wide >= low) & (wide <= high)]


@pytest.mark.parametrize("dtype", HALF_TYPES)
@pytest.mark.parametrize("target", [0.0, 0.25, 0.5, 0.7, 1.0])
@pytest.mark.parametrize("pos_weight", [None, 0.1, 3.0])
def test_every_logit_of_a_half_type(dtype, target, pos_weight):
    x = every_value(dtype)
    t = np.full_like(x, target)
    result = binary_cross_entropy_with_logits(
        x, t, None, pos_weight, "none", return_gradients=["input", "target"]
    )
    arguments = exact(x, t, None, None if pos_weight is None else np.float32(pos_weight))
    assert_within(result.loss, sum(loss_terms(*arguments)), HALF_LOSS)
    terms = input_gradient_terms(*arguments)
    assert_within(result.input, sum(terms), HALF_GRADIENT, larger(terms))
    terms = target_gradient_terms(*arguments)
    assert_within(result.target, sum(terms), HALF_GRADIENT, larger(terms))


@pytest.mark.parametrize("dtype", HALF_TYPES)
@pytest.mark.parametrize("target", [0.0, 0.25, 0.5, 0.7, 1.0])
@pytest.mark.parametrize("weight", [None, 0.3])
def test_every_probability_of_a_half_type(dtype, target, weight):
    x = every_value(dtype, 0, 1)
    t = np.full_like(x, target)
    result = binary_cross_entropy(x, t, weight, "none", return_gradients=["input", "target"])
    arguments = exact(x, t, None if weight is None else np.float32(weight))
    assert_within(result.loss, sum(probability_loss_terms(*arguments)), HALF_LOSS)
    assert_within(result.input, probability_input_gradient(*arguments), HALF_LOSS)
    terms = probability_target_gradient_terms(*arguments)
    assert_within(result.target, sum(terms), HALF_GRADIENT, larger(terms))


SAMPLES = 2**20
LOGITS = {
    "normal": lambda rng: rng.normal(0, 3, SAMPLES),
    "wide": lambda rng: rng.uniform(-20, 20, SAMPLES),
    "widest": lambda rng: rng.uniform(-87, 87, SAMPLES),
}
PROBABILITIES = {
    "uniform": lambda rng: rng.uniform(0, 1, SAMPLES),
    "of normal logits": lambda rng: 1 / (1 + np.exp(rng.normal(0, 3, SAMPLES))),
    "near zero": lambda rng: 10 ** rng.uniform(-30, 0, SAMPLES),
    "near one": lambda rng: 1 - rng.integers(0, 2**12, SAMPLES) * 2.0**-24,
    "near a half": lambda rng: 0.5 + rng.integers(-(2**12), 2**12, SAMPLES) * 2.0**-24,
}
TARGETS = {
    "hard": lambda rng: rng.integers(0, 2, SAMPLES),
    "soft": lambda rng: rng.uniform(0, 1, SAMPLES),
}


@pytest.mark.parametrize("targets", TARGETS)
@pytest.mark.parametrize("probabilities", PROBABILITIES)
@pytest.mark.parametrize("weighted", [False, True])
def test_probabilities_in_float32(probabilities, targets, weighted):
    rng = np.random.default_rng(0)
    x, t = (make(rng).astype(np.float32) for make in (PROBABILITIES[probabilities], TARGETS[targets]))
    weight = rng.uniform(0.01, 10, SAMPLES).astype(np.float32) if weighted else None
    result = binary_cross_entropy(x, t, weight, "none", return_gradients=["input", "target"])
    arguments = exact(x, t, weight)
    assert_within(result.loss, sum(probability_loss_terms(*arguments)), 5.0 if weighted else 3.0, None, 2.1)
    gradient = probability_input_gradient(*arguments)
    assert_within(result.input, gradient, 4.0 if weighted else 3.0, None, 2.1)
    terms = probability_target_gradient_terms(*arguments)
    assert_within(result.target, sum(terms), 4.0, larger(terms), 2.1)


@pytest.mark.parametrize("logits", LOGITS)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("pos_weighted", [False, True])
def test_target_gradient_of_logits_in_float32(logits, weighted, pos_weighted):
    rng = np.random.default_rng(1)
    x = LOGITS[logits](rng).astype(np.float32)
    weight, pos_weight = (
        rng.uniform(0.01, 10, SAMPLES).astype(np.float32) if present else None
        for present in (weighted, pos_weighted)
    )
    result = binary_cross_entropy_with_logits(
        x, np.zeros_like(x), weight, pos_weight, "none", return_gradients="target"
    )
    terms = target_gradient_terms(*exact(x, np.zeros(1), weight, pos_weight))
    if pos_weighted:
        assert_within(result.target, sum(terms), 4.0, larger(terms), 2.1)
    else:
        np.testing.assert_array_equal(result.target, -x if weight is None else -x * weight)


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
