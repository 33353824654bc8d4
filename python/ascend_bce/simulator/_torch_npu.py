# SPDX-License-Identifier: Apache-2.0
"""Lets torch's CPU kernels compute what has no operator on the simulated device.

torch_npu has a kernel for nearly everything, which calls an aclnn function of CANN's operator library. The
simulator has a handful of them. So that whole models run, the other kernels are replaced: torch's CPU kernel
computes on the device's memory, which is the host's, after the stream has done what was queued before.
"""

import re
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.utils._pytree import tree_map

# Memory and how it is looked at, and what the simulator has aclnn functions for: these stay torch_npu's.
_KEPT = {
    "_copy_from_and_resize", "_lazy_clone", "_local_scalar_dense", "_pin_memory", "_reshape_alias",
    "_to_copy", "as_strided", "as_strided_", "clone", "contiguous", "copy_", "empty", "empty_like",
    "empty_strided", "is_pinned", "is_set_to", "new_empty_strided", "record_stream", "resize_", "resize_as_",
    "set_", "zero_",
}  # fmt: skip


def replace_kernels(operators: Iterable[Path]) -> list[str]:
    """Make torch's CPU kernels compute for every operator of torch that is not simulated.

    Args:
        operators: Operator packages. An operator of torch stays torch_npu's if one of them exports the aclnn
            function of its name.

    Returns:
        The names of the operators of torch that were replaced.
    """
    exported = set().union(*map(_aclnn_functions, operators))
    library = torch.library.Library("aten", "IMPL", "PrivateUse1")
    _libraries.append(library)
    replaced = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a kernel is replaced is what this is for
        for name in torch._C._dispatch_get_registrations_for_dispatch_key("PrivateUse1"):
            operator = _find_operator(name)
            if operator is not None and not _is_kept(operator, exported):
                library.impl(operator, _on_host(operator), "PrivateUse1", allow_override=True)
                replaced.append(name)
    return replaced


_libraries = []  # a registration ends with its library


def _find_operator(name: str) -> torch._ops.OpOverload | None:
    """Return the operator of torch, if torch has a CPU kernel for it."""
    namespace, _, name = name.partition("::")
    packet = getattr(torch.ops.aten, name.partition(".")[0], None) if namespace == "aten" else None
    operator = getattr(packet, name.partition(".")[2] or "default", None)
    has_kernel = operator is not None and (
        torch._C._dispatch_has_kernel_for_dispatch_key(operator.name(), "CPU")
        or torch._C._dispatch_has_kernel_for_dispatch_key(operator.name(), "CompositeExplicitAutograd")
        or torch._C._dispatch_has_kernel_for_dispatch_key(operator.name(), "CompositeImplicitAutograd")
    )
    return operator if has_kernel else None


def _is_kept(operator: torch._ops.OpOverload, exported: set[str]) -> bool:
    name = operator.overloadpacket.__name__
    if name in _KEPT or _aclnn_name(name) in exported:
        return True
    # A view of its argument.
    return any(
        result.alias_info is not None and not result.alias_info.is_write
        for result in operator._schema.returns
    )


def _aclnn_name(name: str) -> str:
    words = "".join(word.capitalize() for word in name.split("_"))
    return f"aclnn{'Inplace' if name.endswith('_') else ''}{words}"


def _aclnn_functions(package: Path) -> set[str]:
    """Return the aclnn functions whose headers a package has."""
    headers = (package / "op_api" / "include").glob("*.h")
    declared = re.findall(r"\b(aclnn\w+?)(?:GetWorkspaceSize)?\(", "".join(map(Path.read_text, headers)))
    return set(declared)


def _on_host(operator: torch._ops.OpOverload) -> Callable:
    """Make the kernel that runs an operator on CPU tensors in the device's memory."""
    arguments = operator._schema.arguments
    written = [argument.alias_info is not None and argument.alias_info.is_write for argument in arguments]
    names = [argument.name for argument in arguments]

    def kernel(*args: Any, **kwargs: Any) -> Any:
        devices = {}  # of the tensors, in order

        def note(value: Any) -> None:
            if isinstance(value, Tensor) and value.device.type != "cpu":
                devices[value.device] = None
            elif isinstance(value, torch.device) and value.type != "cpu":
                devices[_indexed(value)] = None

        tree_map(note, (args, kwargs))
        device = next(iter(devices), None) or _indexed(torch.device("npu"))
        for used in devices:
            with torch.npu.device(used):  # which makes its streams, if it is used for the first time
                torch.npu.current_stream().synchronize()

        originals = {}

        def to_host(value: Any) -> Any:
            if isinstance(value, Tensor) and value.device.type != "cpu":
                host = _host_view(value)
                originals[id(host)] = value, host
                return host
            if isinstance(value, torch.device):
                return torch.device("cpu")
            if isinstance(value, torch.Generator):
                return _host_generator(value)
            return value

        def to_device(value: Any) -> Any:
            if not isinstance(value, Tensor):
                return value
            if id(value) in originals:
                return originals[id(value)][0]
            result = torch.empty_strided(value.size(), value.stride(), dtype=value.dtype, device=device)
            _host_view(result).copy_(value)
            return result

        host_args, host_kwargs = tree_map(to_host, (args, kwargs))
        results = operator(*host_args, **host_kwargs)
        for name, is_written, value in zip(names, written, [*host_args, *[None] * len(names)], strict=False):
            if is_written:
                tree_map(lambda host: _write_back(originals, host), host_kwargs.get(name, value))
        return tree_map(to_device, results)

    return kernel


def _write_back(originals: dict, host: Any) -> None:
    """Give an empty output the shape that its stand-in has got, and what was computed."""
    if isinstance(host, Tensor) and id(host) in originals:
        original = originals[id(host)][0]
        if original.shape != host.shape:
            original.resize_(host.shape)
            _host_view(original).copy_(host)


def _host_view(tensor: Tensor) -> Tensor:
    """Return a CPU tensor on a device tensor's memory, which must live on; of an empty one, a copy."""
    if tensor.numel() == 0:
        return torch.empty(tensor.size(), dtype=tensor.dtype)  # whose memory an operator can make larger
    storage = tensor.untyped_storage()
    memory = torch._C._construct_storage_from_data_pointer(
        storage.data_ptr(), torch.device("cpu"), storage.nbytes()
    )
    view = torch.empty(0, dtype=tensor.dtype)
    view.set_(memory, tensor.storage_offset(), tensor.size(), tensor.stride())
    if tensor.is_conj():
        view = view.conj()
    return view._neg_view() if tensor.is_neg() else view


def _indexed(device: torch.device) -> torch.device:
    return torch.device("npu", torch.npu.current_device()) if device.index is None else device


_generators: dict[torch.Generator, torch.Generator] = {}


def _host_generator(generator: torch.Generator) -> torch.Generator:
    """Return the generator on the CPU that stands for one of the device, with its seed at first."""
    if generator.device.type == "cpu":
        return generator
    if generator not in _generators:
        _generators[generator] = torch.Generator().manual_seed(generator.initial_seed())
    return _generators[generator]
