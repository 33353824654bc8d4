# SPDX-License-Identifier: Apache-2.0
"""What the tests under PyTorch share."""

import pytest

from torch_launches import recorded_launches


@pytest.fixture
def launches():
    """The names of the aclnn functions that are called."""
    with recorded_launches() as names:
        yield names
