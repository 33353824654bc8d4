# SPDX-License-Identifier: Apache-2.0
"""What `bench --modelled` models, and what ought to come out of it: tables, nothing else."""

from typing import NamedTuple

SOCS = ("Ascend910B1", "Ascend910B4-1", "Ascend950")
DTYPES = ("float32", "float16", "bfloat16")
ELEMENTS = tuple(2**exponent for exponent in range(10, 29, 2))  # 1 K to 256 M
POS_WEIGHTS = 128  # the length of a pos_weight that broadcasts, which divides all of ELEMENTS

_MEAN = (1,)


class Call(NamedTuple):
    """A call of one of our aclnn functions, on tensors by name; None for an absent one."""

    function: str
    inputs: tuple[str | None, ...]
    attributes: tuple[int, ...]
    outputs: tuple[str, ...]


class Case(NamedTuple):
    """What is modelled.

    Attributes:
        name: Its name in the table.
        calls: Ours, in turn.
        built_in: The chains of built_in.json that come to the same, in turn.
        least: The tensors of all elements that have to be read or written once at least.
        dtypes: The types of logits and target for which there is ours.
    """

    name: str
    calls: tuple[Call, ...]
    built_in: tuple[str, ...]
    least: tuple[str, ...]
    dtypes: tuple[str, ...] = DTYPES


def _forward(pos_weight: str | None) -> Call:
    return Call("aclnnBinaryCrossEntropyWithLogits", ("self", "target", None, pos_weight), _MEAN, ("result",))


def _backward(pos_weight: str | None) -> Call:
    inputs = ("grad_output", "self", "target", None, pos_weight)
    return Call("aclnnBinaryCrossEntropyWithLogitsBackward", inputs, _MEAN, ("gradient",))


def _both(pos_weight: str | None) -> Call:
    inputs = ("self", "target", None, pos_weight)
    return Call("aclnnBinaryCrossEntropyWithLogitsLossAndGradient", inputs, _MEAN, ("result", "gradient"))


def _scale(grad_output: str) -> Call:
    return Call("aclnnBinaryCrossEntropyScaleGradient", (grad_output,), (), ("gradient",))


_READ = ("self", "target")
_READ_AND_WRITTEN = ("self", "target", "gradient")
_BOTH_DTYPES = ("float32", "bfloat16")

CASES = (
    Case("forward", (_forward(None),), ("forward",), _READ),
    Case("forward, pos_weight", (_forward("pos_weight"),), ("forward, pos_weight",), _READ),
    Case(
        "forward and backward", (_forward(None), _backward(None)), ("forward", "backward"), _READ_AND_WRITTEN
    ),
    Case(
        "forward and backward, pos_weight",
        (_forward("pos_weight"), _backward("pos_weight")),
        ("forward, pos_weight", "backward, pos_weight"),
        _READ_AND_WRITTEN,
    ),
    Case(
        "loss and gradient in one pass",
        (_both(None), _scale("grad_output")),
        ("forward", "backward"),
        _READ_AND_WRITTEN,
        _BOTH_DTYPES,
    ),
    Case(
        "loss and gradient in one pass, grad_output 2",
        (_both(None), _scale("grad_output of 2")),
        ("forward", "backward"),
        _READ_AND_WRITTEN,
        _BOTH_DTYPES,
    ),
    Case(
        "loss and gradient in one pass, pos_weight",
        (_both("pos_weight"), _scale("grad_output")),
        ("forward, pos_weight", "backward, pos_weight"),
        _READ_AND_WRITTEN,
        _BOTH_DTYPES,
    ),
)


class Goal(NamedTuple):
    """A figure to reach, at 64 M elements on Ascend910B1.

    Attributes:
        case: Name of the case.
        dtype: Type of logits and target.
        figure: Which attribute of a `Comparison`.
        limit: Its least value, or ...
        at_most: ... whether it is its largest.
    """

    case: str
    dtype: str
    figure: str
    limit: float
    at_most: bool = False


GOAL_SOC, GOAL_ELEMENTS = "Ascend910B1", 2**26
GOALS = (
    Goal("forward", "float32", "share_of_hbm", 0.90),
    Goal("forward", "float16", "share_of_hbm", 0.80),
    Goal("forward", "bfloat16", "share_of_hbm", 0.68),
    Goal("forward", "float32", "times_as_fast", 2.8),
    Goal("forward, pos_weight", "float32", "times_as_fast", 1.9),
    Goal("loss and gradient in one pass", "float32", "times_as_fast", 3.8),
    Goal("loss and gradient in one pass, grad_output 2", "float32", "times_as_fast", 2.4),
    Goal("forward", "float32", "vector_cycles", 21, at_most=True),
    Goal("forward", "float16", "vector_cycles", 18, at_most=True),
    Goal("forward", "bfloat16", "vector_cycles", 21, at_most=True),
)
