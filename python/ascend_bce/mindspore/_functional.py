# SPDX-License-Identifier: Apache-2.0
"""The losses as functions."""

from ._checks import CheckArguments
from ._operators import (
    ABSENT,
    ON_PROBABILITIES,
    ON_PROBABILITIES_LOSSES,
    WITH_LOGITS,
    WITH_LOGITS_LOSSES,
    Loss,
    is_compiling,
)

_check_with_logits = CheckArguments(
    "binary_cross_entropy_with_logits", ("input", "target", "weight", "pos_weight"), one_type=False
)
_check_on_probabilities = CheckArguments(
    "binary_cross_entropy", ("logits", "labels", "weight"), one_type=True
)


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
            `reduction` is unknown, there are more than eight dimensions, or a graph is compiled for shapes
            that are not known yet.

    Works in PyNative and in GRAPH mode. All tensors get gradients; those of the weights, which MindSpore's
    own function leaves at zero, are summed over the dimensions along which the weights are broadcast. Asking
    for a second derivative raises RuntimeError. Results are the same bits for any number of threads. An
    infinite logit gives the limit of its loss, 0 or inf.

    Accuracy, in units in the last place: a float32 loss 3 (4 with one weight, 5 with both), its gradient for
    the logits 4.5 (5 with weights), for the target 4, a sum 2 more than a loss, a mean 2.5; float16 0.502,
    bfloat16 0.501; gradients that are scaled 1 more, in half types 0.5. docs/accuracy.md says of what these
    are, and for which arguments.

    Examples:
        >>> input = mindspore.tensor([[-0.8, 1.2, 0.7], [-0.1, -0.4, 0.7]])
        >>> target = mindspore.tensor([[0.3, 0.8, 1.2], [-0.6, 0.1, 2.2]])
        >>> print(binary_cross_entropy_with_logits(input, target))
        0.34636116
    """
    number = _check_with_logits(reduction, input, target, weight, pos_weight)
    if weight is None:
        weight = ABSENT
    if pos_weight is None:
        pos_weight = ABSENT
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
            `reduction` is unknown, there are more than eight dimensions, or a graph is compiled for shapes
            that are not known yet.
        RuntimeError: An element of `logits` lies outside [0, 1].

    Works in PyNative and in GRAPH mode. All tensors get gradients, as for `binary_cross_entropy_with_logits`.

    Accuracy, in units in the last place: a float32 loss 3 (5 with weight), its gradient for the probabilities
    3 (4 with weight), for the target 4, a sum 2 more than a loss, a mean 2.5; float16 0.502, bfloat16 0.501;
    gradients that are scaled 1 more, in half types 0.5. docs/accuracy.md says of what these are, and for
    which arguments.

    Examples:
        >>> logits = mindspore.tensor([0.2, 0.7, 0.1])
        >>> labels = mindspore.tensor([0.0, 1.0, 0.0])
        >>> print(binary_cross_entropy(logits, labels, mindspore.tensor([1.0, 2.0, 2.0])))
        0.38240483
    """
    number = _check_on_probabilities(reduction, logits, labels, weight)
    if weight is None:
        weight = ABSENT
    if is_compiling():
        return ON_PROBABILITIES_LOSSES[number](logits, labels, weight, ABSENT)
    return Loss.apply(ON_PROBABILITIES[number], logits, labels, weight, ABSENT)
