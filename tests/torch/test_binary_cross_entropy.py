# SPDX-License-Identifier: Apache-2.0
"""The loss on probabilities under PyTorch: what torch documents, computes, refuses and warns of."""

import copy
import warnings

import pytest
import torch
from torch.testing._internal.common_methods_invocations import op_db
from torch.testing._internal.common_modules import module_db

from ascend_bce.torch import (
    BCELoss,
    BCEWithLogitsLoss,
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
)

torch_binary_cross_entropy = torch.nn.functional.binary_cross_entropy


def test_documented_values():
    torch.manual_seed(0)
    x, t = torch.sigmoid(torch.randn(2, 2)), torch.rand(2, 2)
    assert f"{BCELoss()(x, t).item():.4f}" == "0.8580"
    assert f"{BCELoss(weight=torch.rand(2, 2))(x, t).item():.4f}" == "0.2031"


SAMPLES = [
    sample
    for op in op_db
    if op.name == "nn.functional.binary_cross_entropy"
    for sample in op.sample_inputs("cpu", torch.float32, requires_grad=True)
]


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: str(sample.kwargs.keys()))
def test_torchs_sample_inputs(sample):
    ours = binary_cross_entropy(sample.input, *sample.args, **sample.kwargs)
    theirs = torch_binary_cross_entropy(sample.input, *sample.args, **sample.kwargs)
    torch.testing.assert_close(ours, theirs)
    differentiable = [t for t in (sample.input, *sample.args) if t.requires_grad]
    outer = torch.rand_like(theirs)
    gradients = (torch.autograd.grad(loss, differentiable, outer) for loss in (ours, theirs))
    for our, their in zip(*gradients, strict=True):
        torch.testing.assert_close(our, their)


@pytest.mark.parametrize("module", [BCELoss, BCEWithLogitsLoss])
def test_torchs_module_samples(module):
    theirs = getattr(torch.nn, module.__name__)
    (info,) = (info for info in module_db if info.module_cls is theirs)
    samples = info.module_inputs_func(info, "cpu", torch.float32, requires_grad=True, training=True)
    assert samples
    for sample in samples:
        constructor, forward = sample.constructor_input, sample.forward_input
        losses = (
            cls(*constructor.args, **constructor.kwargs)(*forward.args, **forward.kwargs)
            for cls in (module, theirs)
        )
        torch.testing.assert_close(*losses)


x34, t34 = torch.rand(3, 4), torch.rand(3, 4)
nan = float("nan")
REFUSED_BY_TORCH = {
    "input below 0": (x34 - 1, t34),
    "input above 1": (x34 + 1, t34),
    "one input barely above 1": (torch.tensor([0.5, 1.0000001]), torch.rand(2)),
    "nan input": (x34 * nan, t34),
    "nan input, target 0": (torch.tensor([nan]), torch.tensor([0.0])),
    "infinite input": (x34 / 0, t34),
    "input outside, unreduced": (x34 - 1, t34, None, None, None, "none"),
    "input outside, summed": (x34 + 1, t34, None, None, None, "sum"),
    "target below 0": (x34, t34 - 1),
    "target above 1": (x34, t34 + 1),
    "nan target": (x34, t34 * nan),
    "half target": (x34, t34.half()),
    "bfloat16 input": (x34.bfloat16(), t34),
    "target of another shape": (x34, torch.rand(4)),
    "weight does not broadcast": (x34, t34, torch.ones(5)),
    "weight is larger": (x34, t34, torch.ones(2, 3, 4)),
    "unknown reduction": (x34, t34, None, None, None, "foo"),
    "reduction is None": (x34, t34, None, None, None, None),
    "integer input": (x34.long(), t34.long()),
    "list for a target": (x34, [0.0, 1.0]),
    "number for an input": (0.5, t34),
}


@pytest.mark.parametrize("arguments", REFUSED_BY_TORCH.values(), ids=REFUSED_BY_TORCH)
def test_what_torch_refuses_is_refused_in_its_words(arguments):
    with pytest.raises(Exception) as theirs:  # noqa: PT011 - whatever it is, ours must be the same
        torch_binary_cross_entropy(*arguments)
    with pytest.raises(type(theirs.value)) as ours:
        binary_cross_entropy(*arguments)
    assert str(ours.value) == str(theirs.value)


def test_float64_is_refused_with_a_remedy():
    with pytest.raises(TypeError, match=r"input is torch\.float64: convert it with input\.float\(\)"):
        binary_cross_entropy(x34.double(), t34.double())


def test_nan_from_a_weight_is_no_fault_of_the_input():
    weight = torch.tensor([nan, 1.0, 1.0, 1.0])
    loss = binary_cross_entropy(x34, t34, weight, reduction="none")
    torch.testing.assert_close(
        loss, torch_binary_cross_entropy(x34, t34, weight, reduction="none"), equal_nan=True
    )


@pytest.mark.parametrize("size_average", [None, True, False])
@pytest.mark.parametrize("reduce", [None, True, False])
def test_deprecated_arguments_reduce_and_warn_as_torch(size_average, reduce):
    results = []
    for function in binary_cross_entropy, torch_binary_cross_entropy:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            loss = function(x34, t34, size_average=size_average, reduce=reduce)
        results.append((loss, [(w.category, str(w.message)) for w in caught]))
    (ours, our_warnings), (theirs, their_warnings) = results
    torch.testing.assert_close(ours, theirs)
    assert our_warnings == their_warnings


def test_autocast_computes_in_float32():
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = binary_cross_entropy(x34.bfloat16(), t34.bfloat16())
    assert loss.dtype == torch.float32
    torch.testing.assert_close(
        loss, torch_binary_cross_entropy(x34.bfloat16().float(), t34.bfloat16().float())
    )


def test_more_than_eight_dimensions_fold():
    shape = [2, 1, 2, 2, 1, 2, 2, 2, 2, 2]
    x, t, weight = torch.rand(shape), torch.rand(shape), torch.rand(shape[-1])
    for reduction in "none", "mean":
        ours = binary_cross_entropy(x, t, weight, reduction=reduction)
        torch.testing.assert_close(ours, torch_binary_cross_entropy(x, t, weight, reduction=reduction))


def test_module_is_torchs_but_for_the_kernels():
    arguments = {"weight": torch.rand(4), "reduction": "sum"}
    ours, theirs = BCELoss(**arguments), torch.nn.BCELoss(**arguments)
    assert repr(ours) == repr(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    torch.testing.assert_close(ours(x34, t34), theirs(x34, t34))
    assert type(copy.deepcopy(ours)) is BCELoss


def test_subnormal_losses_survive_a_caller_that_flushes_them():
    x, t = torch.tensor([-100.0, -95.0, 100.0]), torch.tensor([0.0, 0.0, 1.0])
    kept = binary_cross_entropy_with_logits(x, t, reduction="none").view(torch.int32)
    assert 0 < kept.min() < 2**23  # bits of subnormal numbers
    flushes = torch.set_flush_denormal(True)
    try:
        flushed = binary_cross_entropy_with_logits(x, t, reduction="none").view(torch.int32)
    finally:
        torch.set_flush_denormal(False)
    assert flushes
    torch.testing.assert_close(flushed, kept)
