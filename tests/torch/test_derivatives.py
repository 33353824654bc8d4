# SPDX-License-Identifier: Apache-2.0
"""Derivatives of any order, in both modes, mapped and transformed, beside torch's on torch's own samples."""

from functools import partial

import pytest
import torch
from torch.autograd import forward_ad
from torch.func import functional_call, grad, hessian, jacfwd, jacrev, jvp, vjp, vmap
from torch.testing._internal.common_methods_invocations import op_db
from torch.testing._internal.common_modules import module_db

import ascend_bce.torch

NAMES = ("binary_cross_entropy", "binary_cross_entropy_with_logits")
THEIRS = {name: getattr(torch.nn.functional, name) for name in NAMES}


def all_samples():
    for op in op_db:
        name = op.name.removeprefix("nn.functional.")
        if name in NAMES:
            torch.manual_seed(0)
            for number, sample in enumerate(op.sample_inputs("cpu", torch.float32, requires_grad=True)):
                yield pytest.param(name, sample, id=f"{name}-{number}")


SAMPLES = list(all_samples())


@pytest.fixture(params=["called", "installed"])
def losses(request):
    """Our function and torch's by name; ours as it is called, or in the place of torch's."""

    def pair(name):
        ours = getattr(ascend_bce.torch, name)
        if request.param == "installed":
            ours = partial(lambda *args, **kwargs: getattr(torch.nn.functional, name)(*args, **kwargs))
        return ours, THEIRS[name]

    if request.param == "called":
        yield pair
    else:
        with ascend_bce.torch.install():
            assert all(getattr(torch.nn.functional, name) is not THEIRS[name] for name in NAMES)
            yield pair


def bound(loss, sample):
    """Return a sample's loss as a function of input and target, and both."""
    kwargs = {k: v.detach() if isinstance(v, torch.Tensor) else v for k, v in sample.kwargs.items()}
    tensors = [tensor.detach().clone() for tensor in (sample.input, *sample.args)]
    return (lambda input, target: loss(input, target, **kwargs)), tensors


def both(losses, name, sample, compute):
    """Compute something of our loss and of torch's, from the same random numbers, and compare."""
    results = []
    for loss in losses(name):
        torch.manual_seed(1)
        results.append(compute(*bound(loss, sample)))
    torch.testing.assert_close(*results, rtol=1e-5, atol=1e-5)


def first_gradients(loss, tensors, create_graph):
    tensors = [tensor.requires_grad_() for tensor in tensors]
    result = loss(*tensors)
    outer = torch.rand_like(result, requires_grad=True)
    return (*tensors, outer), torch.autograd.grad(result, tensors, outer, create_graph=create_graph)


@pytest.mark.parametrize(("name", "sample"), SAMPLES)
def test_gradient(losses, name, sample):
    both(losses, name, sample, lambda loss, tensors: first_gradients(loss, tensors, False)[1])


@pytest.mark.parametrize(("name", "sample"), SAMPLES)
def test_gradient_of_the_gradient(losses, name, sample):
    def compute(loss, tensors):
        leaves, gradients = first_gradients(loss, tensors, True)
        outers = [torch.rand_like(gradient) for gradient in gradients]
        return torch.autograd.grad(gradients, leaves, outers)

    both(losses, name, sample, compute)


@pytest.mark.parametrize(("name", "sample"), SAMPLES)
def test_forward_mode_and_its_gradient(losses, name, sample):
    def compute(loss, tensors):
        tensors = [tensor.requires_grad_() for tensor in tensors]
        with forward_ad.dual_level():
            duals = [forward_ad.make_dual(tensor, torch.rand_like(tensor)) for tensor in tensors]
            tangent = forward_ad.unpack_dual(loss(*duals)).tangent
        outer = torch.rand_like(tangent)
        return tangent, torch.autograd.grad(tangent, tensors, outer)

    both(losses, name, sample, compute)


@pytest.mark.parametrize(("name", "sample"), SAMPLES)
def test_forward_mode_of_the_gradient(losses, name, sample):
    def compute(loss, tensors):
        def gradients(*tensors):
            result, pull = vjp(loss, *tensors)
            return pull(torch.ones_like(result))

        return jvp(gradients, tuple(tensors), tuple(torch.rand_like(tensor) for tensor in tensors))

    both(losses, name, sample, compute)


@pytest.mark.parametrize(("name", "sample"), SAMPLES)
@pytest.mark.parametrize("dimensions", [(0, 0), (0, None), (None, 0), (-1, 0)])
def test_mapped(losses, name, sample, dimensions):
    def compute(loss, tensors):
        batches = [
            tensor if d is None else torch.stack([tensor, tensor * 0.5, tensor * 0.25], d)
            for tensor, d in zip(tensors, dimensions, strict=True)
        ]

        def value_and_gradients(*tensors):
            return loss(*tensors), grad(lambda *tensors: loss(*tensors).sum(), (0, 1))(*tensors)

        return vmap(value_and_gradients, in_dims=dimensions)(*batches)

    both(losses, name, sample, compute)


@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
@pytest.mark.parametrize("name", NAMES)
def test_mapped_weights_and_gradients_of_a_map(losses, name, reduction):
    torch.manual_seed(0)
    x, t = torch.rand(6, 4, 5), torch.rand(6, 4, 5)
    weights = torch.rand(6, 5) + 0.5, torch.rand(6, 4, 1) + 0.5
    if name == "binary_cross_entropy":
        weights = weights[:1]

    def compute(loss):
        def per_sample(x, t, weight, *pos_weight):
            kwargs = {"pos_weight": pos_weight[0]} if pos_weight else {}
            return loss(x, t, weight, reduction=reduction, **kwargs)

        mapped = vmap(per_sample)(x, t, *weights)
        return mapped, jacrev(lambda x: vmap(per_sample)(x, t, *weights).sum())(x)

    ours, theirs = map(compute, losses(name))
    torch.testing.assert_close(ours, theirs)


@pytest.mark.parametrize("outer", [jacfwd, jacrev])
@pytest.mark.parametrize("inner", [jacfwd, jacrev])
@pytest.mark.parametrize("name", NAMES)
def test_second_and_third_derivatives_by_every_mode(name, outer, inner):
    torch.manual_seed(0)
    x, t = torch.rand(4) * 0.8 + 0.1, torch.rand(4)
    weight = torch.arange(1.0, 5)
    ours, theirs = (
        partial(lambda loss, x: loss(x, t.to(x.dtype), weight.to(x.dtype)), loss)
        for loss in (getattr(ascend_bce.torch, name), THEIRS[name])
    )
    torch.testing.assert_close(outer(inner(ours))(x), hessian(theirs)(x))
    # Torch's own third derivatives are there by the one mode only.
    third = jacrev(jacrev(jacrev(lambda x: theirs(x.double()))))(x)
    torch.testing.assert_close(outer(inner(jacrev(ours)))(x), third.float(), rtol=1e-4, atol=1e-4)


def tangent_of_a_dual(loss, x, direction):
    with forward_ad.dual_level():
        return forward_ad.unpack_dual(loss(forward_ad.make_dual(x, direction))).tangent


@pytest.mark.parametrize(
    "derive",
    [
        tangent_of_a_dual,
        lambda loss, x, direction: jvp(loss, (x,), (direction,)),
        lambda loss, x, direction: grad(lambda x: jvp(loss, (x,), (direction,))[1])(x),
        lambda loss, x, _: hessian(loss)(x),
    ],
    ids=["dual", "jvp", "grad of jvp", "hessian"],
)
@pytest.mark.parametrize("name", NAMES)
def test_compiled_forward_mode(name, derive):
    torch.manual_seed(0)
    x, t, direction = torch.rand(4) * 0.8 + 0.1, torch.rand(4), torch.rand(4)
    torch._dynamo.reset()
    ours = torch.compile(
        lambda x: derive(lambda x: getattr(ascend_bce.torch, name)(x, t), x, direction),
        fullgraph=True,
        backend="aot_eager",
    )
    torch.testing.assert_close(ours(x), derive(lambda x: THEIRS[name](x, t), x, direction))


def test_gradients_of_gradients_of_weights():
    torch.manual_seed(0)
    shapes = [(4, 3), (4, 3), (3,), (4, 1)]
    tensors = [torch.rand(shape, requires_grad=True) for shape in shapes]
    wide = [tensor.detach().double().requires_grad_() for tensor in tensors]

    def ours(x, t, weight, pos_weight):
        return ascend_bce.torch.binary_cross_entropy_with_logits(x, t, weight, pos_weight=pos_weight)

    def exact(x, t, weight, pos_weight):
        softplus = torch.nn.functional.softplus
        return (weight * (pos_weight * t * softplus(-x) + (1 - t) * softplus(x))).mean()

    results = []
    for loss, arguments in ((ours, tensors), (exact, wide)):
        gradients = torch.autograd.grad(loss(*arguments), arguments, create_graph=True)
        energy = sum((gradient * (1 + gradient)).sum() for gradient in gradients)
        results.append([g.float() for g in torch.autograd.grad(energy, arguments)])
    torch.testing.assert_close(*results)
    primals, tangents = tuple(tensors), tuple(torch.rand_like(tensor) for tensor in tensors)
    tangent = jvp(ours, primals, tangents)[1]
    expected = jvp(exact, tuple(wide), tuple(tangent.double() for tangent in tangents))[1]
    torch.testing.assert_close(tangent, expected.float())


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("name", NAMES)
def test_half_types_have_them_too(name, dtype):
    torch.manual_seed(0)
    x, t = torch.rand(2, 5).to(dtype) * 0.8 + 0.1, torch.rand(2, 5).to(dtype)
    ours, theirs = getattr(ascend_bce.torch, name), THEIRS[name]
    exact = torch.func.hessian(lambda x: theirs(x, t.double()))(x.double())
    second = torch.func.hessian(lambda x: ours(x, t))(x)
    assert second.dtype == dtype
    torch.testing.assert_close(second, exact.to(dtype), rtol=2e-2, atol=1e-2)
    mapped = vmap(ours)(x, t)
    assert mapped.dtype == dtype
    torch.testing.assert_close(mapped, vmap(theirs)(x.double(), t.double()).to(dtype))


@pytest.mark.parametrize("name", NAMES)
def test_weights_of_half_types_do_not_round_what_they_scale(name):
    torch.manual_seed(0)
    x, t, weight = torch.rand(3000) * 0.8 + 0.1, torch.rand(3000), torch.rand(3000).half()
    curvatures = []
    for loss, dtype in ((getattr(ascend_bce.torch, name), x.dtype), (THEIRS[name], torch.double)):
        leaf, factor = x.to(dtype).requires_grad_(), weight if dtype == x.dtype else weight.double()
        (gradient,) = torch.autograd.grad(loss(leaf, t.to(dtype), factor), leaf, create_graph=True)
        curvatures.append(torch.autograd.grad(gradient.sum(), leaf)[0].float())
    torch.testing.assert_close(*curvatures, rtol=1e-5, atol=0)


@pytest.mark.parametrize("name", ["BCELoss", "BCEWithLogitsLoss"])
def test_torchs_module_samples(name):
    theirs = getattr(torch.nn, name)
    (info,) = (info for info in module_db if info.module_cls is theirs)
    for sample in info.module_inputs_func(info, "cpu", torch.float32, requires_grad=True, training=True):
        constructor, forward = sample.constructor_input, sample.forward_input
        results = []
        for cls in (getattr(ascend_bce.torch, name), theirs):
            module = cls(*constructor.args, **constructor.kwargs)
            tensors = [tensor.detach().clone().requires_grad_() for tensor in forward.args]
            gradients = torch.autograd.grad(
                functional_call(module, {}, tuple(tensors)).sum(), tensors, create_graph=True
            )
            second = torch.autograd.grad(sum(g.square().sum() for g in gradients), tensors)
            results.append((gradients, second))
        torch.testing.assert_close(*results, rtol=1e-5, atol=1e-5)
