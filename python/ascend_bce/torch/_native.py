# SPDX-License-Identifier: Apache-2.0
"""The short way to the aclnn functions: operators written in C++, which native.cpp describes.

They come with a package that was built for the simulator. Where there are none, for whatever reason, all goes
the way of _tensors.py: the same functions, called by ctypes.
"""

import ctypes
import os
import warnings
from collections.abc import Callable
from functools import cache
from threading import Lock
from typing import Any

import torch

from .. import _aclnn

_PATH = _aclnn.PACKAGE / "torch" / "libascend_bce_torch.so"
NAMES = (
    "binary_cross_entropy",
    "binary_cross_entropy_backward",
    "binary_cross_entropy_target_backward",
    "binary_cross_entropy_with_logits",
    "binary_cross_entropy_with_logits_backward",
    "binary_cross_entropy_with_logits_target_backward",
    "binary_cross_entropy_with_logits_loss_and_gradient",
    "scale_gradient",
)
_LIBRARY = torch.library.Library("ascend_bce_native", "FRAGMENT")
_LOADING = Lock()
_PROCESS = os.getpid()


class _Operators(dict[str, Callable[..., Any]]):
    """The operators by name; loaded when the first one is asked for.

    An operator takes all arguments of that of `torch.ops.ascend_bce` which it computes. It returns nothing
    (None, or False where it works in place) if it does not take them.
    """

    def __missing__(self, name: str) -> Callable[..., Any]:
        with _LOADING:
            loaded = _load() or dict.fromkeys(NAMES, take_nothing)
            self.update(loaded)
        return loaded[name]


def take_nothing(*_: Any) -> None:
    """Stand in for an operator where there are none."""


operators = _Operators()


@cache  # again, for two threads of which one has waited
def _load() -> dict[str, Callable[..., Any]] | None:
    package = _aclnn.library()
    if package.backend != "simulator" or not _PATH.exists():
        return None
    # Each handle reaches what the library needs, too; so torch's Python module leads to all of torch.
    torch_module = ctypes.CDLL(torch._C.__file__)
    register = ctypes.CDLL(str(_PATH)).ascend_bce_torch_register
    register.argtypes = [ctypes.c_void_p] * 3 + [ctypes.c_bool]
    register.restype = ctypes.c_char_p
    failed = register(torch_module._handle, *package.handles(), os.getpid() != _PROCESS)
    if failed is not None:
        warnings.warn(
            f"ascend_bce.torch takes the long way to its kernels: {failed.decode()} failed or is missing in "
            f"torch {torch.__version__}. Only calls of few elements notice.",
            stacklevel=2,
        )
        return None
    for name in NAMES:
        # They are called where no graph is recorded, or by who records it.
        _LIBRARY.impl(name, torch.library.fallthrough_kernel, "Autograd")
    # What an overload calls first of all, for speed.
    return {name: getattr(torch.ops.ascend_bce_native, name).default._op for name in NAMES}
