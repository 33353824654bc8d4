# SPDX-License-Identifier: Apache-2.0
"""Every header of the simulator's include tree can be included first, alone, and twice."""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor

from ascend_bce.simulator import _library


def test_headers_compile_alone():
    include = (_library.home() / "include").resolve()
    headers = sorted(path.relative_to(include) for path in include.rglob("*.h"))
    assert len(headers) > 50

    # Those that only lead to kernel_operator.h, all in one unit.
    leading = [path for path in headers if (include / path).read_text().count("\n") == 5]
    units = [[path] for path in headers if path not in leading] + [leading]

    def compile_alone(unit_headers) -> str:
        unit = "".join(f'#include "{header}"\n' for header in unit_headers) * 2
        flags = ["-std=c++17", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"]
        flags += [f"-I{include}", f"-I{include}/aclnn"]
        command = [os.environ.get("CXX", "g++"), *flags, "-x", "c++", "-"]
        return subprocess.run(command, input=unit, capture_output=True, text=True).stderr

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        errors = [error for error in pool.map(compile_alone, units) if error]
    assert not errors, "\n".join(errors)
