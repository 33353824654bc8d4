# SPDX-License-Identifier: Apache-2.0
"""That the native operators are taken where they should be, and do what the way by ctypes does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import ascend_bce.torch
from ascend_bce import _aclnn
from ascend_bce.torch import _native, binary_cross_entropy, binary_cross_entropy_with_logits
from torch_launches import without_native
from torch_problems import REDUCTIONS, problems

SOURCES = Path(__file__).parents[2] / "python" / "ascend_bce" / "torch"
NAMES = ("binary_cross_entropy", "binary_cross_entropy_with_logits")


@pytest.fixture
def no_long_way(monkeypatch):
    """Let every call by ctypes fail."""

    def fail(*arguments):
        raise AssertionError(f"{arguments[1]} was called by ctypes")

    monkeypatch.setattr(_aclnn, "call_on_host", fail)


def by_ctypes(function, *arguments, **options):
    """Call a function that finds no native operators."""
    with without_native():
        return function(*arguments, **options)


def outcome(loss, problem, reduction, **weights):
    """Return a loss and all first gradients."""
    tensors = [None if tensor is None else tensor.detach().requires_grad_() for tensor in problem]
    input, target, *weights = tensors
    options = dict(zip(("weight", "pos_weight"), weights, strict=False))
    value = loss(input, target, reduction=reduction, **options)
    wanted = [tensor for tensor in tensors if tensor is not None]
    return value.detach(), *torch.autograd.grad(value, wanted, torch.full_like(value, 3.0))


def assert_same(one, other):
    assert len(one) == len(other)
    for a, b in zip(one, other, strict=True):
        assert (a.dtype, a.shape, a.stride()) == (b.dtype, b.shape, b.stride())
        assert torch.equal(a.nan_to_num(123.0), b.nan_to_num(123.0))


@settings(max_examples=200)
@given(problem=problems(), reduction=st.sampled_from(REDUCTIONS))
def test_both_ways_give_the_same_bits(problem, reduction):
    short = outcome(binary_cross_entropy_with_logits, problem, reduction)
    long = by_ctypes(outcome, binary_cross_entropy_with_logits, problem, reduction)
    assert_same(short, long)


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
def test_both_ways_give_the_same_bits_for_probabilities(dtype, reduction):
    torch.manual_seed(0)
    problem = torch.rand(5, 7).to(dtype), torch.rand(5, 7).to(dtype), torch.rand(7).bfloat16()
    short = outcome(binary_cross_entropy, problem, reduction)
    assert_same(short, by_ctypes(outcome, binary_cross_entropy, problem, reduction))


@pytest.mark.usefixtures("no_long_way")
@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("name", NAMES)
def test_usual_arguments_take_the_short_way(name, reduction):
    loss = getattr(ascend_bce.torch, name)
    x, t = torch.rand(4, 3, 5, requires_grad=True), torch.rand(4, 3, 5, requires_grad=True)
    weights = {"weight": torch.rand(5)}
    if "logits" in name:
        weights["pos_weight"] = torch.rand(3, 1).half()
    for options in {}, weights:
        value = loss(x, t, reduction=reduction, **options)
        torch.autograd.grad(value, (x, t), torch.rand_like(value))
    with torch.no_grad():
        loss(x, t[:, :1].expand(4, 3, 5) if reduction != "none" else t)
    assert loss(torch.rand(0, 3), torch.rand(0, 3), reduction=reduction).shape == (
        (0, 3) if reduction == "none" else ()
    )


@pytest.mark.usefixtures("no_long_way")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16, torch.bfloat16])
@pytest.mark.parametrize("outer", [1.0, 2.0])
def test_any_type_of_incoming_gradient_scales_by_the_short_way(outer, dtype):
    gradient = torch.rand(3, 4).t()
    expected = gradient * outer
    assert _native.operators["scale_gradient"](torch.tensor(outer, dtype=dtype), gradient) is (
        outer == 1 or dtype != torch.float16
    )
    if outer == 1 or dtype != torch.float16:
        torch.testing.assert_close(gradient, expected, rtol=0, atol=0)


UNUSUAL = {
    "float64": (torch.rand(3).double(), torch.rand(3), None, None, 1),
    "other shapes": (torch.rand(3), torch.rand(4), None, None, 1),
    "another rank": (torch.rand(3), torch.rand(1, 3), None, None, 1),
    "no memory": (torch.rand(3), torch.rand(3), torch.rand(3, device="meta"), None, 1),
    "nine dimensions": (torch.rand([1] * 9), torch.rand([1] * 9), None, None, 1),
    "integer weight": (torch.rand(3), torch.rand(3), torch.ones(3, dtype=torch.int32), None, 1),
    "weight of a larger rank": (torch.rand(3), torch.rand(3), torch.rand(1, 3), None, 1),
    "weight that does not broadcast": (torch.rand(3, 2), torch.rand(3, 2), torch.rand(3), None, 1),
    "sparse weight": (torch.rand(3), torch.rand(3), torch.ones(3).to_sparse(), None, 1),
    "strided target, not reduced": (torch.rand(3, 2), torch.rand(2, 3).t(), None, None, 0),
    "unknown reduction": (torch.rand(3), torch.rand(3), None, None, 7),
}


@pytest.mark.parametrize("arguments", UNUSUAL.values(), ids=UNUSUAL)
def test_unusual_arguments_are_left_to_the_long_way(arguments):
    assert _native.operators["binary_cross_entropy_with_logits"](*arguments) is None
    assert _native.operators["binary_cross_entropy_with_logits_loss_and_gradient"](*arguments) == (None, None)


def test_probabilities_and_targets_are_of_one_type():
    assert _native.operators["binary_cross_entropy"](torch.rand(3), torch.rand(3).half(), None, 1) is None


def test_results_are_kept_alive_by_those_who_hold_them_only():
    x, t = torch.rand(1000), torch.rand(1000)
    references = sys.getrefcount(x)
    for _ in range(3):
        results = _native.operators["binary_cross_entropy_with_logits_loss_and_gradient"](x, t, x, t, 1)
    assert sys.getrefcount(x) == references
    assert [result._use_count() for result in (*results, x, t)] == [1, 1, 1, 1]


@pytest.mark.parametrize("name", NAMES)
def test_without_the_library_all_goes_the_long_way(name):
    """In a process of its own, where nothing is loaded yet."""
    code = f"""
import torch
from ascend_bce.torch import _native, {name}
from pathlib import Path
_native._PATH = Path("not there")
x = torch.rand(3, 4, requires_grad=True)
loss = {name}(x, torch.rand(3, 4))
loss.backward()
assert set(_native.operators.values()) == {{_native.take_nothing}}
print(x.grad.shape)
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "torch.Size([3, 4])"


def test_a_torch_without_the_functions_is_said_once():
    code = """
import ctypes, torch
from ascend_bce.torch import _native, binary_cross_entropy_with_logits
torch._C.__file__ = ctypes.util.find_library("m")
import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    for _ in range(2):
        binary_cross_entropy_with_logits(torch.rand(3), torch.rand(3))
print(*(str(warning.message) for warning in caught), sep="\\n")
"""
    result = subprocess.run(
        [sys.executable, "-c", code.replace("import ctypes,", "import ctypes.util,")],
        capture_output=True,
        text=True,
        check=True,
    )
    (line,) = result.stdout.splitlines()
    assert "the long way to its kernels: aoti_torch_device_type_cpu" in line


def test_the_declarations_are_those_of_torch(tmp_path):
    """A function declared twice with different types does not compile."""
    both = tmp_path / "both.cpp"
    both.write_text(
        "#include <torch/csrc/inductor/aoti_torch/c/shim.h>\n"
        "#include <torch/csrc/stable/c/shim.h>\n"
        '#include "stable_abi.h"\n'
    )
    include = Path(torch.__file__).parent / "include"
    command = ["g++", "-std=c++17", "-fsyntax-only", f"-I{include}", "-x", "c++", str(both)]
    subprocess.run([*command, f"-I{SOURCES}"], check=True)

    wrong = (SOURCES / "stable_abi.h").read_text().replace("int64_t* ret_dim", "int32_t* ret_dim")
    (tmp_path / "stable_abi.h").write_text(wrong)
    result = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})
    assert "conflicting declaration" in result.stderr
