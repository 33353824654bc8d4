# SPDX-License-Identifier: Apache-2.0
"""C++ that CANN's compiler refuses in a kernel is found in the source, and nothing else is."""

from pathlib import Path

import numpy as np
import pytest

from ascend_bce.simulator import compile_kernel
from ascend_bce.simulator._lint import lint

ROOT = Path(__file__).parents[2]
KERNEL = """\
#include "kernel_operator.h"
#include "helper.h"
{outside}
extern "C" __global__ __aicore__ void kernel(GM_ADDR x)
{{
    {inside}
}}
"""
REJECTED = {
    "std::vector<float> partials(8);": "standard library that runs on the host (`std::vector`)",
    "if (x == nullptr) throw 1;": "an exception (`throw`)",
    "try { f(); } catch (...) { }": "exception handling (`try`)",
    "int* p = new int[8];": "dynamic memory (`new`)",
    "delete p;": "dynamic memory (`delete`)",
    "void* p = malloc(64);": "dynamic memory (`malloc`)",
    "static int calls = 0;": "outlives its function (`static`)",
    "const char* name = typeid(x).name();": "run-time type information (`typeid`)",
    "kernel(x);": "recursion (`kernel` calls itself)",
    "double sum = 0;": "arithmetic in `double`",
    "float sum = static_cast<double>(1.0f) * 2.0f;": "arithmetic in `double`",
    "float sum = (double)1.0f * 2.0f;": "arithmetic in `double`",
    "float* p = reinterpret_cast<float*>(x);": "a pointer that loses `__gm__` (`x` as `float*`)",
    "const half* p = (const half *)(x);": "a pointer that loses `__gm__` (`x` as `const half*`)",
    "counter += 1;": "all blocks would share (`counter`)",
}
ACCEPTED = [
    "static constexpr int kTiles = 8; constexpr static int kMore = 9; static const int kLess = 7;",
    "static_assert(std::is_same<int, int>::value); queue.free(x); AscendC::Std::min(1, 2);",
    '// throw new std::vector\n    /* throw */ AscendC::printf("throw new");',
    "#ifdef __CCE_KT_TEST__\n    std::cout << x;\n#endif",
    "#ifndef ASCENDC_CPU_DEBUG\n    f();\n#else\n    throw 1;\n#endif",
    "kernel(x, 1); other.kernel(x); limit + 1;",
    "std::is_same<float, double>::value; constexpr double kHalf = 0.5; COPY(double); sizeof(double);",
    "auto p = reinterpret_cast<__gm__ float*>(x); auto q = (__gm__ half*)x; float product = (p * 8);",
    "float* p = reinterpret_cast<float*>(address); auto bits = reinterpret_cast<uint64_t>(x);",
]
OUTSIDE = """\
int counter = 0;
int unused = 0;
constexpr int limit = 8;
std::vector<int> Host() { return std::vector<int>(8); }
class Copy {
public:
    __aicore__ inline Copy() {}
    Copy(const Copy&) = delete;
    __aicore__ inline void kernel(GM_ADDR x, int y) { kernel_helper(x); }
};
int main() { throw new std::string(); }
"""


def write(folder: Path, inside: str) -> Path:
    (folder / "helper.h").write_text("__aicore__ inline void Help() { Stop(); }\n")
    path = folder / "kernel.cpp"
    path.write_text(KERNEL.format(outside=OUTSIDE, inside=inside))
    return path


@pytest.mark.parametrize("inside", REJECTED)
def test_rejected(inside: str, tmp_path: Path) -> None:
    path = write(tmp_path, inside)
    (finding,) = lint(path, [], "kernel")
    assert finding.code == "bisheng-rejects"
    assert REJECTED[inside] in finding.message
    marked = "int counter = 0;" if "counter" in inside else inside
    assert (finding.file, finding.source) == (str(path), marked)
    assert path.read_text().splitlines()[finding.line - 1].strip() == marked
    assert f"at {path}:{finding.line}" in finding.text


@pytest.mark.parametrize("inside", ACCEPTED)
def test_accepted(inside: str, tmp_path: Path) -> None:
    assert lint(write(tmp_path, inside), [], "kernel") == []


def test_headers_of_the_project_and_virtual_functions(tmp_path: Path) -> None:
    path = write(tmp_path, "Help();")
    (tmp_path / "helper.h").write_text(
        "class Base {\npublic:\n    __aicore__ virtual inline void Process() {}\n};\n"
    )
    (finding,) = lint(path, [], "kernel")
    assert finding.message == "device code has a virtual function"
    assert (finding.file, finding.line) == (str(tmp_path / "helper.h"), 3)


def test_recursion_through_other_functions(tmp_path: Path) -> None:
    path = write(tmp_path, "Even(8);")
    (tmp_path / "helper.h").write_text(
        "__aicore__ inline void Even(int n) { if (n > 0) { Odd(n - 1); } }\n"
        "__aicore__ inline void Odd(int n) { n == 0 ? Stop() : Even(n - 1); }\n"
        "__aicore__ inline void Twice(int n) { Twice(n, n); kernel.Even(n); }\n"
        "__aicore__ inline void Twice(int n, int m) { Odd(n); Odd(m); }\n"
        "__aicore__ inline void operator()(int n) { Call(n); }\n"
        "__aicore__ inline void Call(int n) { other.template operator()(n); }\n"
    )
    assert [(finding.line, finding.message) for finding in lint(path, [], "kernel")] == [
        (1, "device code has recursion (`Even` calls `Odd`, which calls `Even`)"),
        (2, "device code has recursion (`Odd` calls `Even`, which calls `Odd`)"),
    ]


def test_our_own_kernels_are_clean() -> None:
    for path in (ROOT / "op_kernel").glob("*.cpp"):
        assert lint(path, [], path.stem) == []


def test_lint_is_one_of_the_checks(tmp_path: Path) -> None:
    path = tmp_path / "kernel.cpp"
    path.write_text(
        '#include "kernel_operator.h"\n'
        'extern "C" __global__ __aicore__ void kernel(GM_ADDR x)\n'
        "{\n    static int launches = 0;\n    ++launches;\n}\n"
    )
    kernel = compile_kernel(path)
    x = np.zeros(8, np.float32)
    for checks in ("all", ["lint"], "bounds,lint"):
        (finding,) = kernel(x, checks=checks).findings
        assert (finding.code, finding.line) == ("bisheng-rejects", 4)
    assert kernel(x, checks="none").findings == kernel(x, checks=["bounds"]).findings == []
