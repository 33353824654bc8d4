# SPDX-License-Identifier: Apache-2.0
"""`python -m ascend_bce simulate`."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest

from ascend_bce.__main__ import main
from ascend_bce.simulator._command import parse_tiling

KERNELS = Path(__file__).parent / "kernels"
SEVERAL = str(KERNELS / "several_faults.cpp")
FAULTY = ["simulate", SEVERAL, "-D", "ENDS=-1", "-D", "AFTER=0", "--block-dim", "4"]
ARRAYS = ["--input", "x=int32[128]:range", "--output", "int32[4,32]"]


def test_findings_give_exit_code_1(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    reports = ["--json", str(tmp_path / "f.json"), "--sarif", str(tmp_path / "f.sarif")]
    assert main([*FAULTY, *ARRAYS, *reports]) == 1
    shown = capsys.readouterr().out
    assert "ub-out-of-bounds: DataCopy writes bytes [0, 64)" in shown
    assert shown.endswith("2 findings\n")
    codes = [finding["code"] for finding in json.loads((tmp_path / "f.json").read_text())]
    assert codes == ["ub-out-of-bounds", "uninitialised"]
    log = json.loads((tmp_path / "f.sarif").read_text())
    assert [result["ruleId"] for result in log["runs"][0]["results"]] == codes


def test_outputs_are_saved(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main([*FAULTY, *ARRAYS, "--checks", "none", "--save", str(tmp_path)]) == 0
    assert capsys.readouterr().out.endswith("no findings\n")
    saved = np.load(tmp_path / "y.npy")
    expected = np.arange(128, dtype=np.int32).reshape(4, 32)
    np.testing.assert_array_equal(saved, expected)


def test_json_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*FAULTY, *ARRAYS, "--json", "-", "--checks", "uninitialised", "--blocks", "1"]) == 1
    findings = json.loads(capsys.readouterr().out)
    assert {finding["block"] for finding in findings} == {1}


def test_tiling_and_key(capsys: pytest.CaptureFixture[str]) -> None:
    tiling = "uint32_t length=70000, uint16_t parts[3]=1 2 3"
    command = ["simulate", str(KERNELS / "tiling.cpp"), "--entry", "read", "--output", "uint32[2]"]
    assert main([*command, "--tiling", tiling, "--tiling-key", "1"]) == 0
    assert "y = [70000     3]  # uint32[2]" in capsys.readouterr().out


def test_tiling_data(tmp_path: Path) -> None:
    assert parse_tiling("") == b""
    assert parse_tiling("0x00ff") == b"\x00\xff"
    assert parse_tiling("int8_t a=-1, double b=2.5, half c[2]=1 2") == struct.pack("<b7xd2e4x", -1, 2.5, 1, 2)
    (tmp_path / "t.bin").write_bytes(b"abc")
    assert parse_tiling(str(tmp_path / "t.bin")) == b"abc"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--input", "float32"], "'float32' is no array; write a path"),
        (["--input", "float33[3]"], "'float33' is no data type"),
        (["--input", "float32[3]:noise"], "'noise' fills no array; use zeros"),
        (["--input", "y=float32[3]"], "array 0 is named y, but parameter 0 is x"),
        ([*ARRAYS, "--checks", "racing"], "there is no check 'racing'"),
        ([*ARRAYS, "--tiling", "float scale"], "[Errno 2]"),
        ([*ARRAYS, "--tiling", "real scale=1"], "'real scale=1' is no field; write TYPE NAME=VALUE"),
        ([*ARRAYS, "--tiling", "int a[2]=1"], "'int a[2]=1' has 1 values for 2 elements"),
        (ARRAYS[:2], "pass one per parameter"),
        ([*ARRAYS, "--soc", "Ascend1"], "there are: Ascend910B1"),
    ],
)
def test_mistakes_give_exit_code_2(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*FAULTY, *arguments]) == 2
    shown = capsys.readouterr().err
    assert shown.startswith("simulate: ")
    assert message in shown
