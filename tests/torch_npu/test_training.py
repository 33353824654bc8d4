# SPDX-License-Identifier: Apache-2.0
"""A small model trains on an NPU as it does on the CPU."""

import pytest
import torch

import ascend_bce.torch

STEPS = 10


def train(device: str, loss: torch.nn.Module, optimizer_type, autocast: torch.dtype | None) -> list:
    torch.manual_seed(0)
    network = torch.nn.Sequential(
        torch.nn.Conv2d(1, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.ReLU(), torch.nn.Flatten(),
        torch.nn.Linear(4 * 6 * 6, 16), torch.nn.GELU(), torch.nn.Linear(16, 5),
    )  # fmt: skip
    images, labels = torch.randn(32, 1, 8, 8), torch.randint(0, 2, (32, 5)).float()
    network, images, labels, loss = network.to(device), images.to(device), labels.to(device), loss.to(device)
    optimizer = optimizer_type(network.parameters(), lr=0.01)
    scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
    scaler = torch.amp.GradScaler(device.partition(":")[0], enabled=autocast == torch.float16)
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        with torch.autocast(device.partition(":")[0], dtype=autocast, enabled=autocast is not None):
            value = loss(network(images), labels)
        scaler.scale(value).backward()
        scaler.unscale_(optimizer)
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()
        scheduler.step()
        losses.append(value.item())
    return losses


@pytest.mark.parametrize("autocast", [None, torch.float16, torch.bfloat16], ids=str)
@pytest.mark.parametrize(("device", "optimizer"), [("npu:0", torch.optim.SGD), ("npu:1", torch.optim.AdamW)])
@pytest.mark.parametrize("loss", [torch.nn.BCEWithLogitsLoss, ascend_bce.torch.BCEWithLogitsLoss])
def test_training_is_that_of_the_cpu(device, loss, optimizer, autocast):
    pos_weight = torch.tensor([1.0, 2.0, 0.5, 3.0, 1.5])
    on_npu = train(device, loss(pos_weight=pos_weight.to(device)), optimizer, autocast)
    on_cpu = train("cpu", torch.nn.BCEWithLogitsLoss(pos_weight=pos_weight), optimizer, autocast)
    assert on_cpu[-1] < on_cpu[0], "it learns nothing"
    # Under autocast a last bit of the gradient grows to one of a 16-bit parameter's.
    assert on_npu == pytest.approx(on_cpu, rel=1e-5 if autocast is None else 1e-3)
