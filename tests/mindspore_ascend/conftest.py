# SPDX-License-Identifier: Apache-2.0
"""MindSpore's own Ascend backend on the simulated device, in a process that has no other."""

import importlib.util
import os

import pytest

from ascend_bce._aclnn import PACKAGE
from ascend_bce.simulator import device

if importlib.util.find_spec("mindspore") is None:
    pytest.skip("MindSpore is not installed", allow_module_level=True)

os.environ.setdefault("GLOG_v", "3")  # errors only: it warns of parts of CANN that nothing here needs
device.load([PACKAGE / "vendors" / "ascend_bce"])
mindspore = pytest.importorskip("mindspore")
mindspore.set_device("Ascend")

from mindspore_modes import compiled, in_scratch_folder  # noqa: E402, F401
