# SPDX-License-Identifier: Apache-2.0
"""The examples, each in a process of its own. The one for MindSpore is run by MindSpore's tests."""

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"


TWO_PROCESSES = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2")


@pytest.mark.parametrize(
    ("name", "launcher"),
    [
        ("numpy_loss", ()),
        ("paddle_training", ()),
        ("torch_training", ()),
        ("torch_class_parallel", TWO_PROCESSES),
    ],
    ids=lambda argument: argument if isinstance(argument, str) else "",
)
def test_example_learns(name, launcher):
    command = [sys.executable, *launcher, EXAMPLES / f"{name}.py"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    losses = [float(line.split()[-1]) for line in result.stdout.splitlines()]
    assert len(losses) == 6
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < losses[0] / 2
