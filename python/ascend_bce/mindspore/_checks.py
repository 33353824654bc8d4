# SPDX-License-Identifier: Apache-2.0
"""What the losses require of their arguments."""

from functools import lru_cache
from typing import Any

import mindspore
from mindspore import Tensor
from mindspore.ops import PrimitiveWithInfer

from ._operators import REDUCTIONS

_DATA_TYPES = (mindspore.float32, mindspore.float16, mindspore.bfloat16)
_MAX_DIMENSIONS = 8  # of aclnn functions


class CheckArguments(PrimitiveWithInfer):
    """Checks a loss's reduction and tensors; returns the number of the reduction.

    Called in a function that is being compiled into a graph, it is evaluated then and becomes a constant.
    """

    def __init__(self, name: str, roles: tuple[str, ...], one_type: bool) -> None:
        """Say of which function, what the tensors are called, and whether the first two must have one type.

        The first two are the input and its target, which have one shape; the others broadcast to it.
        """
        super().__init__("CheckArguments_" + name)
        self.set_const_prim(True)
        self._signature = name, roles, one_type

    def __call__(self, reduction: str, *tensors: Tensor | None) -> int:
        """Check the arguments of a call."""
        _check_tensors(
            self._signature,
            *(
                (t.dtype, t.shape) if isinstance(t, Tensor) else None if t is None else type(t)
                for t in tensors
            ),
        )
        return _check_reduction(self._signature, reduction)

    def __infer__(self, reduction: dict, *tensors: dict) -> dict:
        """Check the arguments while a graph is compiled."""
        _check_tensors(self._signature, *map(_describe, tensors))
        number = _check_reduction(self._signature, reduction["value"])
        return {"dtype": None, "shape": None, "value": number}


def _describe(argument: dict) -> Any:
    dtype = argument["dtype"]
    if hasattr(dtype, "element_type"):
        return dtype.element_type(), tuple(argument["shape"])
    return None if dtype is None else str(dtype)


@lru_cache(maxsize=1024)
def _check_tensors(signature: tuple, *tensors: Any) -> None:
    """Check types and shapes: for a tensor a tuple of both, None for an absent weight, or what it is."""
    name, roles, one_type = signature
    for i, (role, tensor) in enumerate(zip(roles, tensors, strict=True)):
        if i >= 2 and tensor is None:
            continue
        if not isinstance(tensor, tuple):
            raise TypeError(f"For '{name}', '{role}' must be a Tensor, but it is {tensor}")
        if tensor[0] not in _DATA_TYPES:
            raise TypeError(
                f"For '{name}', '{role}' must be of type float32, float16 or bfloat16, but it is "
                f"{tensor[0]}: convert it with {role}.astype(mindspore.float32)"
            )
        if any(size < 0 for size in tensor[1]):
            raise ValueError(
                f"For '{name}', '{role}' has the dynamic shape {tensor[1]}, but MindSpore's custom operators "
                "take only shapes that are known when the graph is compiled: give set_inputs() full shapes"
            )
    (input_type, input_shape), (target_type, target_shape), *weights = tensors
    input_role, target_role, *weight_roles = roles
    if one_type and input_type != target_type:
        raise TypeError(
            f"For '{name}', '{input_role}' and '{target_role}' must have the same type, but they have "
            f"{input_type} and {target_type}"
        )
    if len(input_shape) > _MAX_DIMENSIONS:
        raise ValueError(
            f"For '{name}', '{input_role}' has {len(input_shape)} dimensions, but at most {_MAX_DIMENSIONS} "
            "are supported: join some of them by reshape"
        )
    if input_shape != target_shape:
        raise ValueError(
            f"For '{name}', '{input_role}' and '{target_role}' must have the same shape, but they have "
            f"{input_shape} and {target_shape}"
        )
    for role, weight in zip(weight_roles, weights, strict=True):
        if weight is not None and not _broadcasts_to(weight[1], input_shape):
            raise ValueError(
                f"For '{name}', the shape of '{role}' can not broadcast to the shape of '{input_role}': "
                f"it is {weight[1]}, that of '{input_role}' {input_shape}"
            )


def _check_reduction(signature: tuple, reduction: Any) -> int:
    name, _, _ = signature
    if not isinstance(reduction, str):
        raise TypeError(f"For '{name}', 'reduction' must be a string, but it is {reduction!r}")
    if reduction.lower() not in REDUCTIONS:
        raise ValueError(f"For '{name}', 'reduction' must be one of {REDUCTIONS}, but it is {reduction!r}")
    return REDUCTIONS.index(reduction.lower())


def _broadcasts_to(shape: tuple[int, ...], full: tuple[int, ...]) -> bool:
    leading = len(full) - len(shape)
    return leading >= 0 and all(size in (1, other) for size, other in zip(shape, full[leading:], strict=True))
