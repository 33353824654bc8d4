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


@pytest.fixture(autouse=True)
def _in_scratch_folder(tmp_path, monkeypatch):
    """MindSpore writes a folder rank_0 into the working directory when a graph does not compile."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(params=["pynative", "graph"])
def compiled(request):
    """Give a function that returns a function as it is, or compiled into a graph."""
    return (lambda function: function) if request.param == "pynative" else mindspore.jit
