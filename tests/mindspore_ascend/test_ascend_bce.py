# SPDX-License-Identifier: Apache-2.0
"""ascend_bce.mindspore is for the CPU; on the device MindSpore's own functions call the kernels."""

import pytest

from ascend_bce._aclnn import OPERATORS, BackendError


def test_import_says_what_to_use_instead():
    with pytest.raises(BackendError, match="On Ascend, MindSpore calls the operators by itself") as refused:
        import ascend_bce.mindspore  # noqa: F401
    assert str(OPERATORS.parents[2]) in str(refused.value)
