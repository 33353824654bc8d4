# SPDX-License-Identifier: Apache-2.0
"""The PyTorch losses on an NPU: all that the CPU is tested with, and what only a device can answer."""

import json
import os
import subprocess
import sys
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest
import torch

from cases import CASES, LOGITS
from reference import BFLOAT16, FLOAT16, FLOAT32, ulp_error

pytestmark = pytest.mark.npu

PRECISIONS = {"float32": FLOAT32, "float16": FLOAT16, "bfloat16": BFLOAT16}
ROUGH = 3.5  # what the limits grow by, where exp and ln may be a whole ULP off (tests/support/accuracy.py)
# Torch wants probabilities and targets of one type.
TAKEN = [case for case in CASES if case.loss == LOGITS or case.dtype == case.target_dtype]


@pytest.fixture(scope="session", autouse=True)
def _npu():
    pytest.importorskip("torch_npu", reason="torch_npu is not installed, or cannot be imported")
    if not torch.npu.is_available():
        pytest.skip("torch_npu sees no NPU")
    from ascend_bce import _aclnn

    if _aclnn.SIMULATOR.exists():
        pytest.skip(
            "this ascend-bce was built for the simulator: reinstall it with CANN's set_env.sh sourced"
        )


def to_npu(array):
    if array is None:
        return None
    if array.dtype == ml_dtypes.bfloat16:
        return torch.from_numpy(array.view(np.int16).copy()).view(torch.bfloat16).npu().requires_grad_()
    return torch.from_numpy(array.copy()).npu().requires_grad_()


def check(expected, tensor, name, record_property):
    """Record how many ULP a result is off, and fail where it is more than a device may be."""
    actual = tensor.detach().cpu().double().numpy()
    errors = ulp_error(actual, expected.exact, PRECISIONS[expected.dtype], expected.relative_to)
    if errors.size:
        record_property(f"ulp_{name}", float(errors.max()))
    expected._replace(limit=expected.limit + ROUGH).check(actual)


@pytest.mark.parametrize("case", TAKEN, ids=str)
def test_case(case, record_property):
    from ascend_bce.torch import binary_cross_entropy, binary_cross_entropy_with_logits

    input, target, weight, pos_weight = map(to_npu, case.arguments())
    if case.loss == LOGITS:
        loss = binary_cross_entropy_with_logits(
            input, target, weight, reduction=case.reduction, pos_weight=pos_weight
        )
    else:
        loss = binary_cross_entropy(input, target, weight, reduction=case.reduction)
    check(case.expected_loss(), loss, "loss", record_property)
    loss.sum().backward()
    check(case.expected_input_gradient(), input.grad, "input_gradient", record_property)
    check(case.expected_target_gradient(), target.grad, "target_gradient", record_property)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_reductions_give_the_same_bits_again(reduction):
    from ascend_bce.torch import binary_cross_entropy_with_logits

    x, t = torch.randn(5_000_000).npu(), torch.rand(5_000_000).npu()
    first = binary_cross_entropy_with_logits(x, t, reduction=reduction)
    for _ in range(20):
        assert torch.equal(binary_cross_entropy_with_logits(x, t, reduction=reduction), first)


def test_work_on_side_streams_is_in_order():
    from ascend_bce.torch import binary_cross_entropy_with_logits

    x = torch.zeros(4_000_000).npu()
    torch.npu.synchronize()
    with torch.npu.stream(torch.npu.Stream()):
        x += 1  # what comes next must see this
        loss = binary_cross_entropy_with_logits(x, torch.zeros_like(x))
        loss = float(loss)
    assert loss == pytest.approx(np.logaddexp(0, 1), rel=1e-6)


def test_a_model_trains_as_on_the_cpu():
    from ascend_bce.torch import BCEWithLogitsLoss

    curves = []
    for device, module in ("npu", BCEWithLogitsLoss), ("cpu", torch.nn.BCEWithLogitsLoss):
        torch.manual_seed(0)
        inputs, model = torch.randn(256, 8), torch.nn.Linear(8, 3)
        labels = (inputs.sum(1, keepdim=True) + torch.randn(256, 3) > 0).float().to(device)
        inputs, model = inputs.to(device), model.to(device)
        loss_function = module(pos_weight=torch.linspace(1, 3, 3)).to(device)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
        curves.append([])
        for _ in range(20):
            optimizer.zero_grad()
            loss = loss_function(model(inputs), labels)
            loss.backward()
            optimizer.step()
            curves[-1].append(loss.item())
    np.testing.assert_allclose(*curves, rtol=1e-3)


def test_torch_npu_s_own_function_reaches_our_operators_after_env():
    """In a process of its own, started with what `python -m ascend_bce env` prints."""
    command = f'eval "$("{sys.executable}" -m ascend_bce env)" && exec "{sys.executable}" -'
    # Of an infinite logit and target 1 the built-in formula makes nan, ours the limit.
    program = """
import json, torch, torch_npu
x = torch.tensor([float("inf")]).npu()
loss = torch.nn.functional.binary_cross_entropy_with_logits(x, torch.ones(1).npu())
mapped = {line.split()[-1] for line in open("/proc/self/maps")}
libraries = [path for path in mapped if path.endswith("libcust_opapi.so")]
print(json.dumps([float(loss), libraries]))
"""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    result = subprocess.run(
        ["bash", "-c", command], input=program, capture_output=True, text=True, env=environment
    )
    assert result.returncode == 0, result.stderr
    loss, libraries = json.loads(result.stdout.splitlines()[-1])
    assert any("ascend_bce" in Path(path).parts for path in libraries)
    assert loss == 0
