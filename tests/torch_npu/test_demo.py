# SPDX-License-Identifier: Apache-2.0
"""The demo on a simulated NPU, with the task queue that torch_npu has where nobody chooses one."""

import os
import re
import subprocess
import sys

import pytest

pytestmark = pytest.mark.one_queue


def demo(*arguments):
    command = [sys.executable, "-m", "ascend_bce", "demo", "--device", "npu-sim", *arguments]
    environment = {name: value for name, value in os.environ.items() if name != "TASK_QUEUE_ENABLE"}
    return subprocess.run(command, env=environment, capture_output=True, text=True)


def test_demo_trains_as_on_the_cpu(tmp_path):
    picture = tmp_path / "curves.png"
    ran = demo("--epochs", "2", "--output", str(picture))
    assert ran.returncode == 0, ran.stderr
    rows = re.findall(r"^ +(\d+) +(\d\.\d+) +(\d\.\d+) +\S+$", ran.stdout, re.MULTILINE)
    assert [row[0] for row in rows] == ["1", "2"]
    assert "torch.nn on npu.BCEWithLogitsLoss" in ran.stderr
    assert picture.exists()


def test_other_frameworks_are_refused():
    ran = demo("--framework", "paddle")
    assert ran.returncode == 2
    assert "torch trains there, but not paddle" in ran.stderr
