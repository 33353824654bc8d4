# SPDX-License-Identifier: Apache-2.0
"""`pytest --ascendc-checks`: findings fail the tests in which they are made."""

from importlib.metadata import entry_points
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]
SEVERAL = Path(__file__).parent / "kernels" / "several_faults.cpp"
# Where the package is installed, pytest finds the plugin by itself, and bears it once only.
INSTALLED = any(point.name == "ascendc" for point in entry_points(group="pytest11"))
SUITE = f"""
import subprocess, sys
import numpy as np
import pytest
from ascend_bce.simulator import compile_kernel

def launch(checks="none"):
    kernel = compile_kernel({str(SEVERAL)!r}, defines={{"ENDS": -1, "AFTER": 0}})
    x = np.zeros(128, np.int32)
    return kernel(x, x.copy(), block_dim=4, checks=checks).findings

def test_clean():
    pass

def test_faulty():
    launch()

@pytest.mark.ascendc_checks("none")
def test_exempt():
    assert launch("all") == []

@pytest.fixture
def launched():
    launch()

def test_fixture(launched):
    pass

def test_other_process():
    code = "import test_suite; test_suite.launch()"
    subprocess.run([sys.executable, "-c", code], check=True)

def test_fails_anyhow():
    launch()
    raise KeyError("its own")
"""


@pytest.fixture
def run(pytester: pytest.Pytester):
    """Return a function that runs the suite with the plugin."""
    pytester.makepyfile(test_suite=SUITE)
    plugin = () if INSTALLED else ("-p", "ascend_bce.pytest_plugin")
    return lambda *options: pytester.runpytest_subprocess(*plugin, "-q", *options)


def test_findings_fail_tests(run) -> None:
    result = run("--ascendc-checks=all")
    result.assert_outcomes(passed=2, failed=4)
    result.stdout.fnmatch_lines(
        [
            "*test_faulty*",
            "the simulator found 2 in this test:",
            "ub-out-of-bounds: DataCopy writes bytes*",
            f"    in kernel several, block 0, at {SEVERAL}:*",
            "*test_fixture*",
            "*test_other_process*",
            "ub-out-of-bounds: *",
            "*test_fails_anyhow*",
            "E*KeyError: 'its own'",
            "*ascendc*",
            "ub-out-of-bounds: *",
        ]
    )


def test_without_the_option_nothing_changes(run, pytester: pytest.Pytester) -> None:
    run().assert_outcomes(passed=4, failed=2)  # the exempt one launches with checks of its own
    pytester.makepyfile(test_import="import sys\n\ndef test_import():\n    assert 'numpy' not in sys.modules")
    result = run("test_import.py", "--import-mode=importlib")
    result.assert_outcomes(passed=1)


def test_unknown_check(run) -> None:
    result = run("--ascendc-checks=racing")
    result.stderr.fnmatch_lines(["*--ascendc-checks: there is no check 'racing'; use*bounds*"])
