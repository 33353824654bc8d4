# SPDX-License-Identifier: Apache-2.0
"""The values of the loss and of its gradients, against float64."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.testing._internal.common_methods_invocations import op_db

from accuracy import INPUT_GRADIENT, LOSS, MEAN, SUM, TARGET_GRADIENT, Row
from ascend_bce.torch import binary_cross_entropy_with_logits
from reference import (
    input_gradient_terms,
    larger,
    loss_terms,
    target_gradient_terms,
    ulp_error,
)
from torch_problems import PRECISIONS, REDUCTIONS, Problem, problems

torch_binary_cross_entropy_with_logits = torch.nn.functional.binary_cross_entropy_with_logits


def limit_of(row: Row, problem: Problem, dtype: torch.dtype, scaled: bool = False) -> float:
    weights = problem.weight is not None, problem.pos_weight is not None
    return row.limit(str(dtype).removeprefix("torch."), *weights, scaled)


def call(problem: Problem, reduction: str, target: torch.Tensor | None = None) -> torch.Tensor:
    input, own_target, weight, pos_weight = problem
    return binary_cross_entropy_with_logits(
        input, own_target if target is None else target, weight, reduction=reduction, pos_weight=pos_weight
    )


def rounded_to_infinity(exact: np.ndarray, dtype: torch.dtype) -> np.ndarray:
    """Make values infinite that are too large for a type."""
    in_type = torch.from_numpy(np.asarray(exact, dtype=np.float64)).to(dtype).double().numpy()
    return np.where(np.isinf(in_type), in_type, exact)


def assert_within(actual: torch.Tensor, exact, limit: float, relative_to=None) -> None:
    exact = rounded_to_infinity(exact, actual.dtype)
    errors = ulp_error(actual.detach().double().numpy(), exact, PRECISIONS[actual.dtype], relative_to)
    if errors.size and errors.max() > limit:
        worst = np.unravel_index(errors.argmax(), errors.shape)
        raise AssertionError(
            f"{errors.max():.3f} ULP at {tuple(map(int, worst))}, at most {limit} are allowed: "
            f"got {actual[worst].item()!r}, exact {exact[worst]!r}"
        )


def smallest_precise(problem: Problem) -> np.ndarray:
    """Return the magnitude below which a partial product may be subnormal and lose digits."""
    _, _, weight, pos_weight = problem.exact()
    return np.finfo(np.float32).smallest_normal * np.maximum(weight, 1) * np.maximum(pos_weight, 1)


@settings(max_examples=2000)
@given(problems())
def test_loss_is_within_the_limits(problem):
    loss = call(problem, "none")
    assert loss.dtype == problem.target.dtype
    exact = sum(loss_terms(*problem.exact()))
    limit = limit_of(LOSS, problem, loss.dtype)
    assert_within(loss, exact, limit, np.maximum(exact, smallest_precise(problem)))


@settings(max_examples=1500)
@given(problems(), st.sampled_from(["mean", "sum"]))
def test_mean_and_sum_are_within_the_limits(problem, reduction):
    losses = sum(loss_terms(*problem.exact()))
    exact, more = losses.sum(), SUM
    if reduction == "mean":
        exact, more = exact / losses.size if losses.size else math.nan, MEAN
    reduced = call(problem, reduction)
    assert reduced.shape == ()
    assert reduced.dtype == problem.target.dtype
    limit = limit_of(LOSS, problem, reduced.dtype) + more * (reduced.dtype == torch.float32)
    assert_within(reduced, exact, limit, np.maximum(exact, smallest_precise(problem).sum()))
    if reduced.dtype == torch.float32 and (problem.weight is not None or problem.pos_weight is not None):
        # A sum of these is one of the float32 losses.
        losses = call(problem, "none").double().numpy()
        total = math.fsum(losses.flat)
        if reduction == "mean":
            total = total / losses.size if losses.size else math.nan
        assert_within(reduced, total, more)


@settings(max_examples=2000)
@given(problems(), st.sampled_from(REDUCTIONS), st.booleans())
def test_input_gradient_is_within_the_limits(problem, reduction, scaled):
    problem = problem._replace(input=problem.input.requires_grad_())
    loss = call(problem, reduction)
    outer = torch.ones_like(loss)
    if scaled:
        outer = torch.linspace(0.5, 3, max(loss.numel(), 1))[: loss.numel()].to(loss.dtype).view(loss.shape)
    (gradient,) = torch.autograd.grad(loss, problem.input, outer)
    assert gradient.dtype == problem.input.dtype

    scale = outer.double().numpy()
    if reduction == "mean" and problem.input.numel():
        scale = scale / problem.input.numel()
    terms = input_gradient_terms(*problem.exact(), scale)
    limit = limit_of(INPUT_GRADIENT, problem, gradient.dtype, scaled or reduction == "mean")
    assert_within(gradient, sum(terms), limit, np.maximum(larger(terms), smallest_precise(problem)))


@settings(max_examples=1000)
@given(problems(), st.sampled_from(REDUCTIONS))
def test_target_gradient_is_within_the_limits(problem, reduction):
    problem = problem._replace(target=problem.target.requires_grad_())
    loss = call(problem, reduction)
    (gradient,) = torch.autograd.grad(loss, problem.target, torch.ones_like(loss))
    assert gradient.dtype == problem.target.dtype

    scale = 1 / problem.input.numel() if reduction == "mean" and problem.input.numel() else 1.0
    terms = target_gradient_terms(*problem.exact(), scale)
    limit = limit_of(TARGET_GRADIENT, problem, gradient.dtype, reduction == "mean")
    assert_within(gradient, sum(terms), limit, np.maximum(larger(terms), smallest_precise(problem)))


extreme_logits = st.sampled_from(
    [
        sign * x
        for sign in (1, -1)
        for x in (0.0, 1e-45, 1e-38, 1e-8, 16.6, 87.3, 88.7, 89, 103.9, 110, 1e4, 3e38)
    ]
)
extreme_targets = st.sampled_from([0.0, 1.0, 0.5, 1e-8, 1 - 2**-24, -1.0, 2.0, 3.5])


@settings(max_examples=1000)
@given(
    st.lists(st.tuples(extreme_logits, extreme_targets, st.sampled_from([0.0, 1e-3, 1.0, 7.0])), min_size=1)
)
def test_far_logits_and_targets_outside_zero_and_one(rows):
    x, t, p = (torch.tensor(column, dtype=torch.float32) for column in zip(*rows, strict=True))
    problem = Problem(x.requires_grad_(), t, None, p)
    loss = call(problem, "none")
    terms = loss_terms(*problem.exact())
    assert_within(loss, sum(terms), limit_of(LOSS, problem, loss.dtype), larger(terms))
    (gradient,) = torch.autograd.grad(loss, x, torch.ones_like(loss))
    terms = input_gradient_terms(*problem.exact())
    assert_within(gradient, sum(terms), limit_of(INPUT_GRADIENT, problem, gradient.dtype), larger(terms))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("target", [0.0, 0.25, 0.7, 1.0])
@pytest.mark.parametrize("pos_weight", [None, torch.tensor(3.0)])
def test_every_logit_of_a_half_type(dtype, target, pos_weight):
    x = torch.arange(-(2**15), 2**15, dtype=torch.int16).view(dtype).requires_grad_()
    problem = Problem(x, torch.full_like(x, target), None, pos_weight)
    loss = call(problem, "none")
    assert_within(loss, sum(loss_terms(*problem.exact())), limit_of(LOSS, problem, loss.dtype))
    (gradient,) = torch.autograd.grad(loss, x, torch.ones_like(loss))
    terms = input_gradient_terms(*problem.exact())
    assert_within(gradient, sum(terms), limit_of(INPUT_GRADIENT, problem, gradient.dtype), larger(terms))


@pytest.mark.parametrize("count", [1, 1000, 8192, 8193, 100_000, 1_000_003, 2**23 + 5])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_long_sums_of_constant_data(count, reduction):
    x, t = torch.full([count], 0.3), torch.full([count], 0.7)
    element = binary_cross_entropy_with_logits(x[:1], t[:1], reduction="none").double().item()
    exact = element if reduction == "mean" else element * count
    reduced = binary_cross_entropy_with_logits(x, t, reduction=reduction)
    assert_within(reduced, exact, 2.0 if reduction == "sum" else 2.5)


def test_infinite_logits_give_the_limit_and_nan_stays():
    infinity, nan = math.inf, math.nan
    x = torch.tensor([infinity, infinity, infinity, -infinity, -infinity, -infinity, nan, 1.0])
    t = torch.tensor([0.0, 1.0, 0.5, 0.0, 1.0, 0.5, 0.5, nan])
    expected = torch.tensor([infinity, 0.0, infinity, 0.0, infinity, infinity, nan, nan])
    loss = binary_cross_entropy_with_logits(x, t, reduction="none")
    torch.testing.assert_close(loss, expected, rtol=0, atol=0, equal_nan=True)
    loss = binary_cross_entropy_with_logits(x, t, reduction="none", pos_weight=torch.tensor(2.0))
    torch.testing.assert_close(loss, expected, rtol=0, atol=0, equal_nan=True)
    # Certain and right at infinity: in the sum, too, nothing is left of it.
    right = binary_cross_entropy_with_logits(x[[1, 3]], t[[1, 3]], reduction="sum")
    assert right.item() == 0.0


def test_infinite_logits_are_found_wherever_they_stand():
    x = torch.zeros(3 * 8192 + 77)
    t = torch.zeros_like(x)
    for position in (0, 1023, 8191, 8192, 20000, len(x) - 1):
        x_one, t_one = x.clone(), t.clone()
        x_one[position], t_one[position] = math.inf, 1.0
        loss = binary_cross_entropy_with_logits(x_one, t_one, reduction="none")
        assert loss[position].item() == 0.0
        total = binary_cross_entropy_with_logits(x_one, t_one, reduction="sum").item()
        assert total == pytest.approx((len(x) - 1) * math.log(2), rel=1e-6)


def test_empty_tensors():
    empty = torch.empty(3, 0, requires_grad=True)
    target = torch.empty(3, 0)
    assert binary_cross_entropy_with_logits(empty, target, reduction="none").shape == (3, 0)
    assert binary_cross_entropy_with_logits(empty, target, reduction="sum").item() == 0.0
    assert math.isnan(binary_cross_entropy_with_logits(empty, target).item())
    for reduction in REDUCTIONS:
        loss = binary_cross_entropy_with_logits(empty, target, reduction=reduction)
        (gradient,) = torch.autograd.grad(loss.sum(), empty)
        assert gradient.shape == (3, 0)


(samples_of_torch,) = (op for op in op_db if op.name == "nn.functional.binary_cross_entropy_with_logits")


@pytest.mark.parametrize("dtype", list(PRECISIONS), ids=str)
def test_samples_of_torch(dtype):
    compared = 0
    for sample in samples_of_torch.sample_inputs("cpu", dtype, requires_grad=True):
        tensors = sample.input, *sample.args
        exact_tensors = [tensor.detach().double().requires_grad_() for tensor in tensors]
        loss = binary_cross_entropy_with_logits(*tensors, **sample.kwargs)
        exact = torch_binary_cross_entropy_with_logits(*exact_tensors, **sample.kwargs)
        torch.testing.assert_close(loss, exact.to(dtype))
        outer = torch.rand_like(loss)
        gradients = torch.autograd.grad(loss, tensors, outer)
        exact_gradients = torch.autograd.grad(exact, exact_tensors, outer.double())
        for gradient, exact_gradient in zip(gradients, exact_gradients, strict=True):
            torch.testing.assert_close(gradient, exact_gradient.to(dtype))
        compared += 1
    assert compared >= 20


@pytest.mark.parametrize("dtype", [torch.float64, torch.int64, torch.int8, torch.bool])
def test_weights_of_other_types_are_converted(dtype):
    x, t = torch.randn(4, 3), torch.rand(4, 3)
    weight = torch.tensor([2, 0, 3]).to(dtype)
    arguments = {"weight": weight} if dtype == torch.bool else {"weight": weight, "pos_weight": weight + 1}
    as_float32 = {name: value.float() for name, value in arguments.items()}
    torch.testing.assert_close(
        binary_cross_entropy_with_logits(x, t, **arguments),
        binary_cross_entropy_with_logits(x, t, **as_float32),
        rtol=0,
        atol=0,
    )


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_ten_dimensions_fold_to_eight(reduction):
    shape = [2, 3, 1, 2, 2, 1, 3, 2, 2, 2]
    x = torch.randn(shape).transpose(0, 9).requires_grad_()
    t = torch.rand(shape).transpose(0, 9)
    weight = torch.rand(2, 1, 3, 2, 2, 2)
    pos_weight = torch.rand(2, 3, 1, 2, 2, 1, 1, 1, 1, 1)
    problem = Problem(x, t, weight, pos_weight)
    loss = call(problem, reduction)
    exact = torch_binary_cross_entropy_with_logits(
        x.double(), t.double(), weight.double(), reduction=reduction, pos_weight=pos_weight.double()
    )
    torch.testing.assert_close(loss, exact.float())
    outer = torch.rand_like(loss)
    (gradient,) = torch.autograd.grad(loss, x, outer)
    (exact_gradient,) = torch.autograd.grad(exact, x, outer.double())
    torch.testing.assert_close(gradient, exact_gradient.float())
