# SPDX-License-Identifier: Apache-2.0
"""`torch.ops.ascend_bce.*`: that torch's tools take the operators, and that they are what the losses are."""

import copy
import io

import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode

import ascend_bce.torch
from ascend_bce.torch import BCELoss, BCEWithLogitsLoss, binary_cross_entropy_with_logits
from torch_models import model

operators = torch.ops.ascend_bce
WITH_LOGITS = ("binary_cross_entropy_with_logits", "_backward", "_target_backward")
NAMES = [
    prefix + suffix
    for prefix in ("binary_cross_entropy", "binary_cross_entropy_with_logits")
    for suffix in ("", "_backward", "_target_backward")
]


def arguments(name, shape=(4, 5), dtype=torch.float32, reduction=1, requires_grad=True):
    """Return arguments of an operator."""
    torch.manual_seed(0)
    given = [torch.rand(shape, dtype=torch.float32).to(dtype) for _ in range(2)]
    given.append(torch.rand(shape[-1:]).to(dtype))
    if "with_logits" in name:
        given.append(torch.rand(*shape[:-1], 1).to(dtype))
    if "backward" in name:
        given.insert(0, torch.rand(shape if reduction == 0 else ()).to(dtype))
    return (*(tensor.requires_grad_(requires_grad) for tensor in given), reduction)


@pytest.mark.parametrize("reduction", [0, 1, 2])
@pytest.mark.parametrize("name", NAMES)
def test_opcheck(name, reduction):
    operator = getattr(operators, name)
    torch.library.opcheck(operator, arguments(name, reduction=reduction))
    torch.library.opcheck(operator, arguments(name, dtype=torch.bfloat16, reduction=reduction))
    first = 3 if "backward" in name else 2
    transposed = [tensor.detach().T for tensor in arguments(name, reduction=0)[:first]]
    torch.library.opcheck(operator, (*transposed, None, *([None] if "with_logits" in name else []), 0))


def test_schemas():
    weights = "Tensor? weight=None, Tensor? pos_weight=None, int reduction=1) -> Tensor"
    assert str(operators.binary_cross_entropy_with_logits.default._schema) == (
        f"ascend_bce::binary_cross_entropy_with_logits(Tensor input, Tensor target, {weights}"
    )
    assert str(operators.binary_cross_entropy_with_logits_backward.default._schema) == (
        "ascend_bce::binary_cross_entropy_with_logits_backward"
        f"(Tensor grad_output, Tensor input, Tensor target, {weights}"
    )


@pytest.mark.parametrize("name", NAMES)
def test_trailing_arguments_may_be_left_out(name):
    tensors = arguments(name)[: 3 if "backward" in name else 2]
    result = getattr(operators, name)(*tensors)
    torch.testing.assert_close(result, getattr(operators, name)(*tensors, weight=None, reduction=1))
    result.sum().backward()
    assert all(tensor.grad is not None for tensor in tensors[:2])


def test_operators_refuse_as_the_functions_do():
    x, t = torch.rand(3), torch.rand(3)
    with pytest.raises(ValueError, match="must be the same as input size"):
        operators.binary_cross_entropy_with_logits(x, t[:2])
    with pytest.raises(TypeError, match=r"input is torch\.float64"):
        operators.binary_cross_entropy_with_logits(x.double(), t)
    with pytest.raises(RuntimeError, match="all elements of input should be between 0 and 1"):
        operators.binary_cross_entropy(x + 1, t)
    with pytest.raises(ValueError, match="must be the same as input size"):
        operators.binary_cross_entropy_with_logits(x.to("meta"), t[:2].to("meta"))


@pytest.mark.parametrize("reduction", ["none", "mean"])
def test_without_data_there_are_shapes_types_and_strides(reduction):
    def outcome(x, t):
        loss = binary_cross_entropy_with_logits(x, t, reduction=reduction)
        (gradient,) = torch.autograd.grad(loss.sum(), x)
        return [(r.dtype, r.shape, r.stride()) for r in (loss, gradient)]

    real = torch.rand(4, 3).T.requires_grad_(), torch.rand(3, 4).bfloat16()
    meta = [tensor.detach().to("meta").requires_grad_(tensor.requires_grad) for tensor in real]
    expected = outcome(*real)
    assert outcome(*meta) == expected
    with FakeTensorMode() as mode:
        assert outcome(*map(mode.from_tensor, real)) == expected


@pytest.mark.parametrize("dynamic", [False, True])
def test_compiled_without_a_break(dynamic):
    torch._dynamo.reset()
    compiled = torch.compile(model, fullgraph=True, backend="aot_eager", dynamic=dynamic)
    for rows in 4, 7:
        tensors = arguments("with_logits", (rows, 5))[:4]
        results = []
        for function in compiled, model:
            loss = function(*tensors)
            results.append((loss, torch.autograd.grad(loss, tensors)))
        torch.testing.assert_close(*results)


def test_a_compiled_model_trains_as_it_does_without():
    def train(compile):
        torch._dynamo.reset()
        torch.manual_seed(0)
        network = torch.nn.Sequential(torch.nn.Linear(6, 8), torch.nn.ReLU(), torch.nn.Linear(8, 3))
        loss = BCEWithLogitsLoss(pos_weight=torch.tensor([2.0, 1.0, 0.5]))
        step = compile(lambda x, t: loss(network(x), t))
        optimizer = torch.optim.SGD(network.parameters(), lr=0.1)
        x, t = torch.randn(16, 6), torch.rand(16, 3).round()
        losses = []
        for _ in range(5):
            optimizer.zero_grad()
            value = step(x, t)
            value.backward()
            optimizer.step()
            losses.append(value.detach())
        return torch.stack(losses)

    compiled = train(lambda step: torch.compile(step, fullgraph=True, backend="aot_eager"))
    torch.testing.assert_close(compiled, train(lambda step: step))
    assert compiled[-1] < compiled[0]


def test_exported_and_loaded_again():
    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.linear = torch.nn.Linear(5, 3)
            self.loss = BCEWithLogitsLoss(pos_weight=torch.rand(3))

        def forward(self, x, t):
            return self.loss(self.linear(x), t)

    module, inputs = Model(), (torch.randn(4, 5), torch.rand(4, 3))
    program = torch.export.export(module, inputs, dynamic_shapes=[{0: torch.export.Dim("rows")}] * 2)
    assert "ascend_bce.binary_cross_entropy_with_logits" in str(program.graph)
    saved = io.BytesIO()
    torch.export.save(program, saved)
    saved.seek(0)
    loaded = torch.export.load(saved).module()
    for rows in 4, 9:
        inputs = torch.randn(rows, 5), torch.rand(rows, 3)
        torch.testing.assert_close(loaded(*inputs), module(*inputs))


def test_autocast_reaches_the_operators():
    x, t = (torch.rand(3, dtype=torch.bfloat16) for _ in range(2))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        for operator in operators.binary_cross_entropy_with_logits, operators.binary_cross_entropy:
            assert operator(x, t).dtype == torch.float32
    assert operators.binary_cross_entropy(x, t).dtype == torch.bfloat16


@pytest.mark.parametrize("cls", [BCELoss, BCEWithLogitsLoss])
def test_modules_are_copied_and_saved(cls):
    module = cls(weight=torch.rand(3), reduction="sum")
    saved = io.BytesIO()
    torch.save(module, saved)
    saved.seek(0)
    for again in copy.deepcopy(module), torch.load(saved, weights_only=False):
        assert type(again) is cls
        torch.testing.assert_close(again.state_dict(), module.state_dict())
        x, t = torch.rand(2, 3), torch.rand(2, 3)
        torch.testing.assert_close(again(x, t), module(x, t), rtol=0, atol=0)


def test_what_torch_cannot_give_together_raises():
    x, t = torch.randn(3, requires_grad=True), torch.rand(3)
    torch._dynamo.reset()
    compiled = torch.compile(binary_cross_entropy_with_logits, fullgraph=True, backend="aot_eager")
    (gradient,) = torch.autograd.grad(compiled(x, t), x, create_graph=True)
    with pytest.raises(RuntimeError, match="does not currently support double backward"):
        gradient.sum().backward()


def test_the_operators_are_all_public_ones():
    assert ascend_bce.torch is not None
    assert sorted(NAMES) == sorted(name for name in dir(operators) if name.startswith("binary"))
