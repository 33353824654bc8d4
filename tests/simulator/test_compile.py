# SPDX-License-Identifier: Apache-2.0
"""How kernels are compiled: the header that is compiled beforehand changes the time alone."""

import numpy as np
import pytest

from ascend_bce.simulator import CompileError, _compile, compile_kernel

KERNEL = """\
{first}
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void add(GM_ADDR x)
{{
    AscendC::GlobalTensor<float> tensor;
    tensor.SetGlobalBuffer(reinterpret_cast<__gm__ float*>(x));
    tensor.SetValue(0, tensor.GetValue(0) + {value});
}}
"""


@pytest.fixture
def compiled(monkeypatch, tmp_path):
    """Compile and run kernels in a process that has compiled none; return the options of each compilation."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(_compile, "_compilations", _compile.Counter())
    monkeypatch.setattr(_compile, "_FEW", 1)
    commands = []
    run = _compile._run

    def record(command, stdin):
        if "-E" not in command:
            commands.append(command)
        return run(command, stdin)

    monkeypatch.setattr(_compile, "_run", record)

    def add(value, first="", **options):
        path = tmp_path / "add.cpp"
        path.write_text(KERNEL.format(first=first, value=value))
        array = np.ones(8, np.float32)
        assert not compile_kernel(path, **options)(array, checks="none").findings
        return array[0]

    return add, commands


def test_the_header_is_compiled_beforehand_when_there_are_more_than_a_few(compiled):
    add, commands = compiled
    assert [add(value) for value in range(3)] == [1, 2, 3]
    uses = ["-include" in command for command in commands if "c++-header" not in command]
    assert uses == [False, True, True]
    # What changes the header's meaning makes the compiler read the header itself: a macro in it, its flags.
    assert add("K_MAX_SHAPE_DIM", defines={"K_MAX_SHAPE_DIM": 3}) == 4
    assert add("sizeof(int)", debug=True) == 5
    with pytest.raises(CompileError, match=r"add\.cpp:8:"):
        add("nothing")


def test_another_compiler_goes_without(compiled, monkeypatch, tmp_path):
    add, commands = compiled
    compiler = tmp_path / "clang++"
    compiler.write_text('#!/bin/sh\nexec g++ "$@"\n')
    compiler.chmod(0o755)
    monkeypatch.setenv("CXX", str(compiler))
    assert [add(value) for value in range(2)] == [1, 2]
    assert not any("-include" in command for command in commands)
