# SPDX-License-Identifier: Apache-2.0
"""`python -m ascend_bce env` and `install`, on toolkits that are folders of a test."""

import ctypes
import os
import shlex
import subprocess
import sys

import numpy as np
import pytest

from aclnn_calls import Aclnn
from ascend_bce import _aclnn, _paths
from ascend_bce.__main__ import main

VARIABLES = ("ASCEND_CUSTOM_OPP_PATH", "LD_LIBRARY_PATH")
LIBRARY = "op_api/lib/libcust_opapi.so"


@pytest.fixture
def toolkit(tmp_path, monkeypatch):
    """The folder `opp` of a toolkit in this environment, whose package was built for CANN."""
    opp = tmp_path / "toolkit" / "opp"
    opp.mkdir(parents=True)
    monkeypatch.setenv("ASCEND_OPP_PATH", str(opp))
    monkeypatch.setattr(_paths, "SIMULATOR", tmp_path / "none")
    return opp


def evaluate(commands: str, environment: dict[str, str]) -> list[str]:
    """Return what the variables are once a shell has evaluated commands."""
    program = f"{commands}\nprintf '%s\\n' " + " ".join(f'"${{{name}-unset}}"' for name in VARIABLES)
    environment = {"PATH": os.environ["PATH"]} | environment
    result = subprocess.run(
        ["bash", "-euc", program], env=environment, capture_output=True, text=True, check=True
    )
    return result.stdout.splitlines()


def test_a_shell_evaluates_what_env_prints():
    python = f"PYTHONPATH={shlex.quote(os.pathsep.join(sys.path))} {shlex.quote(sys.executable)}"
    command = f'eval "$({python} -m ascend_bce env)"'
    ours, libraries = str(_paths.VENDOR_PACKAGE), str(_paths.OPERATORS.parent)
    assert evaluate(command, {}) == [ours, libraries]
    before = {"ASCEND_CUSTOM_OPP_PATH": "/a b:/c", "LD_LIBRARY_PATH": "/d;echo"}
    assert evaluate(command, before) == [f"{ours}:/a b:/c", f"{libraries}:/d;echo"]
    assert evaluate(f"{command}; {command}", before) == [f"{ours}:/a b:/c", f"{libraries}:/d;echo"]
    undo = f'eval "$({python} -m ascend_bce env --undo)"'
    assert evaluate(f"{command}; {undo}", before) == list(before.values())
    assert evaluate(f"{command}; {undo}", {}) == ["unset", "unset"]


def test_env_refuses_a_folder_without_a_package(tmp_path, capsys):
    assert main(["env", "--path", str(tmp_path)]) == 1
    output, error = capsys.readouterr()
    assert output == ""
    assert f"no operator package in {tmp_path}" in error


@pytest.mark.parametrize(
    ("before", "after", "removed"),
    [
        (None, "load_priority=ascend_bce\n", None),
        ("load_priority=a,b\n", "load_priority=ascend_bce,a,b\n", "load_priority=a,b\n"),
        ("load_priority=a,ascend_bce\n", "load_priority=ascend_bce,a\n", "load_priority=a\n"),
        ("load_priority = a\n# c\n", "load_priority=ascend_bce,a\n# c\n", "load_priority=a\n# c\n"),
    ],
)
def test_a_toolkit_gets_the_package_first_and_gives_it_up(toolkit, before, after, removed):
    config = toolkit / "vendors" / "config.ini"
    if before is not None:
        config.parent.mkdir()
        config.write_text(before)
    for _ in range(2):  # the second time it replaces the first
        assert main(["install"]) == 0
        assert config.read_text() == after
        package = config.parent / "ascend_bce"
        assert (package / LIBRARY).read_bytes() == _paths.OPERATORS.read_bytes()
        assert not (package / "bin").exists()
    assert main(["install", "--uninstall"]) == 0
    assert not package.exists()
    assert (config.read_text() if config.exists() else None) == removed
    assert [path.name for path in config.parent.iterdir()] == (["config.ini"] if removed else [])


def test_operators_work_from_a_folder_of_the_users(tmp_path, capsys):
    root = tmp_path / "own folder"
    assert main(["install", "--path", str(root)]) == 0
    package = root / "vendors" / "ascend_bce"
    script = package / "bin" / "set_env.bash"
    assert shlex.quote(str(script)) in capsys.readouterr().out
    sourced = evaluate(f"source {shlex.quote(str(script))}", {"ASCEND_CUSTOM_OPP_PATH": "/other"})
    assert sourced == [f"{package}:/other", str((package / LIBRARY).parent)]
    assert not (root / "vendors" / "config.ini").exists()

    aclnn = Aclnn(_aclnn.SIMULATOR, package / LIBRARY)
    x, loss = np.zeros(3, np.float32), np.empty((), np.float32)
    tensors = map(aclnn.tensor, (x, x, None, None))
    outcome = aclnn.call("aclnnBinaryCrossEntropyWithLogits", *tensors, ctypes.c_int64(1), aclnn.tensor(loss))
    assert outcome.status == 0, outcome.error
    np.testing.assert_allclose(loss, np.log(2), rtol=1e-6)

    assert main(["install", "--uninstall", "--path", str(root)]) == 0
    assert list((root / "vendors").iterdir()) == []
    assert main(["install", "--uninstall", "--path", str(root)]) == 0
    assert "nothing to remove" in capsys.readouterr().out


def test_a_toolkit_does_not_get_operators_of_the_simulator(toolkit, monkeypatch, capsys):
    monkeypatch.setattr(_paths, "SIMULATOR", _aclnn.SIMULATOR)
    assert main(["install"]) == 1
    assert "was built for the simulator" in capsys.readouterr().err
    assert list(toolkit.iterdir()) == []


def test_without_a_toolkit_there_is_nowhere_to_install_to(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("ASCEND_OPP_PATH", raising=False)
    monkeypatch.delenv("ASCEND_HOME_PATH", raising=False)
    assert main(["install"]) == 1
    assert "no CANN was found" in capsys.readouterr().err
    monkeypatch.setenv("ASCEND_HOME_PATH", str(tmp_path))
    assert main(["install"]) == 1
    assert f"{tmp_path / 'opp'}, where CANN's operators should be, is no folder" in capsys.readouterr().err
