# SPDX-License-Identifier: Apache-2.0
"""Ways of writing kernels that published ones use, against NumPy."""

import math
import struct
from pathlib import Path

import numpy as np
import pytest

from ascend_bce.simulator import Kernel, compile_kernel

KERNELS = Path(__file__).parent / "kernels"
COUNT = 64


@pytest.fixture(scope="module")
def language() -> Kernel:
    return compile_kernel(KERNELS / "language.cpp")


def arrays() -> list[np.ndarray]:
    generator = np.random.default_rng(5)
    a, b = generator.uniform(1, 2, (2, COUNT)).astype(np.float32)
    return [a, b, np.zeros((4, COUNT), np.float32), np.zeros(32, np.uint8), np.zeros(8, np.int64)]


@pytest.mark.parametrize("checks", ["none", "all"])
def test_operators_pools_and_values(language, checks):
    a, b, out, bits, numbers = passed = arrays()
    run = language(*passed, 96, 0.5, checks=checks)
    assert not run.findings, run.findings[0]
    expected = [(a + b) * np.float32(0.5), (a - b) * np.float32(0.5), a * b, a / b]
    np.testing.assert_array_equal(out, expected)
    np.testing.assert_array_equal(np.unpackbits(bits, bitorder="little")[:COUNT], a < b)
    assert numbers.tolist() == [96, 2, 57, 63 - 7, 5, 96, 3, math.isqrt(96)]


@pytest.mark.parametrize("checks", ["none", "all"])
@pytest.mark.parametrize("subtract", [True, False])
def test_calls_by_address(checks, subtract):
    kernel = compile_kernel(KERNELS / "by_address.cpp")
    x, y = np.linspace(-1, 1, COUNT, dtype=np.float32), np.zeros(COUNT, np.float32)
    assert not kernel(x, y, subtract, COUNT, checks=checks).findings
    three = np.float32(3)
    np.testing.assert_array_equal(y, (three if subtract else np.abs(x * x + three)) * x)


def test_finding_in_a_call_by_address():
    kernel = compile_kernel(KERNELS / "by_address.cpp")
    x, y = np.ones(COUNT, np.float32), np.zeros(COUNT, np.float32)
    findings = kernel(x, y, True, COUNT + 8).findings
    assert {finding.code for finding in findings} == {"ub-out-of-bounds"}
    assert "Sub writes bytes [0, 288)" in findings[0].text


@pytest.mark.parametrize(("value", "line"), [(0, "value can not be zero"), (101, "value <= 100")])
def test_assertion_without_semicolon(language, value, line):
    (finding,) = language(*arrays(), value, 1.0).findings
    assert finding.code == "assert"
    assert line in finding.message


def test_value_of_the_wrong_size(language):
    with pytest.raises(ValueError, match="factor as a float of 4 bytes; 8 were passed"):
        language(*arrays(), 1, struct.pack("<d", 1.0))


def test_struct_by_value_in_a_file_with_a_host_part(tmp_path):
    source = tmp_path / "fill.cpp"
    source.write_text(
        """
        #include "kernel_operator.h"
        struct Tiling { uint32_t count; float value; };
        template <class T>
        __global__ __mix__(0, 1) void abs(GM_ADDR out, const Tiling tiling, T factor)
        {
            AscendC::GlobalTensor<float> gm;
            gm.SetGlobalBuffer((__gm__ float*)out);
            for (uint32_t i = 0; i < tiling.count; ++i) {
                gm.SetValue(i, tiling.value * factor);
            }
        }
        void Run(uint8_t* out, void* stream)
        {
            Tiling tiling{4, 2.0f};
            abs<half>
                <<<1, nullptr,
                   stream>>>(out, tiling, half(1));
        }
        """
    )
    out = np.zeros(4, np.float32)
    kernel = compile_kernel(source, entry="abs<half>")
    assert not kernel(out, struct.pack("<If", 4, 1.5), np.float16(3)).findings
    np.testing.assert_array_equal(out, [4.5] * 4)
    with pytest.raises(ValueError, match="tiling is a Tiling: pass its bytes"):
        kernel(out, 4, np.float16(3))
    with pytest.raises(ValueError, match="Tiling of 8 bytes; 4 were passed"):
        kernel(out, struct.pack("<I", 4), np.float16(3))


def test_kernel_named_like_a_function_of_the_compiler(tmp_path):
    source = tmp_path / "sqrt.cpp"
    source.write_text(
        """
        #include "kernel_operator.h"
        extern "C" __global__ __aicore__ void sqrt(GM_ADDR out)
        {
            AscendC::GlobalTensor<float> gm;
            gm.SetGlobalBuffer((__gm__ float*)out);
            gm.SetValue(0, sqrt(2.25f));
        }
        """
    )
    out = np.zeros(1, np.float32)
    assert not compile_kernel(source)(out).findings
    assert out[0] == 1.5
