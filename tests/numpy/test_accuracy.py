# SPDX-License-Identifier: Apache-2.0
"""The accuracy that docs/accuracy.md promises: every value of the half types, many of float32, long sums."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import accuracy
from accuracy import (
    INPUT_GRADIENT,
    LOSS,
    MEAN,
    PERCENTILE_99,
    PROBABILITY_INPUT_GRADIENT,
    PROBABILITY_LOSS,
    PROBABILITY_TARGET_GRADIENT,
    SCALED_PERCENTILE_99,
    SUM,
    TARGET_GRADIENT,
)
from ascend_bce.numpy import binary_cross_entropy, binary_cross_entropy_with_logits
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
    present = {"pos_weight": pos_weight is not None}
    assert_within(result.loss, sum(loss_terms(*arguments)), LOSS.limit(dtype, **present))
    terms = input_gradient_terms(*arguments)
    assert_within(result.input, sum(terms), INPUT_GRADIENT.limit(dtype, **present), larger(terms))
    terms = target_gradient_terms(*arguments)
    assert_within(result.target, sum(terms), TARGET_GRADIENT.limit(dtype, **present), larger(terms))


@pytest.mark.parametrize("dtype", HALF_TYPES)
@pytest.mark.parametrize("target", [0.0, 0.25, 0.5, 0.7, 1.0])
@pytest.mark.parametrize("weight", [None, 0.3])
def test_every_probability_of_a_half_type(dtype, target, weight):
    x = every_value(dtype, 0, 1)
    t = np.full_like(x, target)
    result = binary_cross_entropy(x, t, weight, "none", return_gradients=["input", "target"])
    arguments = exact(x, t, None if weight is None else np.float32(weight))
    present = {"weight": weight is not None}
    assert_within(
        result.loss, sum(probability_loss_terms(*arguments)), PROBABILITY_LOSS.limit(dtype, **present)
    )
    gradient = probability_input_gradient(*arguments)
    assert_within(result.input, gradient, PROBABILITY_INPUT_GRADIENT.limit(dtype, **present))
    terms = probability_target_gradient_terms(*arguments)
    limit = PROBABILITY_TARGET_GRADIENT.limit(dtype, **present)
    assert_within(result.target, sum(terms), limit, larger(terms))


SAMPLES = 2**21


def logits(rng):
    """Return logits of four distributions in equal shares."""
    return np.concatenate(
        [
            rng.normal(0, 3, SAMPLES // 4),
            rng.normal(0, 1e-3, SAMPLES // 4),
            rng.uniform(-20, 20, SAMPLES // 4),
            rng.uniform(-70, 70, SAMPLES // 4),  # so that products with weights are normal numbers
        ]
    ).astype(np.float32)


def probabilities(rng):
    """Return probabilities of four distributions in equal shares."""
    return np.concatenate(
        [
            1 / (1 + np.exp(rng.normal(0, 3, SAMPLES // 4))),
            10 ** rng.uniform(-30, 0, SAMPLES // 4),
            1 - rng.integers(0, 2**12, SAMPLES // 4) * 2.0**-24,
            0.5 + rng.integers(-(2**12), 2**12, SAMPLES // 4) * 2.0**-24,
        ]
    ).astype(np.float32)


TARGETS = {
    "hard": lambda rng: rng.integers(0, 2, SAMPLES),
    "soft": lambda rng: rng.uniform(0, 1, SAMPLES),
}
WEIGHTED = [(False, False), (True, False), (False, True), (True, True)]


@pytest.mark.parametrize("targets", TARGETS)
@pytest.mark.parametrize(("weighted", "pos_weighted"), WEIGHTED)
@pytest.mark.parametrize("scaled", [False, True])
def test_logits_in_float32(targets, weighted, pos_weighted, scaled):
    rng = np.random.default_rng(0)
    x, t = logits(rng), TARGETS[targets](rng).astype(np.float32)
    weight, pos_weight = (
        np.float32(10 ** rng.uniform(-3, 3, SAMPLES)) if present else None
        for present in (weighted, pos_weighted)
    )
    grad_output = np.float32(rng.uniform(0.1, 10, SAMPLES)) if scaled else None
    result = binary_cross_entropy_with_logits(
        x, t, weight, pos_weight, "none", return_gradients=["input", "target"], grad_output=grad_output
    )
    arguments = exact(x, t, weight, pos_weight)
    present = weighted, pos_weighted
    if not scaled:
        assert_within(
            result.loss, sum(loss_terms(*arguments)), LOSS.limit("float32", *present), None, PERCENTILE_99
        )
    arguments += exact(grad_output)
    percentile = SCALED_PERCENTILE_99 if scaled else PERCENTILE_99
    for actual, terms, row in (
        (result.input, input_gradient_terms(*arguments), INPUT_GRADIENT),
        (result.target, target_gradient_terms(*arguments), TARGET_GRADIENT),
    ):
        limit = row.limit("float32", *present, scaled)
        assert_within(actual, sum(terms), limit, larger(terms), percentile)


@pytest.mark.parametrize("targets", TARGETS)
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("scaled", [False, True])
def test_probabilities_in_float32(targets, weighted, scaled):
    rng = np.random.default_rng(0)
    x, t = probabilities(rng), TARGETS[targets](rng).astype(np.float32)
    weight = rng.uniform(0.01, 10, SAMPLES).astype(np.float32) if weighted else None
    grad_output = np.float32(rng.uniform(0.1, 10, SAMPLES)) if scaled else None
    result = binary_cross_entropy(
        x, t, weight, "none", return_gradients=["input", "target"], grad_output=grad_output
    )
    arguments = exact(x, t, weight)
    if not scaled:
        limit = PROBABILITY_LOSS.limit("float32", weighted)
        assert_within(result.loss, sum(probability_loss_terms(*arguments)), limit, None, PERCENTILE_99)
    arguments += exact(grad_output)
    percentile = SCALED_PERCENTILE_99 if scaled else PERCENTILE_99
    gradient = probability_input_gradient(*arguments)
    limit = PROBABILITY_INPUT_GRADIENT.limit("float32", weighted, scaled=scaled)
    assert_within(result.input, gradient, limit, None, percentile)
    terms = probability_target_gradient_terms(*arguments)
    limit = PROBABILITY_TARGET_GRADIENT.limit("float32", weighted, scaled=scaled)
    assert_within(result.target, sum(terms), limit, larger(terms), percentile)


def test_the_gradient_for_the_target_is_exact_without_weights():
    x, t = logits(np.random.default_rng(1)), np.zeros(SAMPLES, np.float32)
    result = binary_cross_entropy_with_logits(x, t, reduction="none", return_gradients="target")
    np.testing.assert_array_equal(result.target, -x)


LONG, PERIOD = 2**26, 2**16


def test_the_exception_of_a_pos_weight_that_leads_beyond_the_largest_float():
    """Where a later weight makes finite again what `pos_weight` made infinite; the smaller logit is fine."""
    x, weight = np.float32([[-3e38, -3e37]] * 2), np.float32([[0.05], [0]])
    result = binary_cross_entropy_with_logits(
        x, np.ones_like(x), weight, np.float32(10), reduction="none", return_gradients=("target",)
    )
    np.testing.assert_allclose(result.loss, [[np.inf, 1.5e37], [0, 0]], rtol=1e-6)
    np.testing.assert_allclose(result.target, [[np.inf, 1.5e37], [np.nan, 0]], rtol=1e-6)


@pytest.mark.parametrize("logit", [None, 0.0, -0.3, 1.7, 5.25])
def test_sum_and_mean_of_many_losses(logit):
    if logit is None:
        rng = np.random.default_rng(3)
        x = rng.uniform(-10, 10, PERIOD).astype(np.float32)
        t = rng.integers(0, 2, PERIOD).astype(np.float32)
    else:  # the errors of equal losses add up instead of cancelling out
        x, t = np.full(PERIOD, logit, np.float32), np.zeros(PERIOD, np.float32)
    total = sum(loss_terms(*exact(x, t, None, None))).sum() * (LONG // PERIOD)
    x, t = np.tile(x, LONG // PERIOD), np.tile(t, LONG // PERIOD)
    for reduction, divisor, more in ("sum", 1, SUM), ("mean", LONG, MEAN):
        result = binary_cross_entropy_with_logits(x, t, reduction=reduction)
        limit = LOSS.limit("float32") + more
        assert_within(np.atleast_1d(result), np.atleast_1d(total / divisor), limit)


@pytest.mark.parametrize("target", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("weighted", [False, True])
def test_sums_of_equal_losses(target, weighted):
    """Their errors are the same, so the logarithm of eight of them gets all it can of each."""
    logits = np.random.default_rng(5).uniform(-16, 16, 4000)
    # Near 0 the product of eight is so large that what its rounding lost must be divided by it.
    logits = np.concatenate([logits, np.linspace(-1, 1, 2001)]).astype(np.float32)
    t, weight = np.full(512, target, np.float32), np.float32(1.7) if weighted else None
    sums = [
        binary_cross_entropy_with_logits(np.full_like(t, logit), t, weight, reduction="sum")
        for logit in logits
    ]
    value = 512 * sum(loss_terms(*exact(logits, t[0], weight, None)))
    assert_within(np.array(sums), value, LOSS.limit("float32", weighted) + SUM, percentile=3)


ROOT = Path(__file__).parents[2]


def test_the_document_has_the_same_figures():
    text = (ROOT / "docs" / "accuracy.md").read_text()
    assert accuracy.markdown() in text
    for figure in PERCENTILE_99, SCALED_PERCENTILE_99:
        assert f" {figure}" in text


@pytest.mark.parametrize("loss", ["binary_cross_entropy_with_logits", "binary_cross_entropy"])
def test_the_documentation_of_every_loss_has_the_same_figures(loss):
    logits = loss.endswith("logits")
    promise = accuracy.logits_docstring() if logits else accuracy.probabilities_docstring()
    documented = 0
    for path in (ROOT / "python" / "ascend_bce").rglob("*.py"):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and node.name == loss:
                text = " ".join((ast.get_docstring(node) or "").split())
                assert promise in text, path
                documented += 1
    assert documented == 4


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("with_logits", LOSS),
        ("with_logits_backward", INPUT_GRADIENT),
        ("with_logits_target_backward", TARGET_GRADIENT),
        ("with_logits_loss_and_gradient", INPUT_GRADIENT),
        ("", PROBABILITY_LOSS),
        ("backward", PROBABILITY_INPUT_GRADIENT),
        ("target_backward", PROBABILITY_TARGET_GRADIENT),
    ],
)
def test_the_headers_have_the_same_figures(header, row):
    name = "_".join(filter(None, ["aclnn_binary_cross_entropy", header]))
    text = (ROOT / "op_host" / "op_api" / f"{name}.h").read_text()
    assert row.promise() in " ".join(text.replace(" * ", " ").split())


def test_the_script_for_every_float32(tmp_path):
    """A sample of them; the second run finds everything done."""
    script = ROOT / "scripts" / "check_every_float32.py"
    command = [sys.executable, script, "--every", "65536", "--results", tmp_path / "results.jsonl"]
    tables = [subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert tables[0] == tables[1]
    rows = re.findall(
        r"^\| (loss|gradient) \| .* \| (\d+) \| ([\d.]+) \| ([\d.]+) \|$", tables[0], re.MULTILINE
    )
    # Each 65536th: all that have zeros in their lower half, but for NaN; with two targets.
    assert sum(int(count) for _, count, _, _ in rows) == 2 * 2 * (2**16 - 2 * 127)
    for quantity, _, largest, percentile in rows:
        row = LOSS if quantity == "loss" else INPUT_GRADIENT
        assert float(largest) <= row.limit("float32")
        assert float(percentile) <= PERCENTILE_99
