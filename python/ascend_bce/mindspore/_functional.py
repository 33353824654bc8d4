# SPDX-License-Identifier: Apache-2.0
"""The losses as functions."""

from functools import lru_cache

import mindspore
from mindspore import Tensor

from ._operators import (
    ABSENT,
    ON_PROBABILITIES,
    ON_PROBABILITIES_LOSSES,
    REDUCTIONS,
    WITH_LOGITS,
    WITH_LOGITS_LOSSES,
    Loss,
    is_compiling,
)

_DATA_TYPES = (mindspore.float32, mindspore.float16, mindspore.bfloat16)
_MAX_DIMENSIONS = 8  # of aclnn functions


def binary_cross_entropy_with_logits(input, target, weight=None, reduction="mean", pos_weight=None):
    """Binary cross-entropy of logits: `mindspore.mint.nn.functional.binary_cross_entropy_with_logits`.

    loss = -weight * (pos_weight * target * log(sigmoid(input)) + (1 - target) * log(1 - sigmoid(input)))

    Args:
        input (Tensor): Logits, float32, float16 or bfloat16, of up to eight dimensions.
        target (Tensor): Targets of the input's shape, of any of these types.
        weight (Tensor, optional): Rescales each element; of any of these types and of a shape that broadcasts
            to the input's. It is read as it is, never expanded.
        reduction (str): `'none'`, `'mean'` or `'sum'`, in upper or lower case.
        pos_weight (Tensor, optional): Rescales the term of the positive targets; types and shapes as for
            `weight`.

    Returns:
        Tensor, the loss in the type of `target`: of the input's shape for `'none'`, otherwise a scalar. The
        mean of no elements is nan, their sum 0.

    Raises:
        TypeError: An argument is no tensor, or of another type, float64 say, or `reduction` is no string.
        ValueError: The shapes of `input` and `target` differ, a weight does not broadcast to the input,
            `reduction` is unknown, or there are more than eight dimensions.

    Works in PyNative and in GRAPH mode. All tensors get gradients; those of the weights, which MindSpore's
    own function leaves at zero, are summed over the dimensions along which the weights are broadcast. Asking
    for a second derivative raises RuntimeError. Arithmetic is float32, and a result is rounded once; results
    are the same bits for any number of threads. An infinite logit gives the limit of its loss, 0 or inf.

    Examples:
        >>> input = mindspore.tensor([[-0.8, 1.2, 0.7], [-0.1, -0.4, 0.7]])
        >>> target = mindspore.tensor([[0.3, 0.8, 1.2], [-0.6, 0.1, 2.2]])
        >>> print(binary_cross_entropy_with_logits(input, target))
        0.34636116
    """
    name = "binary_cross_entropy_with_logits"
    _check_is_tensor(name, "input", isinstance(input, Tensor))
    _check_is_tensor(name, "target", isinstance(target, Tensor))
    _check_pair(name, "input", input.dtype, input.shape, "target", target.dtype, target.shape)
    if weight is None:
        weight = ABSENT
    else:
        _check_is_tensor(name, "weight", isinstance(weight, Tensor))
        _check_weight(name, "weight", weight.dtype, weight.shape, "input", input.shape)
    if pos_weight is None:
        pos_weight = ABSENT
    else:
        _check_is_tensor(name, "pos_weight", isinstance(pos_weight, Tensor))
        _check_weight(name, "pos_weight", pos_weight.dtype, pos_weight.shape, "input", input.shape)
    number = _get_reduction(name, reduction)
    if is_compiling():
        return WITH_LOGITS_LOSSES[number](input, target, weight, pos_weight)
    return Loss.apply(WITH_LOGITS[number], input, target, weight, pos_weight)


def binary_cross_entropy(logits, labels, weight=None, reduction="mean"):
    """Binary cross-entropy of probabilities: `mindspore.ops.binary_cross_entropy`.

    loss = -weight * (labels * log(logits) + (1 - labels) * log(1 - logits)), logarithms no less than -100

    Args:
        logits (Tensor): Probabilities in [0, 1], float32, float16 or bfloat16, of up to eight dimensions.
        labels (Tensor): Targets, of the shape and type of `logits`.
        weight (Tensor, optional): Rescales each element; of any of these types and of a shape that broadcasts
            to that of `logits`. It is read as it is, never expanded.
        reduction (str): `'none'`, `'mean'` or `'sum'`, in upper or lower case.

    Returns:
        Tensor, the loss in the type of `logits`: of their shape for `'none'`, otherwise a scalar. The mean of
        no elements is nan, their sum 0.

    Raises:
        TypeError: An argument is no tensor, or of another type, float64 say, or `reduction` is no string.
        ValueError: The shapes of `logits` and `labels` differ, `weight` does not broadcast to them,
            `reduction` is unknown, or there are more than eight dimensions.
        RuntimeError: An element of `logits` lies outside [0, 1]. In PyNative mode operators run later than
            they are called: this comes when the loss is first looked at.

    Works in PyNative and in GRAPH mode. All tensors get gradients, as for `binary_cross_entropy_with_logits`.

    Examples:
        >>> logits = mindspore.tensor([0.2, 0.7, 0.1])
        >>> labels = mindspore.tensor([0.0, 1.0, 0.0])
        >>> print(binary_cross_entropy(logits, labels, mindspore.tensor([1.0, 2.0, 2.0])))
        0.38240483
    """
    name = "binary_cross_entropy"
    _check_is_tensor(name, "logits", isinstance(logits, Tensor))
    _check_is_tensor(name, "labels", isinstance(labels, Tensor))
    _check_pair(name, "logits", logits.dtype, logits.shape, "labels", labels.dtype, labels.shape)
    _check_same_type(name, logits.dtype, labels.dtype)
    if weight is None:
        weight = ABSENT
    else:
        _check_is_tensor(name, "weight", isinstance(weight, Tensor))
        _check_weight(name, "weight", weight.dtype, weight.shape, "logits", logits.shape)
    number = _get_reduction(name, reduction)
    if is_compiling():
        return ON_PROBABILITIES_LOSSES[number](logits, labels, weight, ABSENT)
    return Loss.apply(ON_PROBABILITIES[number], logits, labels, weight, ABSENT)


# The checks below run when a graph is compiled, and at every call in PyNative mode: hence the caches.


@mindspore.constexpr(check=False)
def _check_is_tensor(name: str, role: str, is_tensor: bool) -> None:
    if not is_tensor:
        raise TypeError(f"For '{name}', '{role}' must be a Tensor")


@mindspore.constexpr(check=False)
@lru_cache(maxsize=1024)
def _check_pair(name, input_role, input_dtype, input_shape, target_role, target_dtype, target_shape) -> None:
    _check_type(name, input_role, input_dtype)
    _check_type(name, target_role, target_dtype)
    if input_shape != target_shape:
        raise ValueError(
            f"For '{name}', '{input_role}' and '{target_role}' must have the same shape, but they have "
            f"{input_shape} and {target_shape}"
        )
    if len(input_shape) > _MAX_DIMENSIONS:
        raise ValueError(
            f"For '{name}', '{input_role}' has {len(input_shape)} dimensions, but at most {_MAX_DIMENSIONS} "
            "are supported: join some of them by reshape"
        )


@mindspore.constexpr(check=False)
def _check_same_type(name: str, logits_dtype, labels_dtype) -> None:
    if logits_dtype != labels_dtype:
        raise TypeError(
            f"For '{name}', 'logits' and 'labels' must have the same type, but they have {logits_dtype} and "
            f"{labels_dtype}"
        )


@mindspore.constexpr(check=False)
@lru_cache(maxsize=1024)
def _check_weight(name: str, role: str, dtype, shape: tuple, input_role: str, input_shape: tuple) -> None:
    _check_type(name, role, dtype)
    trailing = input_shape[len(input_shape) - len(shape) :]
    if len(shape) > len(input_shape) or any(
        size not in (1, full) for size, full in zip(shape, trailing, strict=True)
    ):
        raise ValueError(
            f"For '{name}', the shape of '{role}' can not broadcast to the shape of '{input_role}': it is "
            f"{shape}, that of '{input_role}' {input_shape}"
        )


@mindspore.constexpr(check=False)
def _get_reduction(name: str, reduction: str) -> int:
    if not isinstance(reduction, str):
        raise TypeError(f"For '{name}', 'reduction' must be a string, but it is {reduction!r}")
    if reduction.lower() not in REDUCTIONS:
        raise ValueError(f"For '{name}', 'reduction' must be one of {REDUCTIONS}, but it is {reduction!r}")
    return REDUCTIONS.index(reduction.lower())


def _check_type(name: str, role: str, dtype) -> None:
    if dtype not in _DATA_TYPES:
        raise TypeError(
            f"For '{name}', '{role}' must be of type float32, float16 or bfloat16, but it is {dtype}; "
            f"convert it with {role}.astype(mindspore.float32)"
        )
