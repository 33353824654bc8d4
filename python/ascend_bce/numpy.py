# SPDX-License-Identifier: Apache-2.0
"""Binary cross-entropy losses on NumPy arrays, and on request their gradients.

Arrays are float32, float16 or the bfloat16 of the package ml_dtypes, and of any strides: views are read
where they are. (Only those that no tensor can express, with negative strides say, are copied.) All
arithmetic is float32 and a result is rounded once; results are the same bits for any number of threads.

    >>> logits = np.array([5.0, 1.0, 3.0], np.float32)
    >>> target = np.array([1.0, 0.0, 1.0], np.float32)
    >>> print(binary_cross_entropy_with_logits(logits, target))
    0.4561881
    >>> result = binary_cross_entropy_with_logits(logits, target, return_gradients=["input"])
    >>> print(result.loss, result.input)
    0.4561881 [-0.00223095  0.2436862  -0.01580863]
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from . import _aclnn

__all__ = ["LossAndGradients", "binary_cross_entropy", "binary_cross_entropy_with_logits"]

_DATA_TYPES = {"float32": _aclnn.FLOAT32, "float16": _aclnn.FLOAT16, "bfloat16": _aclnn.BFLOAT16}
_REDUCTIONS = ("none", "mean", "sum")  # in the order of aclnn's numbers
_NONE, _MEAN = 0, 1
_MAX_DIMENSIONS = 8  # of aclnn functions


class LossAndGradients(NamedTuple):
    """A loss, and its gradients as far as they were asked for.

    Attributes:
        loss: The loss: an array for `reduction="none"`, otherwise a scalar.
        input: Its gradient for the logits or probabilities.
        target: Its gradient for the target.
        weight: Its gradient for weight, of weight's shape: summed where weight was broadcast.
        pos_weight: Its gradient for pos_weight, likewise.
    """

    loss: np.ndarray | np.generic
    input: np.ndarray | None = None
    target: np.ndarray | None = None
    weight: np.ndarray | None = None
    pos_weight: np.ndarray | None = None


def binary_cross_entropy_with_logits(
    logits: np.ndarray,
    target: np.ndarray,
    weight: np.ndarray | float | None = None,
    pos_weight: np.ndarray | float | None = None,
    reduction: str = "mean",
    *,
    return_gradients: str | Sequence[str] | None = None,
    grad_output: np.ndarray | float | None = None,
) -> np.ndarray | np.generic | LossAndGradients:
    """Return the cross-entropy between targets and the sigmoid of logits.

    Element by element, before the reduction:
    `weight * (pos_weight * target * log(1 + exp(-logits)) + (1 - target) * log(1 + exp(logits)))`

    Args:
        logits: Of any shape with up to eight dimensions.
        target: Of the same shape, not necessarily the same type. Targets are meant to lie in [0, 1], which is
            not checked.
        weight: Rescales each element: a number, or an array that broadcasts to the shape of logits. It is
            read as it is, never expanded.
        pos_weight: Rescales the term of the positive targets; like weight.
        reduction: `"none"`, `"mean"` or `"sum"`.
        return_gradients: Which gradients to compute too: one or several of `"input"`, `"target"`, `"weight"`
            and `"pos_weight"`.
        grad_output: What the gradients are multiplied by, the gradient for the loss: a number, or an array of
            the loss's shape. One, if not given.

    Returns:
        The loss in the type of target, or with `return_gradients` a `LossAndGradients`; gradients have the
        type and the shape of what they belong to. The mean of no elements is nan, their sum 0.

    Raises:
        TypeError: An array is not float32, float16 or bfloat16; float64 is not computed in.
        ValueError: Shapes do not fit, or a reduction or the name of a gradient is not known.

    Accuracy, in units in the last place: a float32 loss 3 (4 with one weight, 5 with both), its gradient for
    the logits 4.5 (5 with weights), for the target 4, a sum 2 more than a loss, a mean 2.5; float16 0.502,
    bfloat16 0.501; gradients that are scaled 1 more, in half types 0.5. docs/accuracy.md says of what these
    are, and for which arguments.
    An infinite logit gives the limit of its loss, 0 or inf.
    """
    return _compute(
        "BinaryCrossEntropyWithLogits",
        "logits",
        (logits, target),
        {"weight": weight, "pos_weight": pos_weight},
        reduction,
        return_gradients,
        grad_output,
    )


def binary_cross_entropy(
    probabilities: np.ndarray,
    target: np.ndarray,
    weight: np.ndarray | float | None = None,
    reduction: str = "mean",
    *,
    return_gradients: str | Sequence[str] | None = None,
    grad_output: np.ndarray | float | None = None,
) -> np.ndarray | np.generic | LossAndGradients:
    """Return the cross-entropy between targets and probabilities.

    Element by element, before the reduction, with logarithms held above -100:
    `-weight * (target * log(probabilities) + (1 - target) * log(1 - probabilities))`

    The gradient for probabilities is `weight * (probabilities - target)` divided by
    `probabilities * (1 - probabilities)`, held above 1e-12.

    Args:
        probabilities: Between 0 and 1, of any shape with up to eight dimensions.
        target: As for `binary_cross_entropy_with_logits`, as are all that follow.
        weight: Rescales each element: a number, or an array that broadcasts to the shape of probabilities.
        reduction: `"none"`, `"mean"` or `"sum"`.
        return_gradients: One or several of `"input"`, `"target"` and `"weight"`.
        grad_output: What the gradients are multiplied by; one, if not given.

    Returns:
        The loss in the type of target, or with `return_gradients` a `LossAndGradients`.

    Raises:
        TypeError: An array is not float32, float16 or bfloat16; float64 is not computed in.
        ValueError: A probability is not between 0 and 1, shapes do not fit, or a reduction or the name of a
            gradient is not known.

    Accuracy, in units in the last place: a float32 loss 3 (5 with weight), its gradient for the probabilities
    3 (4 with weight), for the target 4, a sum 2 more than a loss, a mean 2.5; float16 0.502, bfloat16 0.501;
    gradients that are scaled 1 more, in half types 0.5. docs/accuracy.md says of what these are, and for
    which arguments.
    """
    return _compute(
        "BinaryCrossEntropy",
        "probabilities",
        (probabilities, target),
        {"weight": weight},
        reduction,
        return_gradients,
        grad_output,
    )


def _compute(
    operator: str,
    input_name: str,
    data: tuple[Any, Any],
    weights: dict[str, Any],
    reduction: str,
    return_gradients: str | Sequence[str] | None,
    grad_output: Any,
) -> np.ndarray | np.generic | LossAndGradients:
    names = (return_gradients,) if isinstance(return_gradients, str) else tuple(return_gradients or ())
    if reduction not in _REDUCTIONS:
        raise ValueError(f"reduction is {reduction!r}, but must be 'none', 'mean' or 'sum'")
    input, target = _array(input_name, data[0]), _array("target", data[1])
    weights = {
        name: None if value is None else _array(name, value, number=True) for name, value in weights.items()
    }
    _check_shapes(input_name, input, target, weights)
    _check_gradients(names, weights)
    if input_name == "probabilities":
        _check_range(input_name, input)

    loss = _Loss(operator, input, target, weights, _REDUCTIONS.index(reduction))
    value = loss.value()
    if return_gradients is None:
        return value
    gradients = {name: loss.gradient(name, _grad_output(grad_output, value)) for name in names}
    return LossAndGradients(value, **gradients)


class _Loss:
    """A loss of checked arguments, and its gradients."""

    def __init__(
        self,
        operator: str,
        input: np.ndarray,
        target: np.ndarray,
        weights: dict[str, np.ndarray | None],
        reduction: int,
    ) -> None:
        self._operator = operator
        self._input = input
        self._target = target
        self._weights = weights
        self._reduction = reduction

    def value(self) -> np.ndarray | np.generic:
        shape = self._input.shape if self._reduction == _NONE else ()
        loss = np.empty(shape, self._target.dtype)
        arguments = (self._input, self._target, *self._weights.values())
        _call("aclnn" + self._operator, arguments, self._reduction, loss)
        return loss[()]

    def gradient(self, name: str, grad_output: np.ndarray) -> np.ndarray:
        if name in self._weights:
            return self._weight_gradient(name, grad_output)
        like, suffix = {
            "input": (self._input, "Backward"),
            "target": (self._target, "TargetBackward"),
        }[name]
        gradient = np.empty(like.shape, like.dtype)
        arguments = (grad_output, self._input, self._target, *self._weights.values())
        _call("aclnn" + self._operator + suffix, arguments, self._reduction, gradient)
        return gradient

    def _weight_gradient(self, name: str, grad_output: np.ndarray) -> np.ndarray:
        # The loss is linear in both weights: the slopes of its elements are losses themselves.
        weights = dict(self._weights)
        if name == "weight":
            target = self._target.astype(np.float32, copy=False)  # so that losses are float32
            weights["weight"] = None
        else:
            # Only the positive term has pos_weight: that of target 1, to which all else is one weight. Given
            # as pos_weight, it makes the limit 0 where it is 0 and the logit infinite.
            target = np.broadcast_to(np.float32(1), self._target.shape)
            factor = self._target.astype(np.float32)
            if weights["weight"] is not None:
                factor *= weights["weight"].astype(np.float32)
            weights = {"weight": None, "pos_weight": factor}
        slopes = np.empty(self._input.shape, np.float32)
        _call("aclnn" + self._operator, (self._input, target, *weights.values()), _NONE, slopes)
        slopes *= grad_output.astype(np.float32)
        weight = self._weights[name]
        divisor = slopes.size if self._reduction == _MEAN and slopes.size else 1
        # As in the kernels, what is too large for the type is infinite, and infinities may cancel to NaN.
        with np.errstate(over="ignore", invalid="ignore"):
            return np.asarray(_sum_to(slopes, weight.shape) / divisor, weight.dtype)


def _sum_to(array: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Sum over the dimensions along which something of a shape was broadcast, in float64."""
    leading = array.ndim - len(shape)
    axes = tuple(d for d in range(array.ndim) if d < leading or shape[d - leading] == 1)
    return np.sum(array, axis=axes, dtype=np.float64, keepdims=True).reshape(shape)


def _array(name: str, value: Any, number: bool = False) -> np.ndarray:
    if number and isinstance(value, (int, float)):
        return np.asarray(value, np.float32)
    array = np.asarray(value)
    if _data_type(array.dtype) is None:
        raise TypeError(
            f"{name} is {array.dtype}, but float32, float16 and bfloat16 (of ml_dtypes) are computed on: "
            f"convert it, with numpy.asarray({name}, numpy.float32) say"
        )
    return array


def _check_shapes(
    input_name: str, input: np.ndarray, target: np.ndarray, weights: dict[str, np.ndarray | None]
) -> None:
    if input.ndim > _MAX_DIMENSIONS:
        raise ValueError(
            f"{input_name} has {input.ndim} dimensions, shape {input.shape}, but at most {_MAX_DIMENSIONS} "
            "are supported: reshape the arguments to fewer"
        )
    if target.shape != input.shape:
        raise ValueError(
            f"target has shape {target.shape}, but must have the shape of {input_name}, {input.shape}"
        )
    for name, weight in weights.items():
        if weight is not None and not _broadcasts_to(weight.shape, input.shape):
            raise ValueError(
                f"{name} has shape {weight.shape}, which does not broadcast to the shape of {input_name}, "
                f"{input.shape}"
            )


def _broadcasts_to(shape: tuple[int, ...], full: tuple[int, ...]) -> bool:
    leading = len(full) - len(shape)
    return leading >= 0 and all(size in (1, other) for size, other in zip(shape, full[leading:], strict=True))


def _check_gradients(names: tuple[str, ...], weights: dict[str, np.ndarray | None]) -> None:
    known = ("input", "target", *weights)
    for name in names:
        if name not in known:
            raise ValueError(
                f"return_gradients names {name!r}, but this loss has those of {', '.join(known)}"
            )
        if name in weights and weights[name] is None:
            raise ValueError(f"return_gradients names {name!r}, but there is no {name}")


def _check_range(name: str, array: np.ndarray) -> None:
    with np.errstate(invalid="ignore"):
        # NaN, which min and max hand on, is not between 0 and 1 either.
        if array.size and not (array.min() >= 0 and array.max() <= 1):
            index = tuple(int(i) for i in np.argwhere(~((array >= 0) & (array <= 1)))[0])
            raise ValueError(f"{name} must be between 0 and 1, but at {index} there is {array[index]}")


def _grad_output(value: Any, loss: np.ndarray | np.generic) -> np.ndarray:
    if value is None:
        return np.ones((), loss.dtype)
    array = _array("grad_output", value, number=True)
    if array.ndim and array.shape != loss.shape:
        raise ValueError(f"grad_output has shape {array.shape}, but must have the loss's, {loss.shape}")
    return array


@lru_cache(maxsize=64)
def _data_type(dtype: np.dtype) -> int | None:
    return _DATA_TYPES.get(dtype.name) if dtype.isnative else None


def _call(name: str, inputs: Sequence[np.ndarray | None], reduction: int, output: np.ndarray) -> None:
    inputs = [None if array is None else _expressible(array) for array in inputs]
    operands = [None if array is None else _operand(array) for array in inputs]
    _aclnn.call_on_host("ascend_bce.numpy", name, operands, (reduction,), (_operand(output),))


def _expressible(array: np.ndarray) -> np.ndarray:
    """Return an array as it is if its strides are those of a tensor: whole elements, forwards."""
    if array.flags.aligned and all(stride >= 0 and stride % array.itemsize == 0 for stride in array.strides):
        return array
    return array.copy(order="C")


def _operand(array: np.ndarray) -> _aclnn.Operand:
    strides = tuple(stride // array.itemsize for stride in array.strides)
    return array.ctypes.data, array.shape, strides, _data_type(array.dtype)
