# SPDX-License-Identifier: Apache-2.0
"""The compiled operators as MindSpore primitives, with their gradients in both modes.

`ops.Custom(func_type="aot")` is the one kind of compiled operator that is right in PyNative and in GRAPH
mode. It takes no optional inputs, so an absent weight is passed as a tensor of type bool, `ABSENT`.

In a graph, a gradient that nobody asks for is left out by the compiler. PyNative mode would compute all that
a primitive's `bprop` returns, so there the gradients come from a `_Function`, which knows what is needed, and
which calls the aclnn functions itself.
"""

import ctypes
import os
from collections.abc import Callable
from typing import Any, NamedTuple

import mindspore
from mindspore import Tensor, ops
from mindspore.common._grad_function import _Function
from mindspore.common.api import _pynative_executor
from mindspore.ops import Custom, PrimitiveWithInfer

from .. import _aclnn
from . import _eager

REDUCTIONS = ("none", "mean", "sum")
_NONE = 0
ABSENT = Tensor(False)


class Operators(NamedTuple):
    """A loss with one reduction, and its gradients.

    All take (input, target, weight, pos_weight), the gradients that of the loss before them. The gradients of
    the weights take (gradient, input, target, the other weight, the weight), of float32 but for the weights.

    Attributes:
        function: The aclnn function of the loss, without `aclnn`; those of its gradients begin with its name.
        inputs: How many of the four it takes.
        reduction: The index of the reduction.
        loss: Differentiable in a graph.
        input_gradient: Of input's type.
        target_gradient: Of target's type.
        weight_gradient: Of type float32 and the weight's shape.
        pos_weight_gradient: The same for pos_weight.
    """

    function: str
    inputs: int
    reduction: int
    loss: Custom
    input_gradient: Custom
    target_gradient: Custom
    weight_gradient: Custom
    pos_weight_gradient: Custom

    def call(self, ending: str, tensors: tuple[Tensor, ...], *outputs: Tensor) -> None:
        """Call the aclnn function that is named so in the end at once, with those tensors that it takes."""
        _eager.call(
            self.function + ending,
            tensors[: len(tensors) - 4 + self.inputs],
            (self.reduction,),
            *outputs,
        )


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
    if "OMP_NUM_THREADS" not in os.environ:
        # MindSpore sets it when it is imported, where C looks, for its own use of OpenMP: to half the cores.
        library.runtime_function("ascend_sim_set_threads", None, ctypes.c_uint32)(0)
    # MindSpore loads our library, which finds the aclnn functions among the global symbols.
    ctypes.CDLL(str(_aclnn.OPERATORS), ctypes.RTLD_GLOBAL)


def _custom(name: str, shape: Callable, dtype: Callable, bprop: Callable | None = None) -> Custom:
    return Custom(f"{_eager.LIBRARY}:{name}", shape, dtype, "aot", bprop)


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


def _make_operators(loss: str, function: str, inputs: int, reduction: str) -> Operators:
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
    return Operators(
        function,
        inputs,
        REDUCTIONS.index(reduction),
        differentiable_loss,
        input_gradient,
        target_gradient,
        weight_gradient,
        pos_weight_gradient,
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
WITH_LOGITS = tuple(
    _make_operators("with_logits", "BinaryCrossEntropyWithLogits", 4, reduction) for reduction in REDUCTIONS
)
ON_PROBABILITIES = tuple(
    _make_operators("on_probabilities", "BinaryCrossEntropy", 3, reduction) for reduction in REDUCTIONS
)
WITH_LOGITS_LOSSES = tuple(operators.loss for operators in WITH_LOGITS)
ON_PROBABILITIES_LOSSES = tuple(operators.loss for operators in ON_PROBABILITIES)

_ONE_PASS_DTYPES = {mindspore.float32, mindspore.bfloat16}


class Loss(_Function):
    """A loss in PyNative mode: `Loss.apply(operators, input, target, weight, pos_weight)`."""

    @staticmethod
    def forward(ctx, operators, input, target, weight, pos_weight):
        """Return the loss."""
        tensors = input, target, weight, pos_weight
        ctx.operators = operators
        ctx.save_for_backward(*tensors)
        ctx.gradient = None
        reduced = operators.reduction != _NONE
        loss = _eager.empty(() if reduced else input.shape, target.dtype)
        if operators in ON_PROBABILITIES:
            _eager.check_probabilities(input)
        elif reduced and ctx.needs_input_grad[1] and {input.dtype, target.dtype} <= _ONE_PASS_DTYPES:
            ctx.gradient = _eager.empty(input.shape, input.dtype)
            operators.call("LossAndGradient", tensors, loss, ctx.gradient)
            return loss
        operators.call("", tensors, loss)
        return loss

    @staticmethod
    def backward(ctx, gradient):
        """Return the gradients that are needed."""
        operators = ctx.operators
        input, target, weight, pos_weight = ctx.saved_tensors
        _, of_input, of_target, of_weight, of_pos_weight = ctx.needs_input_grad
        return (
            None,
            _gradient_of_input(ctx, gradient) if of_input else None,
            _gradient_of_target(ctx, gradient) if of_target else None,
            compute_weight_gradient(operators.weight_gradient, gradient, input, target, pos_weight, weight)
            if of_weight
            else None,
            compute_weight_gradient(
                operators.pos_weight_gradient, gradient, input, target, weight, pos_weight
            )
            if of_pos_weight
            else None,
        )


# Where the gradient itself is being differentiated, a primitive is called: it says that it has no derivative,
# while what is computed here would look like a constant.
def _gradient_of_input(ctx, gradient):
    tensors = ctx.saved_tensors
    if _pynative_executor.grad_flag():
        return ctx.operators.input_gradient(gradient, *tensors)
    result, ctx.gradient = ctx.gradient, None
    if result is not None:
        _eager.call("BinaryCrossEntropyScaleGradient", (gradient,), (), result)
        return result
    # For every backward pass after the first, too.
    result = _eager.empty(tensors[0].shape, tensors[0].dtype)
    ctx.operators.call("Backward", (gradient, *tensors), result)
    return result


def _gradient_of_target(ctx, gradient):
    tensors = ctx.saved_tensors
    if _pynative_executor.grad_flag():
        return ctx.operators.target_gradient(gradient, *tensors)
    result = _eager.empty(tensors[1].shape, tensors[1].dtype)
    ctx.operators.call("TargetBackward", (gradient, *tensors), result)
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
