# SPDX-License-Identifier: Apache-2.0
"""What the tests under PyTorch share."""

import pytest

from ascend_bce import _aclnn
from ascend_bce.torch import _native


@pytest.fixture
def launches(monkeypatch):
    """The names of the aclnn functions that are called: all by ctypes, where it can be seen."""
    names = []
    call_on_host = _aclnn.call_on_host

    def recorded(adapter, name, *arguments):
        names.append(name)
        call_on_host(adapter, name, *arguments)

    monkeypatch.setattr(_aclnn, "call_on_host", recorded)
    monkeypatch.setattr(_native, "call", lambda *_: None)
    return names
