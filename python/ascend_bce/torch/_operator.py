# SPDX-License-Identifier: Apache-2.0
"""What makes a function of tensors an operator of torch.library that composes with all of torch.

torch.library's own registration of derivatives knows no forward mode, and none under function transforms. So
an operator's autograd kernel is written here: one autograd function, which computes by the dispatcher's next
kernel, and whose derivatives call operators again.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch._functorch.utils import enable_single_level_autograd_function
from torch.autograd import forward_ad
from torch.autograd.function import _SingleLevelFunction

from . import _sharding
from ._tensors import MEAN, to_float32

LIBRARY = torch.library.Library("ascend_bce", "DEF")
_DEVICES = ("CPU", "PrivateUse1")  # the second one is torch_npu's


class Operator:
    """An operator of `torch.ops.ascend_bce`: a function of tensors and a reduction, with one result.

    Args:
        schema: Its declaration in torch's language. The reduction is the last argument.
        compute: Computes it, given all arguments, on tensors with data.
        fake: Makes a result of the right type, shape and strides, and computes nothing.
        backward: Given the gradient of the result, all arguments and which tensors want a gradient, returns
            the gradients of the tensors (None where none is wanted), computed by differentiable operators.
        tangent: Given the tangents of the tensors (None for zero) and all arguments, returns that of the
            result, by differentiable operators.
        batch: Given the batch size, and all arguments with the batch in dimension 0 of those that have one
            and which ones those are, returns the results of a batch.
        refuse_autocast: The text with which the operator is refused under autocast on an NPU; None where it
            is run in float32.

    Attributes:
        overload: What the dispatcher calls it by.
    """

    def __init__(
        self,
        schema: str,
        *,
        compute: Callable[..., Tensor],
        fake: Callable[..., Tensor],
        backward: Callable[..., Sequence[Tensor | None]],
        tangent: Callable[..., Tensor],
        batch: Callable[..., Tensor],
        refuse_autocast: str | None = None,
    ) -> None:
        """Define and register it."""
        name = LIBRARY.define(schema, tags=(torch.Tag.pt2_compliant_tag,)).split("::")[-1]
        self.backward = backward
        self.tangent = tangent
        self._batch = batch
        self._refuse_autocast = refuse_autocast
        self.overload = getattr(torch.ops.ascend_bce, name).default
        self._defaults = [argument.default_value for argument in self.overload._schema.arguments]

        for device in _DEVICES:
            LIBRARY.impl(name, lambda *arguments: compute(*self._fill(arguments)), device)
            LIBRARY.impl(name, self._record, "Autograd" + device, with_keyset=True)
        LIBRARY.impl(name, lambda *arguments: fake(*self._fill(arguments)), "Meta")
        LIBRARY.impl(name, self._record, "AutogradMeta", with_keyset=True)
        LIBRARY.impl(name, self._cast_on_cpu, "AutocastCPU")
        LIBRARY.impl(name, self._cast_on_npu, "AutocastPrivateUse1")
        torch.library.register_vmap(f"ascend_bce::{name}", self._map, lib=LIBRARY)

    def __call__(self, *arguments: Any) -> Tensor:
        """Call it through the dispatcher."""
        return self.overload(*arguments)

    def below_autograd(self, keyset: torch._C.DispatchKeySet, arguments: Sequence[Any]) -> Tensor:
        """Call what comes below the autograd kernels in the dispatcher's order."""
        # Function transforms record at several levels, one within the other: an outer one must see that
        # derivatives are wanted, which they are not within an autograd function of the inner one.
        with (
            torch._C._AutoDispatchBelowAutograd(),
            torch.enable_grad(),
            forward_ad._set_fwd_grad_enabled(True),
        ):
            return self.overload.redispatch(keyset & torch._C._after_autograd_keyset, *arguments)

    def _record(self, keyset: torch._C.DispatchKeySet, *arguments: Any) -> Tensor:
        arguments = self._fill(arguments)
        if arguments[-1] == MEAN and _sharding.is_distributed(arguments):
            return _sharding.compute_mean(self.overload, arguments)
        if _wants_derivatives(arguments):
            with enable_single_level_autograd_function():
                return _Recorded.apply(self, keyset, *arguments)
        with torch._C._AutoDispatchBelowAutograd():
            return self.overload.redispatch(keyset & torch._C._after_autograd_keyset, *arguments)

    def _fill(self, arguments: Sequence[Any]) -> tuple[Any, ...]:
        # The dispatcher leaves trailing arguments out that have their default.
        return (*arguments, *self._defaults[len(arguments) :])

    def _cast_on_cpu(self, *arguments: Any) -> Tensor:
        return self._cast(torch._C.DispatchKey.AutocastCPU, arguments)

    def _cast_on_npu(self, *arguments: Any) -> Tensor:
        if self._refuse_autocast is not None:
            raise RuntimeError(self._refuse_autocast)
        return self._cast(torch._C.DispatchKey.AutocastPrivateUse1, arguments)

    def _cast(self, key: torch._C.DispatchKey, arguments: Sequence[Any]) -> Tensor:
        with torch._C._ExcludeDispatchKeyGuard(torch._C.DispatchKeySet(key)):
            return self.overload(*map(to_float32, arguments))

    def _map(self, info: Any, dimensions: Sequence[int | None], *arguments: Any) -> tuple[Tensor, int]:
        arguments = self._fill(arguments)
        dimensions = (*dimensions, *(None for _ in arguments[len(dimensions) :]))
        arguments = [
            argument if dimension is None else argument.movedim(dimension, 0)
            for argument, dimension in zip(arguments, dimensions, strict=True)
        ]
        batched = [dimension is not None for dimension in dimensions]
        return self._batch(info.batch_size, batched, *arguments), 0


def _wants_derivatives(arguments: Sequence[Any]) -> bool:
    if torch.is_grad_enabled() and torch._C._any_requires_grad(*arguments):
        return True
    if forward_ad._current_level >= 0 or torch._C._are_functorch_transforms_active():
        return True
    # A compiler enters forward mode without Python's level; then only the tensors show it.
    return torch._C._len_torch_dispatch_stack() > 0 and any(
        isinstance(argument, Tensor) and forward_ad.unpack_dual(argument, level=0).tangent is not None
        for argument in arguments
    )


# A Function for one level of derivatives: the dispatcher is what calls it once for every level.
class _Recorded(_SingleLevelFunction):
    @staticmethod
    def forward(ctx: Any, operator: Operator, keyset: torch._C.DispatchKeySet, *arguments: Any) -> Tensor:
        *tensors, reduction = arguments
        ctx.operator = operator
        ctx.reduction = reduction
        ctx.save_for_backward(*tensors)
        ctx.save_for_forward(*tensors)
        ctx.set_materialize_grads(False)
        return operator.below_autograd(keyset, arguments)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor | None) -> tuple[Tensor | None, ...]:
        tensors = ctx.saved_tensors
        if gradient is None:
            return None, None, *(None for _ in tensors), None
        wanted = ctx.needs_input_grad[2:-1]
        return None, None, *ctx.operator.backward(gradient, (*tensors, ctx.reduction), wanted), None

    @staticmethod
    def jvp(ctx: Any, _operator: None, _keyset: None, *tangents: Tensor | None) -> Tensor | None:
        *tangents, _reduction = tangents
        tensors = ctx.saved_tensors
        if not torch._C._are_functorch_transforms_active():
            return ctx.operator.tangent(tangents, (*tensors, ctx.reduction))
        # An outer transform may differentiate the tangent itself, so it must see how it is computed: from
        # tensors without tangents of this level.
        with forward_ad._set_fwd_grad_enabled(True):
            primals = [
                None if tensor is None else forward_ad.unpack_dual(tensor, level=0).primal
                for tensor in tensors
            ]
            return ctx.operator.tangent(tangents, (*primals, ctx.reduction))
