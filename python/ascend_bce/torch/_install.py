# SPDX-License-Identifier: Apache-2.0
"""Puts the losses in the place of torch's own, for models that were written without knowing of them."""

from collections.abc import Callable, Iterable
from functools import wraps
from types import TracebackType
from typing import Any

import torch
from torch import Tensor
from torch.overrides import handle_torch_function, has_torch_function_variadic

from .. import _aclnn
from . import _probability_operators, _with_logits_operators
from ._binary_cross_entropy import binary_cross_entropy
from ._binary_cross_entropy_with_logits import binary_cross_entropy_with_logits


class Installation:
    """What `install` did: undone by `remove()`, or at the end of a `with` block."""

    def __init__(self, devices: frozenset[str]) -> None:
        """Replace both functions of torch."""
        self._active = True
        functional = torch.nn.functional
        self._replaced = {
            name: (self._replacement(theirs, ours, is_supported, devices), theirs)
            for name, theirs, ours, is_supported in (
                (
                    "binary_cross_entropy",
                    functional.binary_cross_entropy,
                    binary_cross_entropy,
                    _probability_operators.operators.is_supported,
                ),
                (
                    "binary_cross_entropy_with_logits",
                    functional.binary_cross_entropy_with_logits,
                    binary_cross_entropy_with_logits,
                    _with_logits_operators.operators.is_supported,
                ),
            )
        }
        for name, (replacement, _) in self._replaced.items():
            setattr(functional, name, replacement)

    def remove(self) -> None:
        """Give torch its own functions back. Doing it again does nothing."""
        self._active = False
        for name, (replacement, theirs) in self._replaced.items():
            # Whoever has replaced ours since then still calls it, and it calls torch's from now on.
            if getattr(torch.nn.functional, name) is replacement:
                setattr(torch.nn.functional, name, theirs)

    def __enter__(self) -> "Installation":
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Remove what was installed."""
        self.remove()

    def _replacement(
        self, theirs: Callable, ours: Callable, is_supported: Callable[..., bool], devices: frozenset[str]
    ) -> Callable:
        @wraps(theirs)
        def loss(
            input: Tensor,
            target: Tensor,
            weight: Tensor | None = None,
            size_average: bool | None = None,
            reduce: bool | None = None,
            reduction: str = "mean",
            *pos_weight: Any,
            **named: Any,
        ) -> Tensor:
            tensors = (input, target, weight, *pos_weight, *named.values())
            arguments = (input, target, weight, size_average, reduce, reduction, *pos_weight)
            if has_torch_function_variadic(*tensors):
                # A subclass of Tensor that takes over is told the function that it knows, torch's own.
                return handle_torch_function(theirs, tensors, *arguments, **named)
            taken = self._active and is_supported(*tensors) and input.device.type in devices
            return (ours if taken else theirs)(*arguments, **named)

        return loss


def install(devices: Iterable[str] | None = None) -> Installation:
    """Let torch.nn.functional's binary cross-entropies, and so torch's modules, compute with our kernels.

    `torch.nn.functional.binary_cross_entropy` and `.binary_cross_entropy_with_logits` are replaced; the
    modules `BCELoss` and `BCEWithLogitsLoss` call them. What the kernels do not take, torch computes as
    before: float64, other devices, layouts and subclasses of Tensor. Not reached is who has imported a
    function from `torch.nn.functional` by name, or compiled a model, before.

    Args:
        devices: Types of devices on which ours are used: `"cpu"` or `"npu"`. By default all that the backend
            serves: the simulator the CPU and simulated NPUs, CANN the NPUs.

    Returns:
        A handle, whose `remove()` undoes it. It is a context manager, too.

    Raises:
        ValueError: The backend does not serve a device.
        BackendError: The backend cannot be loaded.

    Examples:
        >>> with install():
        ...     loss = torch.nn.BCEWithLogitsLoss()(torch.zeros(3), torch.ones(3))
    """
    backend = _aclnn.library().backend
    served = {"npu"} if backend == "cann" else {"cpu", "npu"} if _aclnn.simulates_npus() else {"cpu"}
    devices = frozenset(served if devices is None else devices)
    if not devices <= served:
        raise ValueError(
            f"the backend {backend} serves {', '.join(sorted(served))}, not "
            f"{', '.join(sorted(devices - served))}; ASCEND_BCE_BACKEND chooses the backend"
        )
    return Installation(devices)
