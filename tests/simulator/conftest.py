# SPDX-License-Identifier: Apache-2.0
"""The operator package that the tests of op_build and the runtime use."""

import fcntl
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ascend_bce.simulator import _library

SOURCE = Path(__file__).parent / "package"
BUILD = Path(__file__).parents[2] / "build" / "test_package"


def _tool(name: str) -> str:
    beside = Path(sys.executable).parent / name
    return str(beside) if beside.exists() else name


def _configure(source: Path, build: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [
            _tool("cmake"), "-S", source, "-B", build, "-G", "Ninja",
            f"-DCMAKE_MAKE_PROGRAM={_tool('ninja')}", f"-DCMAKE_PREFIX_PATH={_library.home() / 'cmake'}",
        ],
        capture_output=True, text=True,
    )  # fmt: skip


@pytest.fixture(scope="session")
def configure() -> Callable[[Path, Path], subprocess.CompletedProcess]:
    """Return a function that runs CMake on a project that finds the installed simulator."""
    return _configure


@pytest.fixture(scope="session")
def package_build() -> Path:
    """Build the package of tests/simulator/package with the installed simulator; return the build folder."""
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the processes of pytest-xdist share the build
        result = _configure(SOURCE, BUILD)
        assert result.returncode == 0, result.stderr
        command = [_tool("cmake"), "--build", BUILD, "--target", "all", "package"]
        result = subprocess.run(command, capture_output=True, text=True)
        assert result.returncode == 0, result.stdout
    return BUILD
