# SPDX-License-Identifier: Apache-2.0
"""How the operators compute on DTensors, whose elements lie on several devices.

Every element of a loss or gradient depends on one element of each input, so a device computes those of its
own shards: sharded along any dimension, weights along the dimensions that they span. A sum is the sum of the
devices' sums. A mean is that divided by the count of all elements, because a mean of the devices' means would
be wrong where their shards differ in size.
"""

import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import torch
from torch import Tensor

from ._elementwise import spread
from ._tensors import MEAN, NONE, SUM

_MODULE = "torch.distributed.tensor"


def is_distributed(arguments: Sequence[Any]) -> bool:
    """Tell whether there is a DTensor among an operator's arguments."""
    module = sys.modules.get(_MODULE)
    return module is not None and any(isinstance(argument, module.DTensor) for argument in arguments)


def is_gradient(operator: torch._ops.OpOverload) -> bool:
    """Tell whether an operator is a gradient: of full shape, and with a grad_output before the input."""
    return operator._schema.arguments[0].name == "grad_output"


def compute_mean(operator: torch._ops.OpOverload, arguments: Sequence[Any]) -> Tensor:
    """Compute an operator with the reduction MEAN by the same with SUM."""
    *tensors, _ = arguments
    if is_gradient(operator):
        outer, input, *others = tensors
        return operator(spread(outer, input, MEAN), input, *others, SUM)
    input, target, *weights = tensors
    # In float32, because half types may not hold the sum. A loss without pos_weight wants equal types.
    operands = input if len(weights) == 2 else input.float(), target.float()
    return (operator(*operands, *weights, SUM) / input.numel()).to(target.dtype)


def register(operators: Sequence[torch._ops.OpOverload]) -> None:
    """Tell DTensor how operators are sharded, once its module is imported.

    Importing it takes as long as importing torch, which users of one device need not wait for.
    """

    def register_now() -> None:
        from torch.distributed.tensor.experimental import register_sharding

        for operator in operators:
            register_sharding(operator)(partial(_shardings, is_gradient(operator)))

    if _MODULE in sys.modules:
        register_now()
    else:
        sys.meta_path.insert(0, _AfterImport(_MODULE, register_now))


def _shardings(gradient: bool, *arguments: Any) -> list[tuple[list, list]]:
    """Return the placements, along one dimension of a mesh, of result and arguments that fit together.

    Args:
        gradient: Whether the operator is a gradient.
        *arguments: Of the operator: something with a shape for a tensor. Those at the end that have their
            default may be missing.
    """
    from torch.distributed.tensor import Partial, Replicate, Shard

    reduction = next((argument for argument in arguments if isinstance(argument, int)), MEAN)
    full = arguments[1 if gradient else 0].shape

    def sharded(argument: Any, dimension: int) -> Any:
        if not hasattr(argument, "shape"):
            return None
        own = dimension - len(full) + len(argument.shape)
        return Shard(own) if own >= 0 and argument.shape[own] == full[dimension] else Replicate()

    replicated = [Replicate() if hasattr(argument, "shape") else None for argument in arguments]
    shardings = [([Replicate()], replicated)]
    if reduction != MEAN:
        shardings += [
            (
                [Shard(dimension) if gradient or reduction == NONE else Partial("sum")],
                [sharded(argument, dimension) for argument in arguments],
            )
            for dimension in range(len(full))
        ]
    return shardings


class _AfterImport(MetaPathFinder):
    """Calls a function as soon as a module has been imported."""

    def __init__(self, module: str, function: Callable[[], None]) -> None:
        self._module = module
        self._function = function

    def find_spec(self, name: str, path: Any, target: ModuleType | None = None) -> ModuleSpec | None:
        if name != self._module:
            return None
        sys.meta_path.remove(self)
        spec = find_spec(name)
        if spec is None or spec.loader is None:
            return spec
        execute = spec.loader.exec_module

        def execute_and_call(module: ModuleType) -> None:
            execute(module)
            self._function()

        spec.loader.exec_module = execute_and_call
        return spec
