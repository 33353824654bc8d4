# SPDX-License-Identifier: Apache-2.0
"""What every loss for PyTorch shares: which tensors the kernels take, and how they reach them."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from math import prod
from typing import Any, NoReturn

import torch
from torch import Tensor

from .. import _aclnn

DATA_TYPES = {
    torch.float32: _aclnn.FLOAT32,
    torch.float16: _aclnn.FLOAT16,
    torch.bfloat16: _aclnn.BFLOAT16,
}
# Types of weights that are converted to float32 on their way in, as torch's arithmetic takes them too.
CONVERTED_TYPES = frozenset(
    (torch.float64, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.bool)
)
MAX_DIMENSIONS = 8  # of aclnn functions


def is_plain(tensor: Any) -> bool:
    """Tell whether something is a dense tensor in the CPU's memory."""
    return isinstance(tensor, Tensor) and tensor.is_cpu and tensor.layout is torch.strided


@lru_cache(maxsize=1024)
def broadcasts_to(shape: torch.Size, full: torch.Size) -> bool:
    """Tell whether a tensor of one shape can be broadcast to another without changing that one."""
    leading = len(full) - len(shape)
    return leading >= 0 and all(size in (1, other) for size, other in zip(shape, full[leading:], strict=True))


def convert_weight(weight: Tensor | None) -> Tensor | None:
    """Return a weight in a type that the kernels take."""
    return weight.float() if weight is not None and weight.dtype in CONVERTED_TYPES else weight


def is_weight(weight: Any, input: Tensor) -> bool:
    """Tell whether something is a weight that the kernels take, after convert_weight, for an input."""
    return (
        is_plain(weight)
        and (weight.dtype in DATA_TYPES or weight.dtype in CONVERTED_TYPES)
        and broadcasts_to(weight.shape, input.shape)
    )


def to_float32(tensor: Any) -> Any:
    """Convert an argument as torch's autocast does for an operator that it runs in float32."""
    if isinstance(tensor, Tensor) and tensor.is_floating_point() and tensor.dtype != torch.float64:
        return tensor.float()
    return tensor


def detach(weight: Any) -> Any:
    """Hide from torch that a weight requires grad, which torch refuses and we do not."""
    return weight.detach() if isinstance(weight, Tensor) else weight


def refuse_type_or_place(name: str, tensors: dict[str, Any]) -> NoReturn:
    """Raise for a loss's arguments that torch takes, but for a tensor's type, layout or device we do not.

    Args:
        name: The loss, a function both of this package and of torch.nn.functional.
        tensors: Its arguments by name, `input` and `target` first; None for an absent one.
    """
    for role in "input", "target":
        if tensors[role].dtype not in DATA_TYPES:
            raise TypeError(
                f"ascend_bce.torch.{name} takes float32, float16 and bfloat16, but {role} is "
                f"{tensors[role].dtype}: convert it with {role}.float(), or use torch.nn.functional.{name} "
                "for this type"
            )
    found = ", ".join(
        f"{role} {tensor.layout} on {tensor.device}" for role, tensor in tensors.items() if tensor is not None
    )
    raise RuntimeError(f"ascend_bce.torch.{name} takes dense tensors on the CPU, but got {found}")


def fold_dimensions(input: Tensor, target: Tensor, *weights: Tensor | None) -> list[Tensor | None]:
    """Join neighbouring dimensions of a loss's arguments until the aclnn functions take them.

    Neighbours can be joined where every weight either spans both of them or is broadcast along both.

    Args:
        input: Logits, of any number of dimensions.
        target: Targets of the same shape.
        *weights: Tensors that broadcast to the input.

    Returns:
        The arguments in their order, reshaped; strided ones are copied where they cannot be viewed.

    Raises:
        RuntimeError: More than MAX_DIMENSIONS remain.
    """
    rank = input.dim()
    weights = [
        None if weight is None else weight.reshape((1,) * (rank - weight.dim()) + weight.shape)
        for weight in weights
    ]
    # A dimension of one element belongs to either kind, so it is left out.
    long_dimensions = [dimension for dimension in range(rank) if input.shape[dimension] != 1]
    groups = [
        (spans, list(dimensions))
        for spans, dimensions in groupby(
            long_dimensions,
            lambda d: tuple(weight is not None and weight.shape[d] != 1 for weight in weights),
        )
    ]
    if len(groups) > MAX_DIMENSIONS:
        raise RuntimeError(
            f"input has {rank} dimensions, which the weights' shapes let fold to {len(groups)}, but at most "
            f"{MAX_DIMENSIONS} are supported: expand the weights, or join dimensions before the loss"
        )
    shape = [prod(input.shape[d] for d in dimensions) for _, dimensions in groups]
    folded = []
    for i, weight in enumerate(weights):
        sizes = [size if spans[i] else 1 for size, (spans, _) in zip(shape, groups, strict=True)]
        folded.append(None if weight is None else weight.reshape(sizes))
    return [input.reshape(shape), target.reshape(shape), *folded]


def call(name: str, inputs: Sequence[Tensor | None], attribute: int, output: Tensor) -> None:
    """Call an aclnn function with one int attribute and one output on tensors in the CPU's memory."""
    # A negated view (of the imaginary part of a conjugate) holds its values with the other sign.
    inputs = [tensor if tensor is None else tensor.resolve_neg() for tensor in inputs]
    operands = [tensor if tensor is None else _operand(tensor) for tensor in inputs]
    _aclnn.call_on_host("ascend_bce.torch", name, operands, (attribute,), (_operand(output),))


def _operand(tensor: Tensor) -> _aclnn.Operand:
    address = tensor.data_ptr()
    if address == 0 and tensor.numel() > 0:
        raise RuntimeError(
            f"a {type(tensor).__name__} of shape {tuple(tensor.shape)} has no memory to compute on: "
            "ascend_bce.torch takes tensors with data, not fake or wrapped ones"
        )
    return address, tensor.shape, tensor.stride(), DATA_TYPES[tensor.dtype]
