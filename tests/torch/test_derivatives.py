# SPDX-License-Identifier: Apache-2.0
"""Derivatives of any order, in both modes, mapped and transformed, beside torch's on torch's own samples."""

import inspect
from collections.abc import Callable
from contextlib import contextmanager
from functools import cache, partial
from typing import Any, NamedTuple

import pytest
import torch
from torch.autograd import forward_ad
from torch.func import grad, hessian, jacfwd, jacrev, jvp, vjp, vmap
from torch.testing._internal.common_methods_invocations import op_db
from torch.testing._internal.common_modules import module_db

import ascend_bce.torch

NAMES = ("binary_cross_entropy", "binary_cross_entropy_with_logits")
MODULES = ("BCELoss", "BCEWithLogitsLoss")
THEIRS = {name: getattr(torch.nn.functional, name) for name in NAMES}


class Sample(NamedTuple):
    """Arguments of a loss: tensors that are differentiated, and options of the function or of the class."""

    name: str
    tensors: tuple[torch.Tensor, ...]
    options: dict[str, Any]

    def bound(self, loss: Callable, dtype: torch.dtype | None = None) -> tuple[Callable, list[torch.Tensor]]:
        """Return a loss as a function of input and target, and both, in their own type or in another."""

        def own(value):
            return value.detach().clone().to(dtype) if isinstance(value, torch.Tensor) else value

        options = {name: own(value) for name, value in self.options.items()}
        tensors = [own(tensor) for tensor in self.tensors]
        return loss(**options) if inspect.isclass(loss) else partial(loss, **options), tensors


@cache
def all_samples(dtype):
    return list(make_samples(dtype))


def make_samples(dtype):
    for op in op_db:
        name = op.name.removeprefix("nn.functional.")
        if name in NAMES:
            torch.manual_seed(0)
            for sample in op.sample_inputs("cpu", dtype, requires_grad=True):
                yield Sample(name, (sample.input, *sample.args), sample.kwargs)
    for info in module_db:
        name = info.module_cls.__name__
        if name in MODULES:
            torch.manual_seed(0)
            for sample in info.module_inputs_func(info, "cpu", dtype, requires_grad=True, training=True):
                assert not sample.constructor_input.args
                yield Sample(name, sample.forward_input.args, sample.constructor_input.kwargs)


def torchs(name):
    """Return what stands in torch under a name, ours while it is installed there."""
    return getattr(torch.nn if name in MODULES else torch.nn.functional, name)


@pytest.fixture(params=["called", "installed"])
def ours(request):
    """A context that gives our loss for a name; ours as it is called, or in the place of torch's."""

    @contextmanager
    def context(name):
        if request.param == "called":
            yield getattr(ascend_bce.torch, name)
        else:
            with ascend_bce.torch.install():
                yield torchs(name)

    return context


# ---- torch's samples


def directions(tensor):
    """Return random numbers that every type can hold."""
    return torch.randint(1, 64, tensor.shape).to(tensor.dtype) / 64


def first_gradients(loss, tensors, create_graph):
    tensors = [tensor.requires_grad_() for tensor in tensors]
    result = loss(*tensors)
    outer = directions(result).requires_grad_()
    return (*tensors, outer), torch.autograd.grad(result, tensors, outer, create_graph=create_graph)


def gradient(loss, tensors):
    return first_gradients(loss, tensors, False)[1]


def gradient_of_the_gradient(loss, tensors):
    leaves, gradients = first_gradients(loss, tensors, True)
    return torch.autograd.grad(gradients, leaves, [directions(gradient) for gradient in gradients])


def forward_mode_and_its_gradient(loss, tensors):
    tensors = [tensor.requires_grad_() for tensor in tensors]
    with forward_ad.dual_level():
        duals = [forward_ad.make_dual(tensor, directions(tensor)) for tensor in tensors]
        tangent = forward_ad.unpack_dual(loss(*duals)).tangent
    return tangent, *torch.autograd.grad(tangent, tensors, directions(tangent))


def forward_mode_of_the_gradient(loss, tensors):
    def gradients(*tensors):
        result, pull = vjp(loss, *tensors)
        return pull(torch.ones_like(result))

    values, tangents = jvp(gradients, tuple(tensors), tuple(map(directions, tensors)))
    return *values, *tangents


def mapped(loss, tensors, dimensions):
    batches = [
        tensor if d is None else torch.stack([tensor, tensor * 0.5, tensor * 0.25], d)
        for tensor, d in zip(tensors, dimensions, strict=True)
    ]

    def value_and_gradients(*tensors):
        return loss(*tensors), *grad(lambda *tensors: loss(*tensors).sum(), (0, 1))(*tensors)

    return vmap(value_and_gradients, in_dims=dimensions)(*batches)


DERIVATIVES = [
    gradient,
    gradient_of_the_gradient,
    forward_mode_and_its_gradient,
    forward_mode_of_the_gradient,
    partial(mapped, dimensions=(-1, 0)),
]
OTHER_MAPS = [partial(mapped, dimensions=(0, None)), partial(mapped, dimensions=(None, 0))]
TOLERANCES = {torch.float32: 1e-6, torch.float16: 2e-3, torch.bfloat16: 16e-3}


def label(value):
    """Return the name under which pytest shows a type or a function."""
    if isinstance(value, partial):
        return f"{value.func.__name__} {value.keywords['dimensions']}"
    return str(value) if isinstance(value, torch.dtype) else value.__name__


@pytest.mark.parametrize(
    ("dtype", "derive"),
    [
        *((dtype, derive) for dtype in TOLERANCES for derive in DERIVATIVES),
        *((torch.float32, derive) for derive in OTHER_MAPS),
    ],
    ids=label,
)
@pytest.mark.parametrize("name", [*NAMES, *MODULES])
def test_torchs_samples(ours, launches, name, dtype, derive):
    tolerance = TOLERANCES[dtype]
    samples = [sample for sample in all_samples(dtype) if sample.name == name]
    assert samples
    for sample in samples:
        torch.manual_seed(1)
        exact = derive(*sample.bound(torchs(name), torch.double))
        assert not launches
        torch.manual_seed(1)
        with ours(name) as loss:
            results = derive(*sample.bound(loss))
        assert launches
        launches.clear()
        for result, expected in zip(results, exact, strict=True):
            # A derivative may be the small sum of large parts, each of them rounded.
            expected = expected.to(dtype)
            largest = expected.abs().nan_to_num(posinf=0).max().item()
            torch.testing.assert_close(result, expected, rtol=tolerance, atol=tolerance * max(1, largest))


# ---- and others


@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
@pytest.mark.parametrize("name", NAMES)
def test_mapped_weights_and_gradients_of_a_map(ours, name, reduction):
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

    expected = compute(THEIRS[name])
    with ours(name) as loss:
        torch.testing.assert_close(compute(loss), expected)


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
