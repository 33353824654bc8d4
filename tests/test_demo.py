# SPDX-License-Identifier: Apache-2.0
"""The demo as a user runs it."""

import re
import subprocess
import sys

import pytest


def run(*arguments, **options) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "ascend_bce", *arguments], capture_output=True, text=True, **options
    )


@pytest.mark.parametrize(
    ("framework", "original"),
    [("torch", "torch.nn"), ("mindspore", "mindspore.mint.nn"), ("paddle", "paddle.nn")],
)
def test_demo_trains_both_to_the_same_curve(framework, original, tmp_path):
    picture = tmp_path / "new folder" / "curves.png"
    result = run("demo", "--framework", framework, "--epochs", "3", "--output", str(picture))
    assert result.returncode == 0, result.stderr
    rows = re.findall(r"^ +(\d+) +(\d\.\d+) +(\d\.\d+) +\S+$", result.stdout, re.MULTILINE)
    assert [row[0] for row in rows] == ["1", "2", "3"]
    assert float(rows[2][2]) == pytest.approx(0.416975, rel=1e-4), "every framework trains to the same curve"
    for _, theirs, ours in rows:
        assert float(ours) == pytest.approx(float(theirs), rel=1e-5)
    assert float(rows[2][2]) < float(rows[0][2]), "it learns nothing"
    precisions = re.search(
        rf"Average precision .*: {framework} ([\d.]+), ascend_bce ([\d.]+)", result.stdout
    ).groups()
    assert float(precisions[1]) == pytest.approx(float(precisions[0]), abs=1e-3)
    for documented, computed in ("0.2014", "0.2014"), ("0.3463612", "0.346361"), ("0.45618808", "0.456188"):
        assert re.search(rf"{documented} +ascend_bce {computed}\d? +same", result.stdout)
    assert picture.read_bytes().startswith(b"\x89PNG")
    assert f"{original}.BCEWithLogitsLoss" in result.stderr, "the progress bar names what is trained"


def test_demo_fails_when_the_losses_differ(monkeypatch, tmp_path, capsys):
    import torch

    import ascend_bce.torch
    from ascend_bce.__main__ import main

    class Wrong(torch.nn.BCEWithLogitsLoss):
        def forward(self, input, target):
            return super().forward(input, target) * 1.01

    monkeypatch.setattr(ascend_bce.torch, "BCEWithLogitsLoss", Wrong)
    assert main(["demo", "--epochs", "1", "--output", str(tmp_path / "curves.png")]) == 1
    assert "FAILED: the two losses differ" in capsys.readouterr().out


def test_demo_refuses_no_epochs():
    result = run("demo", "--epochs", "0")
    assert result.returncode == 2
    assert "--epochs 0: at least one epoch is needed" in result.stderr


def test_demo_names_a_missing_package(tmp_path):
    # A folder in front of the search path whose tqdm cannot be imported.
    (tmp_path / "tqdm.py").write_text("raise ModuleNotFoundError(\"No module named 'tqdm'\", name='tqdm')\n")
    result = run("demo", env={"PYTHONPATH": str(tmp_path)})
    assert result.returncode == 1
    assert result.stderr == "The demo needs tqdm: pip install 'ascend-bce[demo]'\n"


@pytest.mark.parametrize("framework", ["torch", "mindspore", "paddle"])
def test_demo_names_a_missing_framework(framework, tmp_path):
    (tmp_path / f"{framework}.py").write_text(
        f"raise ModuleNotFoundError(\"No module named '{framework}'\", name='{framework}')\n"
    )
    result = run("demo", "--framework", framework, env={"PYTHONPATH": str(tmp_path)})
    assert result.returncode == 1
    assert result.stderr == f"The demo needs {framework}: pip install 'ascend-bce[demo,{framework}]'\n"


def test_importing_the_package_imports_no_framework():
    script = (
        "import sys, ascend_bce; print(sorted({'torch', 'mindspore', 'paddle', 'numpy'} & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout == "[]\n"
