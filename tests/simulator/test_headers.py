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

    def compile_alone(header) -> str:
        unit = f'#include "{header}"\n#include "{header}"\n'
        flags = ["-std=c++17", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"]
        flags += [f"-I{include}", f"-I{include}/aclnn"]
        command = [os.environ.get("CXX", "g++"), *flags, "-x", "c++", "-"]
        return subprocess.run(command, input=unit, capture_output=True, text=True).stderr

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        errors = [error for error in pool.map(compile_alone, headers) if error]
    assert not errors, "\n".join(errors)
