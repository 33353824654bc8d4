# SPDX-License-Identifier: Apache-2.0
"""Which aclnn functions the losses for PyTorch call."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from unittest import mock

from ascend_bce import _aclnn
from ascend_bce.torch import _native


def without_native() -> AbstractContextManager:
    """Let torch's calls go by ctypes, as where there are no native operators."""
    return mock.patch.dict(_native.operators, dict.fromkeys(_native.NAMES, _native.take_nothing))


@contextmanager
def recorded_launches() -> Iterator[list[str]]:
    """Return the names of the functions called within: all by ctypes, where it can be seen."""
    names = []
    call_on_host = _aclnn.call_on_host

    def recorded(adapter, name, *arguments):
        names.append(name)
        call_on_host(adapter, name, *arguments)

    with mock.patch.object(_aclnn, "call_on_host", recorded), without_native():
        yield names
