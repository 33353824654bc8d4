# SPDX-License-Identifier: Apache-2.0
"""Puts the losses in the place of MindSpore's."""

from types import ModuleType, TracebackType

import mindspore
import mindspore.ops.functional
from mindspore import Tensor, mint, ops

from . import _classes
from ._functional import binary_cross_entropy, binary_cross_entropy_with_logits

_ORIGINAL_WITH_LOGITS = ops.binary_cross_entropy_with_logits
_ORIGINAL_ON_PROBABILITIES = ops.binary_cross_entropy


def _is_float64(tensor):
    return isinstance(tensor, Tensor) and tensor.dtype == mindspore.float64


# The functions as they are registered: float64, which the kernels do not compute in, stays MindSpore's.


def _mint_with_logits(input, target, weight=None, reduction="mean", pos_weight=None):
    if _is_float64(input) or _is_float64(target) or _is_float64(weight) or _is_float64(pos_weight):
        return _ORIGINAL_WITH_LOGITS(input, target, weight, pos_weight, reduction)
    return binary_cross_entropy_with_logits(input, target, weight, reduction, pos_weight)


def _ops_with_logits(input, target, weight=None, pos_weight=None, reduction="mean"):
    return _mint_with_logits(input, target, weight, reduction, pos_weight)


def _ops_on_probabilities(logits, labels, weight=None, reduction="mean"):
    if _is_float64(logits) or _is_float64(labels) or _is_float64(weight):
        return _ORIGINAL_ON_PROBABILITIES(logits, labels, weight, reduction)
    return binary_cross_entropy(logits, labels, weight, reduction)


def _mint_on_probabilities(input, target, weight=None, reduction="mean"):
    return _ops_on_probabilities(input, target, weight, reduction)


class BCEWithLogitsLoss(_classes.BCEWithLogitsLoss):
    """`ascend_bce.mindspore.BCEWithLogitsLoss` as it is registered: it takes float64 too."""

    def construct(self, input, target):
        """Return the loss of logits against targets."""
        return _mint_with_logits(input, target, self.weight, self.reduction, self.pos_weight)


class BCELoss(_classes.BCELoss):
    """`ascend_bce.mindspore.BCELoss` as it is registered: it takes float64 too."""

    def construct(self, input, target):
        """Return the loss of probabilities against targets."""
        return _mint_on_probabilities(input, target, self.bce_loss.weight, self.bce_loss.reduction)


# Every name that MindSpore has for them. Its classes in `mindspore.nn` look the functions up at every call.
_OPS_MODULES = (ops, ops.function, ops.function.nn_func, mindspore.ops.functional)
_PLACES: tuple[tuple[ModuleType, str, object], ...] = (
    (mint.nn.functional, "binary_cross_entropy_with_logits", _mint_with_logits),
    (mint.nn.functional, "binary_cross_entropy", _mint_on_probabilities),
    (mint.nn, "BCEWithLogitsLoss", BCEWithLogitsLoss),
    (mint.nn, "BCELoss", BCELoss),
    *((module, "binary_cross_entropy_with_logits", _ops_with_logits) for module in _OPS_MODULES),
    *((module, "binary_cross_entropy", _ops_on_probabilities) for module in _OPS_MODULES),
)


class Registration:
    """What `register()` returns: undoes it, by `undo()` or as a context manager at the end of the block."""

    _active: set["Registration"] = set()  # noqa: RUF012
    _replaced: tuple[object, ...] = ()  # what stood at the places before the first of the active ones

    def __init__(self) -> None:
        """Put the losses in MindSpore's place."""
        if not Registration._active:
            Registration._replaced = tuple(getattr(module, name) for module, name, _ in _PLACES)
            for module, name, replacement in _PLACES:
                setattr(module, name, replacement)
        Registration._active.add(self)

    def undo(self) -> None:
        """Put back what was there before, unless another registration is active; twice does no harm."""
        if self not in Registration._active:
            return
        Registration._active.remove(self)
        if not Registration._active:
            for (module, name, _), replaced in zip(_PLACES, Registration._replaced, strict=True):
                setattr(module, name, replaced)

    def __enter__(self) -> "Registration":
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Undo it."""
        self.undo()


def register() -> Registration:
    """Put these losses in the place of MindSpore's.

    Replaces `binary_cross_entropy_with_logits` and `binary_cross_entropy` of `mindspore.mint.nn.functional`
    and of `mindspore.ops`, and `BCEWithLogitsLoss` and `BCELoss` of `mindspore.mint.nn`; those of
    `mindspore.nn` follow, because they call the functions. Tensors of float64 still go to MindSpore's
    functions. A name that was imported from these modules before, an object made of
    `mindspore.mint.nn.BCEWithLogitsLoss` before, and a graph that was compiled before stay as they are.

    Returns:
        A handle: its `undo()` puts MindSpore's back, and so does leaving a `with` block of it. Registrations
        may be nested; MindSpore's come back when all are undone.

    Examples:
        >>> with register():
        ...     loss = mindspore.mint.nn.functional.binary_cross_entropy_with_logits(logits, target)
    """
    return Registration()
