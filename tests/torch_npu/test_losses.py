# SPDX-License-Identifier: Apache-2.0
"""torch_npu's own losses, which reach our kernels by the names of CANN's aclnn functions."""

import pytest
import torch
import torch.nn.functional as F

import ascend_bce.torch
from cases import CASES, LOGITS
from npu_streams import held
from npu_tensors import DTYPES, to_npu, to_numpy

REDUCTIONS = ["none", "mean", "sum"]


@pytest.mark.parametrize("case", [c for c in CASES if c.dtype == c.target_dtype], ids=str)
def test_case(case):
    input, target, weight, pos_weight = map(to_npu, case.arguments())
    input.requires_grad_()
    if case.loss == LOGITS:
        loss = F.binary_cross_entropy_with_logits(
            input, target, weight, reduction=case.reduction, pos_weight=pos_weight
        )
    else:
        loss = F.binary_cross_entropy(input, target, weight, reduction=case.reduction)
    assert loss.dtype == target.dtype
    case.expected_loss().check(to_numpy(loss))
    loss.sum().backward()
    case.expected_input_gradient().check(to_numpy(input.grad))


def test_kernels_are_ours():
    # CANN's own gives nan there, as torch does.
    infinite = torch.tensor([torch.inf, -torch.inf], device="npu")
    loss = F.binary_cross_entropy_with_logits(infinite, torch.tensor([1.0, 0.0], device="npu"))
    assert loss.item() == 0


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_strided_operands(dtype, reduction):
    torch.manual_seed(0)
    input, target = torch.randn(6, 5, 8).to(dtype), torch.rand(6, 5, 8).to(dtype)
    weight, pos_weight = torch.rand(8, 5), torch.rand(16)

    def compute(device):
        view = input.to(device).transpose(0, 2)[:, :, ::2].requires_grad_()
        view_weight, view_pos_weight = weight.to(device)[:, :, None], pos_weight.to(device)[::2, None, None]
        loss = ascend_bce.torch.binary_cross_entropy_with_logits if device == "cpu" else (
            F.binary_cross_entropy_with_logits
        )  # fmt: skip
        value = loss(
            view,
            target.to(device).permute(2, 1, 0)[:, :, 1::2],
            view_weight.to(dtype),
            reduction=reduction,
            pos_weight=view_pos_weight.to(dtype),
        )
        return value.detach().cpu(), torch.autograd.grad(value.sum(), view)[0].cpu()

    for on_npu, on_cpu in zip(compute("npu"), compute("cpu"), strict=True):
        assert torch.equal(on_npu, on_cpu)


def test_second_device():
    torch.manual_seed(0)
    input, target = torch.randn(100), torch.rand(100)
    losses = []
    for device in ("npu:0", "npu:1"):
        logits = input.to(device).requires_grad_()
        loss = F.binary_cross_entropy_with_logits(logits, target.to(device))
        loss.backward()
        assert loss.device == logits.grad.device == torch.device(device)
        losses.append((loss.item(), logits.grad.cpu()))
    assert losses[0][0] == losses[1][0]
    assert torch.equal(losses[0][1], losses[1][1])


@pytest.mark.parametrize(
    "loss", [F.binary_cross_entropy_with_logits, ascend_bce.torch.binary_cross_entropy_with_logits]
)
def test_side_stream(loss):
    torch.manual_seed(0)
    stream = torch.npu.Stream()
    input, target = torch.randn(100, device="npu"), torch.rand(100, device="npu")
    expected = loss(input, target, reduction="none").cpu()
    torch.npu.synchronize()
    with held(stream):
        with torch.npu.stream(stream):
            result = loss(input, target, reduction="none")
        assert not stream.query()
        # The operands may go: the stream has what it needs of them, and their memory belongs to it.
        input.record_stream(stream)
        target.record_stream(stream)
        del input, target
    stream.synchronize()
    assert torch.equal(result.cpu(), expected)


def test_autocast_computes_in_float32():
    torch.manual_seed(0)
    input, target = torch.randn(100, device="npu").half(), torch.rand(100, device="npu").half()
    with torch.autocast("npu", dtype=torch.float16):
        loss = F.binary_cross_entropy_with_logits(input, target)
        with pytest.raises(RuntimeError, match="unsafe to autocast"):
            F.binary_cross_entropy(input.sigmoid(), target)
    assert loss.dtype == torch.float32
    assert loss.item() == F.binary_cross_entropy_with_logits(input.float(), target.float()).item()
