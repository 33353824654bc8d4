# SPDX-License-Identifier: Apache-2.0
"""The compiled operators as MindSpore primitives, with their gradients in both modes.

`ops.Custom(func_type="aot")` is the one kind of compiled operator that is right in PyNative and in GRAPH
mode. It takes no optional inputs, so an absent weight is passed as a tensor of type bool, `ABSENT`.

In a graph, a gradient that nobody asks for is left out by the compiler. PyNative mode would compute all that
a primitive's `bprop` returns, so there the gradients come from a `_Function`, which knows what is needed.
"""

import ctypes
from collections.abc import Callable
from typing import Any, NamedTuple

import mindspore
from mindspore import Tensor, ops
from mindspore.common._grad_function import _Function
from mindspore.common.api import _pynative_executor
from mindspore.ops import Custom, PrimitiveWithInfer

from .. import _aclnn

REDUCTIONS = ("none", "mean", "sum")
ABSENT = Tensor(False)

_LIBRARY = _aclnn.PACKAGE / "mindspore" / "libascend_bce_mindspore.so"


class Operators(NamedTuple):
    """A loss with one reduction, and its gradients.

    All take (input, target, weight, pos_weight), the gradients that of the loss before them. The gradients of
    the weights take (gradient, input, target, the other weight, the weight), of float32 but for the weights.

    Attributes:
        loss: Differentiable in a graph.
        input_gradient: Of input's type.
        target_gradient: Of target's type.
        weight_gradient: Of type float32 and the weight's shape.
        pos_weight_gradient: The same for pos_weight.
        loss_and_gradient: The loss, and the gradient of input for a gradient of 1, in one pass; None where
            there is no such operator.
    """

    loss: Custom
    input_gradient: Custom
    target_gradient: Custom
    weight_gradient: Custom
    pos_weight_gradient: Custom
    loss_and_gradient: Custom | None


def _load() -> None:
    library = _aclnn.library()
    target = mindspore.get_context("device_target")
    if library.backend != "simulator" or target != "CPU":
        raise _aclnn.BackendError(
            "ascend_bce.mindspore computes on tensors in the CPU's memory, with the simulator, but "
            f"MindSpore's device target is {target} and the backend is {library.backend}. Before the import, "
            "call mindspore.set_device('CPU') and set ASCEND_BCE_BACKEND=simulator. On Ascend, MindSpore "
            f"calls the operators by itself once ASCEND_CUSTOM_OPP_PATH names {_aclnn.OPERATORS.parents[2]}"
        )
    # MindSpore loads our library, which finds the aclnn functions among the global symbols.
    ctypes.CDLL(str(_aclnn.OPERATORS), ctypes.RTLD_GLOBAL)


def _custom(name: str, shape: Callable, dtype: Callable, bprop: Callable | None = None) -> Custom:
    return Custom(f"{_LIBRARY}:{name}", shape, dtype, "aot", bprop)


# Shape and type of an output, from those of the inputs.
def _first(first: Any, *others: Any) -> Any:
    return first


def _second(first: Any, second: Any, *others: Any) -> Any:
    return second


def _third(first: Any, second: Any, third: Any, *others: Any) -> Any:
    return third


def _last(first: Any, second: Any, third: Any, fourth: Any, last: Any) -> Any:
    return last


def _scalar(*shapes: Any) -> tuple[()]:
    return ()


def _float32(*dtypes: Any) -> Any:
    return mindspore.float32


def _scalar_and_first(first: Any, *others: Any) -> tuple[Any, Any]:
    return (), first


def _second_and_first(first: Any, second: Any, *others: Any) -> tuple[Any, Any]:
    return second, first


def _make_operators(loss: str, reduction: str) -> Operators:
    def entry(gradient: str) -> str:
        return f"{loss}{gradient}_{reduction}"

    input_gradient = _custom(entry("_backward"), _second, _second)
    target_gradient = _custom(entry("_target_backward"), _third, _third)
    weight_gradient = _custom(entry("_weight_backward"), _last, _float32)
    pos_weight_gradient = _custom(entry("_pos_weight_backward"), _last, _float32)

    def bprop(input, target, weight, pos_weight, loss, gradient):
        return (
            input_gradient(gradient, input, target, weight, pos_weight),
            target_gradient(gradient, input, target, weight, pos_weight),
            compute_weight_gradient(weight_gradient, gradient, input, target, pos_weight, weight),
            compute_weight_gradient(pos_weight_gradient, gradient, input, target, weight, pos_weight),
        )

    shape = _first if reduction == "none" else _scalar
    differentiable_loss = _custom(entry(""), shape, _second, bprop)
    loss_and_gradient = None
    if loss == "with_logits" and reduction != "none":
        loss_and_gradient = _custom(entry("_loss_and_gradient"), _scalar_and_first, _second_and_first)
    return Operators(
        differentiable_loss,
        input_gradient,
        target_gradient,
        weight_gradient,
        pos_weight_gradient,
        loss_and_gradient,
    )


def compute_weight_gradient(operator, gradient, input, target, other_weight, weight):
    """Return the gradient of a weight, or of ABSENT something of its type."""
    if weight.dtype == mindspore.bool_:
        return weight
    result = operator(
        ops.cast(gradient, mindspore.float32),
        ops.cast(input, mindspore.float32),
        ops.cast(target, mindspore.float32),
        other_weight,
        weight,
    )
    return ops.cast(result, weight.dtype)


_load()
WITH_LOGITS = tuple(_make_operators("with_logits", reduction) for reduction in REDUCTIONS)
ON_PROBABILITIES = tuple(_make_operators("on_probabilities", reduction) for reduction in REDUCTIONS)
WITH_LOGITS_LOSSES = tuple(operators.loss for operators in WITH_LOGITS)
ON_PROBABILITIES_LOSSES = tuple(operators.loss for operators in ON_PROBABILITIES)


# Multiplies its second tensor by its first, in place; what it returns means nothing.
_scale_gradient = _custom("scale_gradient", _first, _first)
_ONE_PASS_DTYPES = (mindspore.float32, mindspore.bfloat16)


class Loss(_Function):
    """A loss in PyNative mode: `Loss.apply(operators, input, target, weight, pos_weight)`."""

    @staticmethod
    def forward(ctx, operators, input, target, weight, pos_weight):
        """Return the loss."""
        ctx.operators = operators
        ctx.save_for_backward(input, target, weight, pos_weight)
        ctx.gradient = None
        one_pass = operators.loss_and_gradient
        if one_pass and ctx.needs_input_grad[1] and {input.dtype, target.dtype} <= set(_ONE_PASS_DTYPES):
            loss, ctx.gradient = one_pass(input, target, weight, pos_weight)
            return loss
        return operators.loss(input, target, weight, pos_weight)

    @staticmethod
    def backward(ctx, gradient):
        """Return the gradients that are needed."""
        operators = ctx.operators
        input, target, weight, pos_weight = ctx.saved_tensors
        _, of_input, of_target, of_weight, of_pos_weight = ctx.needs_input_grad
        arguments = gradient, input, target, weight, pos_weight
        return (
            None,
            _gradient_of_input(ctx, gradient) if of_input else None,
            operators.target_gradient(*arguments) if of_target else None,
            compute_weight_gradient(operators.weight_gradient, gradient, input, target, pos_weight, weight)
            if of_weight
            else None,
            compute_weight_gradient(
                operators.pos_weight_gradient, gradient, input, target, weight, pos_weight
            )
            if of_pos_weight
            else None,
        )


def _gradient_of_input(ctx, gradient):
    # Computed anew for every backward after the first, and where the gradient itself is being differentiated:
    # a stored one would look like a constant.
    if ctx.gradient is None or _pynative_executor.grad_flag():
        return ctx.operators.input_gradient(gradient, *ctx.saved_tensors)
    result, ctx.gradient = ctx.gradient, None
    _scale_gradient(gradient, result)
    return result


class _IsCompiling(PrimitiveWithInfer):
    """Tells whether the function that calls it is being compiled into a graph."""

    def __init__(self):
        super().__init__("IsCompiling")
        self.set_const_prim(True)

    def __infer__(self):
        return {"dtype": None, "shape": None, "value": True}

    def __call__(self):
        return False


is_compiling = _IsCompiling()
