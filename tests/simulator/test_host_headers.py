# SPDX-License-Identifier: Apache-2.0
"""What host code takes from CANN besides registration and tiling: platform, names, strings, errors."""

import os
import re
import subprocess
from pathlib import Path

from ascend_bce.simulator import _library

SOURCE = Path(__file__).parent / "host_headers.cpp"


def test_platform_names_strings_and_errors(tmp_path: Path) -> None:
    home = _library.home()
    program = tmp_path / "host_headers"
    flags = ["-std=c++17", "-Wall", "-Wextra", "-Werror", f"-I{home / 'include'}", f"-L{home / 'lib'}"]
    flags += [f"-Wl,-rpath,{home / 'lib'}", "-lascend_simulator"]
    subprocess.run([os.environ.get("CXX", "g++"), str(SOURCE), *flags, "-o", program], check=True)
    environment = os.environ | {"ASCEND_SIM_SOC": "Ascend910B1"}
    lines = subprocess.check_output([program], text=True, env=environment).splitlines()
    # Numbers of the SoC: CANN's own Ascend910B1.ini; names and numbers of types: its headers.
    assert lines[:5] == ["2201", "1 524288 0", "48 196352", "DT_BF16 2 2", "NCHW 40"]
    assert lines[5] == "4 7 0"
    assert lines[6:8] == ["0 1 ''", "7 -1 '' 1"]
    assert re.fullmatch(r"E19999: 3 tiles \[.*host_headers\.cpp:\d+, main\]", lines[8])
    assert lines[9] == "EZ0001: op Add, reason rank"
