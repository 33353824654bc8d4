# SPDX-License-Identifier: Apache-2.0
"""What a vector instruction refuses, and that it says so at the kernel's line; what does not even compile."""

import struct
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from ascend_bce.simulator import CompileError, Kernel, Run, compile_kernel

SOURCE = Path(__file__).parent / "kernels" / "vector_rules.cpp"
RINT, NONE = 1, 0
GT, EQ = 1, 2
SCALAR_MODE, TENSOR_MODE = 1, 2

# rule of the kernel: code of the finding, part of its message, a value that breaks it, one that does not
RULES = {
    0: ("repeat-overflow", "Add is asked for 256 repeats", 256, 255),
    1: ("mask-out-of-range", "a mask of 65 lanes, but a repeat has 64", 65, 64),
    2: ("misaligned", "Abs writes at byte 4", 1, 8),
    3: ("misaligned", "Abs reads at byte 36", 9, 16),
    4: ("misaligned", "multiples of 256 bytes, but was asked for 260", 65, 64),
    5: ("compare-mode", "CMPMODE::EQ", GT, EQ),
    6: ("round-mode", "has no CAST_NONE. Use one of: CAST_RINT CAST_FLOOR", NONE, RINT),
    7: ("round-mode", "has no CAST_RINT. Use one of: CAST_NONE", RINT, NONE),
    8: ("select-mode", "VSEL_TENSOR_SCALAR_MODE", TENSOR_MODE, SCALAR_MODE),
    10: ("misaligned", "BlockReduceSum writes at byte 4", 1, 8),
    11: ("ub-out-of-bounds", "", 64, 8),
    12: ("ub-out-of-bounds", "", 16 * 1024 + 1, 16 * 1024),
}


@cache
def kernel() -> Kernel:
    return compile_kernel(SOURCE)


def launch(rule: int, value: int, checks: str = "all") -> Run:
    return kernel()(np.zeros(1, np.float32), tiling=struct.pack("<2I", rule, value), checks=checks)


@pytest.mark.parametrize("rule", RULES)
def test_rule_is_found_at_its_line(rule):
    code, message, bad, _ = RULES[rule]
    (finding,) = launch(rule, bad).findings
    assert finding.code == code
    assert message in finding.message
    assert SOURCE.read_text().splitlines()[finding.line - 1].endswith(f"// rule {rule}")


@pytest.mark.parametrize("rule", RULES)
def test_call_within_the_rules_is_silent(rule):
    assert launch(rule, RULES[rule][3]).findings == []


def test_whole_reductions_may_write_anywhere():
    assert launch(9, 1).findings == []


@pytest.mark.parametrize("rule", [5, 6, 7, 8])
def test_modes_that_do_not_exist_are_refused_without_checks_too(rule):
    code, message, bad, _ = RULES[rule]
    (finding,) = launch(rule, bad, checks="none").findings
    assert (finding.code, finding.line) == (code, 0)
    assert message in finding.message


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("Add(b, b, b, 64);", "Add exists for half, float, int16_t and int32_t only: Cast first"),
        ("Exp(i, i, 64);", "Exp exists for half and float only: Cast first"),
        ("Cast(b, h, RoundMode::CAST_RINT, 64);", "Cast: the device does not convert between these types"),
        ("Muls(x, x, 2.0, 64);", "no matching function"),
        ("half a = bfloat16_t(1.0f);", "conversion from"),
        ("bfloat16_t a(half(1.0f));", "no matching function"),
    ],
)
def test_what_the_device_lacks_does_not_compile(tmp_path, statement, message):
    source = tmp_path / "lacking.cpp"
    source.write_text(
        '#include "kernel_operator.h"\nusing namespace AscendC;\n'
        'extern "C" __global__ __aicore__ void lacking(GM_ADDR y)\n{\n'
        "    LocalTensor<float> x;\n    LocalTensor<half> h;\n    LocalTensor<bfloat16_t> b;\n"
        f"    LocalTensor<int32_t> i;\n    {statement}\n}}\n"
    )
    with pytest.raises(CompileError, match=r"lacking\.cpp:9|static assertion") as error:
        compile_kernel(source)(np.zeros(1, np.float32), checks="none")
    assert message in str(error.value)
