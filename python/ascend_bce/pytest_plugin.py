# SPDX-License-Identifier: Apache-2.0
"""The pytest plugin: `pytest --ascendc-checks=all`.

Watches every launch of a test on the simulator, of kernels and of aclnn functions, in this process and those
it starts, whatever checks it asks for, and fails the test if something was found. A test that means its
findings says so:

    @pytest.mark.ascendc_checks("none")

Without the option nothing is imported and nothing changes.
"""

import os
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.getgroup("ascendc").addoption(
        "--ascendc-checks",
        metavar="CHECKS",
        help="watch every simulated launch with these checks (all, or names with commas between them) and "
        "fail tests in which something is found",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the plugin's hooks if it was asked for."""
    config.addinivalue_line(
        "markers", "ascendc_checks(checks): watch the test with these checks instead of --ascendc-checks"
    )
    checks = config.getoption("--ascendc-checks")
    if checks is not None:
        config.pluginmanager.register(_Watch(checks), "ascendc-checks")


class _Watch:
    """Runs tests under checks."""

    def __init__(self, checks: str) -> None:
        from ascend_bce.simulator import _kernel, read_report

        try:
            _kernel.parse_checks(checks)
        except ValueError as error:
            raise pytest.UsageError(f"--ascendc-{error}") from None
        self._checks = checks
        self._read_report = read_report
        self._folder = tempfile.TemporaryDirectory(prefix="ascendc-checks-")
        self._report = Path(self._folder.name) / "findings"
        os.environ["ASCEND_SIM_REPORT"] = str(self._report)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Watch what the test and its fixtures launch."""
        marker = item.get_closest_marker("ascendc_checks")
        # In the environment, for the test may start processes.
        os.environ["ASCEND_SIM_FORCE_CHECKS"] = self._checks if marker is None else ",".join(marker.args)
        self._report.write_text("")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Fail the test if something was found in it."""
        try:
            result = yield
        except Exception:
            # Its own failure is what to look at; what was found may say why.
            for finding in self._read_report(self._report):
                item.add_report_section("call", "ascendc", finding.text)
            raise
        findings = self._read_report(self._report)
        if findings:
            texts = "\n\n".join(finding.text for finding in findings)
            pytest.fail(f"the simulator found {len(findings)} in this test:\n\n{texts}", pytrace=False)
        return result
