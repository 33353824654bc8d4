# SPDX-License-Identifier: Apache-2.0
"""Trains a small PyTorch model with ascend-bce's loss.

Needs: pip install 'ascend-bce[torch]'
"""

import torch

from ascend_bce.torch import BCEWithLogitsLoss

torch.manual_seed(0)
inputs = torch.randn(256, 8)
labels = (inputs @ torch.randn(8, 3) > 1).float()
positives = labels.sum(dim=0)

model = torch.nn.Sequential(torch.nn.Linear(8, 32), torch.nn.ReLU(), torch.nn.Linear(32, 3))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
loss_function = BCEWithLogitsLoss(pos_weight=(len(labels) - positives) / positives)

for step in range(101):
    optimizer.zero_grad()
    loss = loss_function(model(inputs), labels)
    loss.backward()
    optimizer.step()
    if step % 20 == 0:
        print(f"step {step:3d}  loss {loss.item():.6f}")
