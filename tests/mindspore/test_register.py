# SPDX-License-Identifier: Apache-2.0
"""register(): MindSpore's own names give our losses, and afterwards MindSpore's again."""

import contextlib

import mindspore
import numpy as np
import pytest
from mindspore import Tensor, mint, nn, ops

from ascend_bce.mindspore import register

LOGITS = Tensor(np.float32([[0.25, 0.5, 0.75], [0.125, 0.5, 1.0]]))
TARGET = Tensor(np.float32([[0, 1, 1], [0.5, 1, 0]]))
# Of a shape that MindSpore's own CPU kernel reads out of bounds.
WEIGHT = Tensor(np.float32([[2], [3]]))

PLACES = [
    (module, name)
    for module in (
        mint.nn.functional,
        ops,
        ops.function,
        ops.function.nn_func,
        ops.functional,
    )
    for name in ("binary_cross_entropy_with_logits", "binary_cross_entropy")
] + [(mint.nn, "BCEWithLogitsLoss"), (mint.nn, "BCELoss")]


def current():
    return [getattr(module, name) for module, name in PLACES]


def softplus(x):
    return np.log1p(np.exp(x))


def expected(with_logits):
    x, t, w = (tensor.asnumpy().astype(np.float64) for tensor in (LOGITS, TARGET, WEIGHT))
    if with_logits:
        return np.mean(w * (softplus(x) - x * t))
    with np.errstate(divide="ignore"):
        return np.mean(-w * (t * np.log(x) + (1 - t) * np.maximum(np.log(1 - x), -100)))


CALLS = {
    "mint function with logits": lambda x, t: mint.nn.functional.binary_cross_entropy_with_logits(
        x, t, WEIGHT
    ),
    "ops function with logits": lambda x, t: ops.binary_cross_entropy_with_logits(x, t, WEIGHT, None, "mean"),
    "mint class with logits": lambda x, t: mint.nn.BCEWithLogitsLoss(WEIGHT)(x, t),
    "nn class with logits": lambda x, t: nn.BCEWithLogitsLoss("mean", WEIGHT)(x, t),
    "mint function": lambda x, t: mint.nn.functional.binary_cross_entropy(x, t, WEIGHT),
    "ops function": lambda x, t: ops.binary_cross_entropy(x, t, WEIGHT),
    "mint class": lambda x, t: mint.nn.BCELoss(WEIGHT)(x, t),
    "nn class": lambda x, t: nn.BCELoss(WEIGHT)(x, t),
}


@pytest.mark.parametrize("name", CALLS)
def test_call(name):
    with register():
        loss = CALLS[name](LOGITS, TARGET)
    np.testing.assert_allclose(loss.asnumpy(), expected("with logits" in name), rtol=1e-6)


@pytest.mark.parametrize("name", ["binary_cross_entropy_with_logits", "binary_cross_entropy"])
@pytest.mark.parametrize("module", [mint.nn.functional, ops])
def test_graph(module, name):
    def loss(logits, target):
        return getattr(module, name)(logits, target, WEIGHT)

    def weighted_loss(logits, target, weight):
        return getattr(module, name)(logits, target, weight)

    def gradient_of_weight(logits, target, weight):
        return mindspore.grad(weighted_loss, 2)(logits, target, weight)

    with register():
        value = mindspore.jit(loss)(LOGITS, TARGET)
        gradient = mindspore.jit(gradient_of_weight)(LOGITS, TARGET, WEIGHT)
    np.testing.assert_allclose(value.asnumpy(), expected("logits" in name), rtol=1e-6)
    # The loss is linear in weight, and has no other term.
    np.testing.assert_allclose((gradient * WEIGHT).sum().asnumpy(), value.asnumpy(), rtol=1e-6)


def test_classes_in_a_graph():
    class Losses(nn.Cell):
        def __init__(self):
            super().__init__()
            self.with_logits = mint.nn.BCEWithLogitsLoss(WEIGHT)
            self.on_probabilities = mint.nn.BCELoss(WEIGHT)

        @mindspore.jit
        def construct(self, input, target):
            return self.with_logits(input, target), self.on_probabilities(input, target)

    with register():
        with_logits, on_probabilities = Losses()(LOGITS, TARGET)
    np.testing.assert_allclose(with_logits.asnumpy(), expected(True), rtol=1e-6)
    np.testing.assert_allclose(on_probabilities.asnumpy(), expected(False), rtol=1e-6)


def test_handle():
    before = current()
    handle = register()
    assert not any(now is then for now, then in zip(current(), before, strict=True))
    handle.undo()
    assert current() == before
    handle.undo()
    assert current() == before


def test_block_that_fails():
    before = current()
    with pytest.raises(KeyError), register():
        raise KeyError
    assert current() == before


def test_nested_in_any_order():
    before = current()
    first, second = register(), register()
    first.undo()
    assert current() != before
    second.undo()
    assert current() == before


@pytest.fixture
def _late_errors():
    """Let no error of an operator that PyNative mode runs later reach the next test."""
    yield
    with contextlib.suppress(TypeError):
        mindspore.runtime.synchronize()


@pytest.mark.usefixtures("_late_errors")
@pytest.mark.parametrize("name", CALLS)
def test_float64_goes_to_mindspore(name):
    """MindSpore refuses float64 on the CPU; the text tells whose refusal it is."""
    with register(), pytest.raises(TypeError, match=r"(?i)primitive\[.*\].* must be .*Float64"):
        CALLS[name](LOGITS.astype(mindspore.float64), TARGET.astype(mindspore.float64)).asnumpy()


def test_float64_reaches_the_original(monkeypatch):
    """As it would on a device where MindSpore takes float64."""
    import ascend_bce.mindspore._register as implementation

    monkeypatch.setattr(implementation, "_ORIGINAL_WITH_LOGITS", lambda *arguments: arguments)
    monkeypatch.setattr(implementation, "_ORIGINAL_ON_PROBABILITIES", lambda *arguments: arguments)
    x, t = LOGITS.astype(mindspore.float64), TARGET
    with register():
        assert mint.nn.functional.binary_cross_entropy_with_logits(x, t, None, "sum", WEIGHT) == (
            x, t, None, WEIGHT, "sum",
        )  # fmt: skip
        assert ops.binary_cross_entropy(x, t, reduction="none") == (x, t, None, "none")
