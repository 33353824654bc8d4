# SPDX-License-Identifier: Apache-2.0
"""Binary cross-entropy as functions, with the signatures of `paddle.nn.functional`."""

from typing import Any

import paddle
from paddle import Tensor

from ._loss import REDUCTIONS, Loss
from ._tensors import DATA_TYPES, MAX_DIMENSIONS

__all__ = ["binary_cross_entropy", "binary_cross_entropy_with_logits"]

_CPU = paddle.CPUPlace()


def binary_cross_entropy_with_logits(
    logit: Tensor,
    label: Tensor,
    weight: Tensor | None = None,
    reduction: str = "mean",
    pos_weight: Tensor | None = None,
    name: str | None = None,
) -> Tensor:
    """Return the cross-entropy between labels and the sigmoid of logits.

    Element by element, before the reduction:
    `weight * (pos_weight * label * log(1 + exp(-logit)) + (1 - label) * log(1 + exp(logit)))`

    Args:
        logit: Of any shape with up to eight dimensions.
        label: Of the same shape, not necessarily the same type. Labels are meant to lie in [0, 1], which is
            not checked.
        weight: Rescales each element; of a shape that broadcasts to logit's. It is read as it is, never
            expanded.
        reduction: `'none'`, `'mean'` or `'sum'`.
        pos_weight: Rescales the term of the positive labels; shapes as for `weight`.
        name: Not used, as in Paddle's dynamic mode.

    Returns:
        The loss in the type of `label`: of logit's shape for `reduction='none'`, otherwise a scalar. The mean
        of no elements is nan, their sum 0.

    Raises:
        ValueError: An argument is no tensor, shapes do not fit, or `reduction` is unknown.
        TypeError: A tensor is not float32, float16 or bfloat16; float64 is not computed in.
        RuntimeError: The call belongs to a static graph, or a tensor is not a dense one on the CPU.

    `logit`, `label`, `weight` and `pos_weight` get gradients, of their own type and shape; asking for a
    second derivative raises RuntimeError. Results are the same bits as those of `ascend_bce.numpy`.

    Accuracy, in units in the last place: a float32 loss 3 (4 with one weight, 5 with both), its gradient for
    the logits 4.5 (5 with weights), for the target 4, a sum 2 more than a loss, a mean 2.5; float16 0.502,
    bfloat16 0.501; gradients that are scaled 1 more, in half types 0.5. docs/accuracy.md says of what these
    are, and for which arguments.

    Examples:
        >>> logit = paddle.to_tensor([5.0, 1.0, 3.0])
        >>> label = paddle.to_tensor([1.0, 0.0, 1.0])
        >>> binary_cross_entropy_with_logits(logit, label).item()
        0.456188...
    """
    function = "binary_cross_entropy_with_logits"
    _check(
        function, reduction, {"logit": logit, "label": label}, {"weight": weight, "pos_weight": pos_weight}
    )
    return Loss("BinaryCrossEntropyWithLogits", reduction, logit, label, [weight, pos_weight]).compute()


def binary_cross_entropy(
    input: Tensor,
    label: Tensor,
    weight: Tensor | None = None,
    reduction: str = "mean",
    name: str | None = None,
) -> Tensor:
    """Return the cross-entropy between labels and probabilities.

    Element by element, before the reduction, with logarithms held above -100:
    `-weight * (label * log(input) + (1 - label) * log(1 - input))`

    Args:
        input: Probabilities, between 0 and 1, of any shape with up to eight dimensions.
        label: As for `binary_cross_entropy_with_logits`, as are all that follow.
        weight: Rescales each element; of a shape that broadcasts to the input's.
        reduction: `'none'`, `'mean'` or `'sum'`.
        name: Not used, as in Paddle's dynamic mode.

    Returns:
        The loss in the type of `label`: of the input's shape for `reduction='none'`, otherwise a scalar.

    Raises:
        ValueError: A probability is not between 0 and 1, an argument is no tensor, shapes do not fit, or
            `reduction` is unknown.
        TypeError: A tensor is not float32, float16 or bfloat16; float64 is not computed in.
        RuntimeError: The call belongs to a static graph, or a tensor is not a dense one on the CPU.

    `input`, `label` and `weight` get gradients.

    Accuracy, in units in the last place: a float32 loss 3 (5 with weight), its gradient for the probabilities
    3 (4 with weight), for the target 4, a sum 2 more than a loss, a mean 2.5; float16 0.502, bfloat16 0.501;
    gradients that are scaled 1 more, in half types 0.5. docs/accuracy.md says of what these are, and for
    which arguments.

    Examples:
        >>> input = paddle.to_tensor([0.5, 0.6, 0.7])
        >>> label = paddle.to_tensor([1.0, 0.0, 1.0])
        >>> binary_cross_entropy(input, label).item()
        0.655370...
    """
    _check("binary_cross_entropy", reduction, {"input": input, "label": label}, {"weight": weight})
    # NaN is not between 0 and 1 either.
    if not ((input >= 0) & (input <= 1)).all():
        raise ValueError(
            "input must be between 0 and 1 in binary_cross_entropy, but not all of its elements are"
        )
    return Loss("BinaryCrossEntropy", reduction, input, label, [weight]).compute()


def _check(function: str, reduction: Any, data: dict[str, Any], weights: dict[str, Any]) -> None:
    if reduction not in REDUCTIONS:  # Paddle's own words
        raise ValueError(
            f"The value of 'reduction' in {function} should be 'sum', 'mean' or 'none', but received "
            f"{reduction}, which is not allowed."
        )
    if not paddle.in_dynamic_mode():
        raise RuntimeError(
            f"ascend_bce.paddle's {function} computes in dynamic mode and cannot be part of a static graph. "
            "Call it outside of the function that paddle.jit.to_static converts, or convert with "
            "full_graph=False, which runs it between the graphs."
        )
    weights = {role: tensor for role, tensor in weights.items() if tensor is not None}
    for role, tensor in (data | weights).items():
        _check_tensor(function, role, tensor)
    (role, input), (_, label) = data.items()
    if input.ndim > MAX_DIMENSIONS:
        raise ValueError(
            f"{role} of {function} has {input.ndim} dimensions, shape {input.shape}, but at most "
            f"{MAX_DIMENSIONS} are supported: reshape the arguments to fewer"
        )
    if label.shape != input.shape:
        raise ValueError(
            f"label of {function} has shape {label.shape}, but must have the shape of {role}, {input.shape}"
        )
    for name, weight in weights.items():
        if not _broadcasts_to(weight.shape, input.shape):
            raise ValueError(
                f"{name} of {function} has shape {weight.shape}, which does not broadcast to the shape of "
                f"{role}, {input.shape}"
            )


def _check_tensor(function: str, role: str, tensor: Any) -> None:
    if not isinstance(tensor, Tensor):
        raise ValueError(f"{role} of {function} must be a paddle.Tensor, but is a {type(tensor).__name__}")
    if tensor.dtype not in DATA_TYPES:
        raise TypeError(
            f"{role} of {function} is {tensor.dtype}, but ascend_bce.paddle computes in float32, float16 and "
            f"bfloat16: convert it with {role}.astype('float32'), or use paddle.nn.functional.{function} for "
            "this type"
        )
    if not (tensor.is_dense() and tensor.place == _CPU):
        raise RuntimeError(
            f"{role} of {function} is on {tensor.place}, dense: {tensor.is_dense()}, but ascend_bce.paddle "
            "takes dense tensors on the CPU"
        )


def _broadcasts_to(shape: list[int], full: list[int]) -> bool:
    leading = len(full) - len(shape)
    return leading >= 0 and all(size in (1, other) for size, other in zip(shape, full[leading:], strict=True))
