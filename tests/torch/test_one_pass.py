# SPDX-License-Identifier: Apache-2.0
"""Training in one pass: the gradient that is kept, scaled in place and given away, whatever autograd does."""

import copy
import gc
import subprocess
import sys
import weakref

import pytest
import torch

from ascend_bce.torch import BCEWithLogitsLoss, binary_cross_entropy_with_logits

torch_binary_cross_entropy_with_logits = torch.nn.functional.binary_cross_entropy_with_logits

ONE_PASS = "aclnnBinaryCrossEntropyWithLogitsLossAndGradient"
SCALE = "aclnnBinaryCrossEntropyScaleGradient"
LOSS = "aclnnBinaryCrossEntropyWithLogits"
BACKWARD = "aclnnBinaryCrossEntropyWithLogitsBackward"
TARGET_BACKWARD = "aclnnBinaryCrossEntropyWithLogitsTargetBackward"


@pytest.fixture
def pair():
    torch.manual_seed(0)
    return torch.randn(30, 7, requires_grad=True), torch.rand(30, 7)


def exact_gradient(x, t, outer=1.0, **options):
    wide = x.detach().double().requires_grad_()
    loss = torch_binary_cross_entropy_with_logits(wide, t.double(), **options)
    return torch.autograd.grad(loss, wide, torch.full_like(loss, outer))[0].to(x.dtype)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("dtypes", [(torch.float32, torch.float32), (torch.bfloat16, torch.float32)])
def test_one_launch_forward_and_one_that_scales(launches, pair, reduction, dtypes):
    x, t = (tensor.detach().to(dtype) for tensor, dtype in zip(pair, dtypes, strict=True))
    x.requires_grad_()
    loss = binary_cross_entropy_with_logits(x, t, reduction=reduction)
    assert loss.dtype == t.dtype
    assert launches == [ONE_PASS]
    loss.backward()
    assert launches == [ONE_PASS, SCALE]
    torch.testing.assert_close(x.grad, exact_gradient(x, t, reduction=reduction))


@pytest.mark.parametrize(
    ("dtype", "target_dtype", "reduction", "needs_input"),
    [
        (torch.float32, torch.float32, "none", True),
        (torch.float16, torch.float16, "mean", True),
        (torch.float32, torch.float16, "mean", True),
        (torch.float32, torch.float32, "mean", False),
    ],
)
def test_everything_else_takes_two(launches, pair, dtype, target_dtype, reduction, needs_input):
    x = pair[0].detach().to(dtype).requires_grad_(needs_input)
    t = pair[1].to(target_dtype).requires_grad_(not needs_input)
    binary_cross_entropy_with_logits(x, t, reduction=reduction).sum().backward()
    assert launches == [LOSS, BACKWARD if needs_input else TARGET_BACKWARD]


@pytest.mark.parametrize("outer", [-2.5, 65536.0, 0.0, float("inf")])
def test_any_incoming_gradient(pair, outer):
    x, t = pair
    (gradient,) = torch.autograd.grad(binary_cross_entropy_with_logits(x, t), x, torch.tensor(outer))
    torch.testing.assert_close(gradient, exact_gradient(x, t, outer))


def test_incoming_gradients_of_all_kinds(pair):
    x, t = pair
    expanded = torch.tensor([2.0]).expand(3)[1:2].squeeze()
    strided = torch.tensor([[5.0, 2.0], [6.0, 7.0]]).t()[1, 0]
    wide = torch.tensor(2.0, dtype=torch.float64)
    for outer in expanded, strided, wide:
        loss = binary_cross_entropy_with_logits(x, t)
        x.grad = None
        loss.backward(outer)
        torch.testing.assert_close(x.grad, exact_gradient(x, t, 2.0))
    x.grad = None
    torch.stack([binary_cross_entropy_with_logits(x, t)] * 3).sum().backward()
    torch.testing.assert_close(x.grad, exact_gradient(x, t, 3.0))


def test_a_backward_pass_through_a_retained_graph_computes_anew(launches, pair):
    x, t = pair
    loss = binary_cross_entropy_with_logits(x, t)
    gradients = [torch.autograd.grad(loss, x, torch.tensor(s), retain_graph=True)[0] for s in (2.0, 3.0, 2.0)]
    assert launches == [ONE_PASS, SCALE, BACKWARD, BACKWARD]
    for gradient, outer in zip(gradients, (2.0, 3.0, 2.0), strict=True):
        torch.testing.assert_close(gradient, exact_gradient(x, t, outer))
    gradients[0].zero_()  # the first one is the caller's own
    torch.testing.assert_close(torch.autograd.grad(loss, x)[0], exact_gradient(x, t))


def test_a_released_graph_is_refused_as_torch_does(pair):
    x, t = pair
    loss = binary_cross_entropy_with_logits(x, t)
    loss.backward()
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        loss.backward()


def test_gradients_accumulate(pair):
    x, t = pair
    for _ in range(3):
        binary_cross_entropy_with_logits(x, t).backward()
    torch.testing.assert_close(x.grad, 3 * exact_gradient(x, t))

    x.grad = None
    shared = binary_cross_entropy_with_logits(x, t) + 2 * binary_cross_entropy_with_logits(
        x, t, reduction="sum"
    )
    shared.backward()
    torch.testing.assert_close(x.grad, exact_gradient(x, t) + 2 * exact_gradient(x, t, reduction="sum"))


def test_a_recorded_backward_pass_computes_anew_and_has_a_derivative(launches, pair):
    x, t = pair
    loss = binary_cross_entropy_with_logits(x, t)
    (gradient,) = torch.autograd.grad(loss, x, create_graph=True)
    assert launches == [ONE_PASS, BACKWARD]
    torch.testing.assert_close(gradient, exact_gradient(x, t))
    (second,) = torch.autograd.grad(gradient.sum(), x)
    sigmoid = x.detach().sigmoid()
    torch.testing.assert_close(second, sigmoid * (1 - sigmoid) / x.numel())
    loss.backward()
    torch.testing.assert_close(x.grad, exact_gradient(x, t))


def test_compiled_autograd_computes_anew(pair):
    """In a graph of operators it knows, also where the forward pass was not compiled."""
    x, t = pair
    whole = torch.compile(backend="eager", fullgraph=True)
    with torch._dynamo.compiled_autograd._enable(whole):
        for outer in 1.0, 3.0:
            loss = binary_cross_entropy_with_logits(x, t)
            x.grad = None
            loss.backward(torch.tensor(outer))
            torch.testing.assert_close(x.grad, exact_gradient(x, t, outer))


@pytest.mark.parametrize("name", ["input", "target", "weight", "pos_weight"])
def test_overwriting_an_argument_is_noticed(name):
    arguments = {
        "input": torch.randn(4, 3, requires_grad=True),
        "target": torch.rand(4, 3),
        "weight": torch.rand(3),
        "pos_weight": torch.rand(3),
    }
    loss = binary_cross_entropy_with_logits(**arguments)
    with torch.no_grad():
        arguments[name].zero_()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward()


def test_all_arguments_may_want_gradients(pair):
    x, t = pair
    tensors = [
        x,
        t.clone().requires_grad_(),
        torch.rand(7, requires_grad=True),
        torch.rand(30, 1).requires_grad_(),
    ]
    loss = binary_cross_entropy_with_logits(*tensors[:3], pos_weight=tensors[3])
    gradients = torch.autograd.grad(loss, tensors, torch.tensor(3.0))
    wide = [tensor.detach().double().requires_grad_() for tensor in tensors]
    positive, negative = torch.nn.functional.softplus(-wide[0]), torch.nn.functional.softplus(wide[0])
    exact = (wide[2] * (wide[3] * wide[1] * positive + (1 - wide[1]) * negative)).mean()
    for gradient, expected in zip(gradients, torch.autograd.grad(3 * exact, wide), strict=True):
        torch.testing.assert_close(gradient, expected.float())


def test_gradients_may_be_asked_for_one_after_the_other(pair):
    x, t = pair
    t.requires_grad_()
    loss = binary_cross_entropy_with_logits(x, t)
    (target_gradient,) = torch.autograd.grad(loss, t, retain_graph=True)
    loss.backward(inputs=[x])
    torch.testing.assert_close(target_gradient, -x.detach() / x.numel())
    torch.testing.assert_close(x.grad, exact_gradient(x, t.detach()))


def test_hooks_see_and_change_the_gradient(pair):
    x, t = pair
    seen = []
    x.register_hook(lambda gradient: seen.append(gradient.clone()) or gradient * 2)
    loss = binary_cross_entropy_with_logits(x, t)
    loss.register_hook(lambda gradient: gradient * 3)
    loss.backward()
    torch.testing.assert_close(seen[0], exact_gradient(x, t, 3.0))
    torch.testing.assert_close(x.grad, exact_gradient(x, t, 6.0))


def test_a_graph_that_is_dropped_takes_the_kept_gradient_with_it(pair):
    loss = binary_cross_entropy_with_logits(*pair)
    kept = weakref.ref(loss.grad_fn.kept)
    assert kept() is not None
    del loss
    gc.collect()
    assert kept() is None


def test_strides_that_are_not_contiguous():
    x = torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last).requires_grad_()
    t = torch.rand(2, 3, 4, 5)
    (gradient,) = torch.autograd.grad(binary_cross_entropy_with_logits(x, t), x, torch.tensor(2.0))
    assert gradient.stride() == x.stride()
    torch.testing.assert_close(gradient, exact_gradient(x, t, 2.0))

    row = torch.randn(1, 5, requires_grad=True)
    t = torch.rand(4, 5)
    binary_cross_entropy_with_logits(row.expand(4, 5), t).backward()
    torch.testing.assert_close(row.grad, exact_gradient(row.expand(4, 5), t).sum(0, keepdim=True))


def test_tensors_that_leave_memory_are_not_doubled_by_a_kept_gradient(launches, pair):
    x, t = pair
    with torch.autograd.graph.save_on_cpu():
        loss = binary_cross_entropy_with_logits(x, t)
    loss.backward()
    assert launches == [LOSS, BACKWARD]
    torch.testing.assert_close(x.grad, exact_gradient(x, t))

    x.grad = None
    loss = torch.utils.checkpoint.checkpoint(binary_cross_entropy_with_logits, x, t, use_reentrant=False)
    loss.backward()
    torch.testing.assert_close(x.grad, exact_gradient(x, t))


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_a_grad_scaler_trains_as_torch(dtype):
    def losses(function):
        torch.manual_seed(1)
        model = torch.nn.Linear(8, 4)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
        scaler = torch.amp.GradScaler("cpu", init_scale=2.0**12, growth_interval=2)
        data, target = torch.randn(16, 8), torch.rand(16, 4)
        history = []
        for _ in range(6):
            optimizer.zero_grad()
            with torch.autocast("cpu", dtype=dtype):
                loss = function(model(data), target)
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()
            history.append(loss.item())
        return torch.tensor(history)

    ours, theirs = losses(binary_cross_entropy_with_logits), losses(torch_binary_cross_entropy_with_logits)
    assert ours[-1] < ours[0]
    torch.testing.assert_close(ours, theirs, rtol=2e-3, atol=0)


PEAK = """
import sys, torch
import ascend_bce.torch
losses = {"ours": ascend_bce.torch.binary_cross_entropy_with_logits}
losses["torch"] = torch.nn.functional.binary_cross_entropy_with_logits
def resident(name):
    status = open("/proc/self/status").read()
    return int(status.split(name + ":")[1].split()[0])
def step(count):
    x, t = torch.full([count], 0.5, requires_grad=True), torch.full([count], 0.25)
    open("/proc/self/clear_refs", "w").write("5")  # the peak starts from what is resident now
    before = resident("VmRSS")
    losses[sys.argv[1]](x, t).backward()
    return resident("VmHWM") - before
step(4096)
print(step(2**24) * 1024 / (4 * 2**24))
"""


def peak(loss):
    """Return the most memory that a training step takes beyond its inputs, in tensors of their size."""
    result = subprocess.run([sys.executable, "-c", PEAK, loss], capture_output=True, text=True, check=True)
    return float(result.stdout)


def test_a_training_step_needs_the_gradient_and_no_more_memory():
    ours = peak("ours")
    assert 0.9 < ours < 1.2
    assert ours < peak("torch") - 0.9


def test_modules_with_a_graph_can_be_copied(pair):
    x, t = pair
    module = BCEWithLogitsLoss(pos_weight=torch.rand(7))
    loss = module(x, t)
    again = copy.deepcopy(module)(x, t)
    loss.backward()
    torch.testing.assert_close(again, loss)
