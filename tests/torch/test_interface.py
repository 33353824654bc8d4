# SPDX-License-Identifier: Apache-2.0
"""That the losses behave as torch's do: signatures, errors, types, strides, autograd, modules."""

import copy
import inspect
import io
import warnings

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import ascend_bce.torch
from ascend_bce.torch import BCEWithLogitsLoss, binary_cross_entropy_with_logits
from torch_problems import REDUCTIONS, problems

torch_binary_cross_entropy_with_logits = torch.nn.functional.binary_cross_entropy_with_logits


def outcome(function, *arguments, **options):
    """Return the type and text of what a call raises, or None."""
    try:
        function(*arguments, **options)
    except Exception as error:
        return type(error), str(error)
    return None


def test_signatures_are_torchs():
    def parameters(function):
        return [(p.name, p.default, p.kind) for p in inspect.signature(function).parameters.values()]

    assert parameters(binary_cross_entropy_with_logits) == parameters(torch_binary_cross_entropy_with_logits)
    assert parameters(BCEWithLogitsLoss) == parameters(torch.nn.BCEWithLogitsLoss)


x34, t34 = torch.zeros(3, 4), torch.ones(3, 4)
REFUSED_BY_TORCH = {
    "input is a list": ([[0.0] * 4] * 3, t34),
    "target is a list": (x34, [[0.0] * 4] * 3),
    "target is None": (x34, None),
    "weight is a number": (x34, t34, 2.0),
    "pos_weight is a list": (x34, t34, None, None, None, "mean", [1.0]),
    "target is shorter": (x34, torch.zeros(4)),
    "target has another shape": (x34, torch.zeros(4, 3)),
    "target is scalar": (x34, torch.tensor(1.0)),
    "weight does not broadcast": (x34, t34, torch.ones(5)),
    "weight of no elements": (x34, t34, torch.ones(0)),
    "weight is larger": (x34, t34, torch.ones(2, 3, 4)),
    "weight has a leading one": (x34, t34, torch.ones(1, 3, 4)),
    "weight broadcasts a one": (torch.zeros(3, 1), torch.ones(3, 1), torch.ones(4)),
    "pos_weight does not broadcast": (x34, t34, None, None, None, "none", torch.ones(3)),
    "pos_weight is larger": (x34, t34, None, None, None, "sum", torch.ones(2, 3, 4)),
    "weight has one dimension, input none": (torch.tensor(0.0), torch.tensor(1.0), torch.ones(1)),
    "unknown reduction": (x34, t34, None, None, None, "foo"),
    "reduction is None": (x34, t34, None, None, None, None),
    "reduction is a number": (x34, t34, None, None, None, 1),
    "reduction in capitals": (x34, t34, None, None, None, "MEAN"),
    "int64 input": (x34.long(), t34),
    "int32 input": (x34.int(), t34),
    "bool input": (x34.bool(), t34),
    "complex input": (x34.cfloat(), t34),
    "float8 input": (x34.to(torch.float8_e4m3fn), t34),
    "int64 target": (x34, t34.long()),
    "bool target": (x34, t34.bool()),
    "complex weight": (x34, t34, torch.ones(4, dtype=torch.cfloat)),
    "float8 weight": (x34, t34, torch.ones(4).to(torch.float8_e4m3fn)),
    "bool pos_weight": (x34, t34, None, None, None, "mean", torch.ones(4, dtype=torch.bool)),
    "sparse input": (x34.to_sparse(), t34),
    "sparse target": (x34, t34.to_sparse()),
    "weight on another device": (x34, t34, torch.ones(4, device="meta")),
}


@pytest.mark.parametrize("arguments", REFUSED_BY_TORCH.values(), ids=REFUSED_BY_TORCH)
def test_what_torch_refuses_is_refused_in_its_words(arguments):
    expected = outcome(torch_binary_cross_entropy_with_logits, *arguments)
    assert expected is not None, "torch takes this now"
    assert outcome(binary_cross_entropy_with_logits, *arguments) == expected


@pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor:UserWarning")
def test_quantised_tensors_are_refused_in_torchs_words():
    quantised = torch.quantize_per_tensor(x34, 1.0, 0, torch.quint8)
    for arguments in (quantised, t34), (x34, t34, quantised):
        expected = outcome(torch_binary_cross_entropy_with_logits, *arguments)
        assert expected is not None
        assert outcome(binary_cross_entropy_with_logits, *arguments) == expected


@pytest.mark.parametrize("role", ["input", "target"])
def test_float64_is_refused_with_a_remedy(role):
    arguments = {"input": x34, "target": t34}
    arguments[role] = arguments[role].double()
    with pytest.raises(TypeError, match=rf"{role} is torch\.float64: convert it with {role}\.float\(\)"):
        binary_cross_entropy_with_logits(**arguments)


def test_layouts_that_torch_takes_are_refused():
    with pytest.raises(RuntimeError, match=r"takes dense tensors on one device, .*weight torch\.sparse_coo"):
        binary_cross_entropy_with_logits(x34, t34, torch.ones(3, 4).to_sparse())


def test_too_many_dimensions_are_refused_with_a_remedy():
    shape = [2] * 10
    with pytest.raises(
        RuntimeError, match="input has 10 dimensions, which the weights' shapes let fold to 10"
    ):
        binary_cross_entropy_with_logits(torch.zeros(shape), torch.zeros(shape), torch.ones([2, 1] * 5))


@pytest.mark.parametrize("size_average", [None, True, False])
@pytest.mark.parametrize("reduce", [None, True, False])
def test_deprecated_arguments_reduce_and_warn_as_torch(size_average, reduce):
    x, t = torch.randn(5), torch.rand(5)
    results = []
    for function in binary_cross_entropy_with_logits, torch_binary_cross_entropy_with_logits:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            loss = function(x, t, size_average=size_average, reduce=reduce)
        results.append((loss, [(w.category, str(w.message)) for w in caught]))
    (ours, our_warnings), (theirs, their_warnings) = results
    torch.testing.assert_close(ours, theirs)
    assert our_warnings == their_warnings


@settings(max_examples=500)
@given(problems(), st.sampled_from(REDUCTIONS))
def test_types_and_strides_are_torchs(problem, reduction):
    input, target, weight, pos_weight = problem
    options = {"reduction": reduction, "pos_weight": pos_weight}
    ours = binary_cross_entropy_with_logits(input, target, weight, **options)
    theirs = torch_binary_cross_entropy_with_logits(input, target, weight, **options)
    assert (ours.dtype, ours.shape, ours.stride()) == (theirs.dtype, theirs.shape, theirs.stride())


@pytest.mark.parametrize("format", [torch.contiguous_format, torch.channels_last])
def test_gradients_have_the_strides_of_their_argument(format):
    x = torch.randn(2, 3, 4, 5).to(memory_format=format).requires_grad_()
    t = torch.rand(2, 3, 5, 4).transpose(2, 3).requires_grad_()
    binary_cross_entropy_with_logits(x, t, reduction="none").sum().backward()
    assert x.grad.stride() == x.stride()
    assert t.grad.stride() == t.stride()


def test_negated_views_are_read_with_their_sign():
    x = torch.randn(5, dtype=torch.cfloat).conj().imag
    assert x.is_neg()
    t = torch.rand(5)
    torch.testing.assert_close(
        binary_cross_entropy_with_logits(x, t), torch_binary_cross_entropy_with_logits(x, t)
    )


def test_weights_that_require_grad_are_taken_where_no_gradient_is_computed():
    weight = torch.ones(4, requires_grad=True)
    with torch.no_grad():
        loss = binary_cross_entropy_with_logits(x34, t34, weight)
    torch.testing.assert_close(loss, torch_binary_cross_entropy_with_logits(x34, t34))


def test_a_result_carries_a_graph_only_where_one_is_asked_for():
    x = torch.randn(3, requires_grad=True)
    assert not binary_cross_entropy_with_logits(x.detach(), t34[0, :3]).requires_grad
    assert binary_cross_entropy_with_logits(x, t34[0, :3]).requires_grad
    with torch.no_grad():
        assert not binary_cross_entropy_with_logits(x, t34[0, :3]).requires_grad


def test_only_the_gradients_asked_for_arrive():
    x, t = torch.randn(3, requires_grad=True), torch.rand(3)
    binary_cross_entropy_with_logits(x, t).backward()
    assert t.grad is None
    x, t = torch.randn(3), torch.rand(3, requires_grad=True)
    binary_cross_entropy_with_logits(x, t).backward()
    assert x.grad is None
    torch.testing.assert_close(t.grad, -x / 3)


def test_overwriting_a_saved_tensor_is_noticed():
    x, t = torch.randn(3, requires_grad=True), torch.rand(3)
    loss = binary_cross_entropy_with_logits(x, t)
    t.zero_()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_autocast_computes_in_float32(dtype):
    x, t = torch.randn(5).to(dtype).requires_grad_(), torch.rand(5).to(dtype)
    weight = torch.rand(5).to(dtype)
    with torch.autocast("cpu"):
        ours = binary_cross_entropy_with_logits(x, t, weight)
        theirs = torch_binary_cross_entropy_with_logits(x, t, weight)
    assert ours.dtype == theirs.dtype == torch.float32
    torch.testing.assert_close(ours, theirs)
    (gradient,) = torch.autograd.grad(ours, x)
    assert gradient.dtype == dtype


def test_subclasses_of_tensor_may_take_over():
    class Recorder(torch.Tensor):
        called = None

        @classmethod
        def __torch_function__(cls, function, types, arguments=(), options=None):
            cls.called = function
            return super().__torch_function__(function, types, arguments, options or {})

    x = torch.randn(3).as_subclass(Recorder)
    loss = binary_cross_entropy_with_logits(x, torch.ones(3))
    assert Recorder.called is not None
    torch.testing.assert_close(
        loss.as_subclass(torch.Tensor),
        torch_binary_cross_entropy_with_logits(x.as_subclass(torch.Tensor), torch.ones(3)),
    )


MODULES = {
    "default": {},
    "sum": {"reduction": "sum"},
    "weight": {"weight": torch.tensor([1.0, 2.0, 3.0])},
    "both": {
        "weight": torch.tensor([1.0, 2.0, 3.0]),
        "pos_weight": torch.tensor([0.5, 2.0, 0.0]),
        "reduction": "none",
    },
}


@pytest.mark.parametrize("options", MODULES.values(), ids=MODULES)
def test_module_is_torchs_in_all_but_the_arithmetic(options):
    ours, theirs = BCEWithLogitsLoss(**options), torch.nn.BCEWithLogitsLoss(**options)
    assert isinstance(ours, torch.nn.BCEWithLogitsLoss)
    assert repr(ours) == repr(theirs)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    ours.load_state_dict(theirs.state_dict())

    x, t = torch.randn(4, 3), torch.rand(4, 3)
    torch.testing.assert_close(ours(x, t), theirs(x, t))
    saved = io.BytesIO()
    torch.save(ours, saved)
    saved.seek(0)
    for again in copy.deepcopy(ours), torch.load(saved, weights_only=False):
        assert type(again) is BCEWithLogitsLoss
        torch.testing.assert_close(again(x, t), ours(x, t), rtol=0, atol=0)


def test_public_names():
    assert ascend_bce.torch.__all__ == [
        "BCELoss",
        "BCEWithLogitsLoss",
        "Installation",
        "binary_cross_entropy",
        "binary_cross_entropy_with_logits",
        "install",
    ]
    assert BCEWithLogitsLoss.__module__.startswith("ascend_bce.torch")
