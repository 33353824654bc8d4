# SPDX-License-Identifier: Apache-2.0
"""How the tests of torch_npu run: in an environment of its own, on two simulated NPUs of a gigabyte each.

scripts/test-torch-npu makes the environment and runs them with every kind of torch_npu's task queue.
"""

import importlib.util
import os

import pytest

if importlib.util.find_spec("torch_npu") is None:
    pytest.skip("torch_npu is not installed: scripts/test-torch-npu installs it", allow_module_level=True)

os.environ.setdefault("TASK_QUEUE_ENABLE", "0")
os.environ["ASCEND_SIM_DEVICES"] = "2"
os.environ["ASCEND_SIM_MEMORY"] = str(2**30)

from ascend_bce._paths import VENDOR_PACKAGE
from ascend_bce.simulator import device

device.load_torch_npu([VENDOR_PACKAGE])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run what has nothing to do with task queues without one only."""
    if os.environ["TASK_QUEUE_ENABLE"] == "0":
        return
    kept = [item for item in items if not item.get_closest_marker("one_queue")]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept
