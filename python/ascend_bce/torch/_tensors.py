# SPDX-License-Identifier: Apache-2.0
"""What every loss for PyTorch shares: which tensors the kernels take, and how they reach them."""

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import groupby
from math import prod
from typing import Any, NoReturn

import torch
from torch import Tensor
from torch._C import _are_functorch_transforms_active, _len_torch_dispatch_stack
from torch.autograd import forward_ad
from torch.compiler import is_compiling

from .. import _aclnn

REDUCTIONS = ("none", "mean", "sum")  # in the order of their numbers, torch's and aclnn's
NONE, MEAN, SUM = range(3)
DATA_TYPES = {
    torch.float32: _aclnn.FLOAT32,
    torch.float16: _aclnn.FLOAT16,
    torch.bfloat16: _aclnn.BFLOAT16,
}
# Types of weights that are converted to float32 on their way in, as torch's arithmetic takes them too.
CONVERTED_TYPES = frozenset(
    (torch.float64, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.bool)
)
DEVICES = frozenset(("cpu", "npu", "meta"))  # on the last, only shapes and types are computed
MAX_DIMENSIONS = 8  # of aclnn functions
_OWN_TYPES = frozenset((Tensor, torch.nn.Parameter))  # as opposed to wrappers and traced ones

_npu_function = cache(_aclnn.npu_function)


def is_plain(tensor: Any) -> bool:
    """Tell whether something is a dense tensor on a device that we serve."""
    return (
        isinstance(tensor, Tensor)
        and tensor.layout is torch.strided
        and (tensor.is_cpu or tensor.device.type in DEVICES)
    )


def is_direct(input: Any, target: Any, weight: Any = None, pos_weight: Any = None) -> bool:
    """Tell whether the kernels can be called without asking torch's dispatcher.

    They cannot where something else than execution is going on, which shows in the state or in the types of
    tensors: tracing, function transforms, forward-mode derivatives, dispatch modes.
    """
    # Without loops and long names, because every call of a loss asks.
    return (
        not is_compiling()
        and type(input) in _OWN_TYPES
        and type(target) in _OWN_TYPES
        and (weight is None or type(weight) in _OWN_TYPES)
        and (pos_weight is None or type(pos_weight) in _OWN_TYPES)
        and forward_ad._current_level < 0
        and not _are_functorch_transforms_active()
        and _len_torch_dispatch_stack() == 0
        and (input.is_cpu or input.device.type == "npu")
    )


def broadcasts_to(shape: Sequence[int], full: Sequence[int]) -> bool:
    """Tell whether a tensor of one shape can be broadcast to another without changing that one."""
    leading = len(full) - len(shape)
    return leading >= 0 and all(size in (1, other) for size, other in zip(shape, full[leading:], strict=True))


_cached_broadcasts_to = lru_cache(maxsize=1024)(broadcasts_to)


def is_weight(weight: Any, input: Tensor) -> bool:
    """Tell whether something is a weight that the kernels take for an input."""
    if not is_plain(weight) or not (weight.dtype in DATA_TYPES or weight.dtype in CONVERTED_TYPES):
        return False
    # The sizes of a traced tensor may be symbols, which cannot be looked up.
    check = _cached_broadcasts_to if is_direct(weight, input) else broadcasts_to
    return weight.device == input.device and check(weight.shape, input.shape)


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
    raise RuntimeError(
        f"ascend_bce.torch.{name} takes dense tensors on one device, the CPU or an NPU, but got {found}"
    )


def call(name: str, inputs: Sequence[Tensor | None], reduction: int, outputs: Sequence[Tensor]) -> None:
    """Call the aclnn function of a loss or of one of its gradients.

    Args:
        name: The function.
        inputs: What it reads, of any number of dimensions; weights of any real type.
        reduction: Its attribute.
        outputs: What it writes, of the loss's full shape or of no dimensions.
    """
    inputs = [None if tensor is None else _convert(tensor) for tensor in inputs]
    if all(tensor is None or tensor.dim() <= MAX_DIMENSIONS for tensor in inputs):
        launch(name, inputs, (reduction,), outputs)
        return
    shape, *inputs = fold_dimensions(inputs)
    results = [output if output.dim() == 0 else output.new_empty(shape) for output in outputs]
    launch(name, inputs, (reduction,), results)
    for output, result in zip(outputs, results, strict=True):
        if result is not output:
            output.copy_(result.view(output.shape))


def fold_dimensions(operands: Sequence[Tensor | None]) -> list:
    """Join neighbouring dimensions of a loss's operands until the aclnn functions take them.

    Neighbours can be joined where every operand either spans both of them or is broadcast along both.

    Args:
        operands: Tensors that broadcast to one of them; None for an absent one.

    Returns:
        The folded shape, and the operands in their order, reshaped; strided ones are copied where they cannot
        be viewed.

    Raises:
        RuntimeError: More than MAX_DIMENSIONS remain.
    """
    full = torch.broadcast_shapes(*(operand.shape for operand in operands if operand is not None))
    rank = len(full)
    operands = [
        None if operand is None else operand.reshape((1,) * (rank - operand.dim()) + operand.shape)
        for operand in operands
    ]
    # A dimension of one element belongs to either kind, so it is left out.
    long_dimensions = [dimension for dimension in range(rank) if full[dimension] != 1]
    groups = [
        (spans, list(dimensions))
        for spans, dimensions in groupby(
            long_dimensions,
            lambda d: tuple(operand is not None and operand.shape[d] != 1 for operand in operands),
        )
    ]
    if len(groups) > MAX_DIMENSIONS:
        raise RuntimeError(
            f"input has {rank} dimensions, which the weights' shapes let fold to {len(groups)}, but at most "
            f"{MAX_DIMENSIONS} are supported: expand the weights, or join dimensions before the loss"
        )
    shape = [prod(full[d] for d in dimensions) for _, dimensions in groups]
    folded = []
    for i, operand in enumerate(operands):
        sizes = [size if spans[i] else 1 for size, (spans, _) in zip(shape, groups, strict=True)]
        folded.append(None if operand is None else operand.reshape(sizes))
    return [shape, *folded]


def launch(
    name: str, inputs: Sequence[Tensor | None], attributes: Sequence[int], outputs: Sequence[Tensor]
) -> None:
    """Call an aclnn function on tensors that it takes, on the device they are on."""
    input_operands = [tensor if tensor is None else _operand(tensor) for tensor in inputs]
    output_operands = [_operand(tensor) for tensor in outputs]
    if outputs[0].is_cpu:
        _aclnn.call_on_host(
            "ascend_bce.torch", name, input_operands, attributes, output_operands, torch.get_num_threads()
        )
        return
    device = outputs[0].device

    def allocate(size: int) -> tuple[int, Tensor]:
        workspace = torch.empty(size, dtype=torch.uint8, device=device)
        return workspace.data_ptr(), workspace

    function = _npu_function("ascend_bce.torch", name, len(inputs), len(attributes), len(outputs))
    with torch.npu.device(device):  # because a stream takes work while its own device is the current one
        # Asking torch_npu for its stream waits until what was queued before has been launched.
        stream = torch.npu.current_stream().npu_stream
        function(input_operands, attributes, output_operands, allocate, stream)


def _convert(tensor: Tensor) -> Tensor:
    if tensor.dtype in CONVERTED_TYPES:
        return tensor.float()
    # A negated view (of the imaginary part of a conjugate) holds its values with the other sign.
    return tensor.resolve_neg()


def _operand(tensor: Tensor) -> _aclnn.Operand:
    address = tensor.data_ptr()
    if address == 0 and tensor.numel() > 0:
        raise RuntimeError(
            f"a {type(tensor).__name__} of shape {tuple(tensor.shape)} has no memory to compute on: "
            "ascend_bce.torch takes tensors with data, not fake or wrapped ones"
        )
    return address, tensor.shape, tensor.stride(), DATA_TYPES[tensor.dtype]
