# SPDX-License-Identifier: Apache-2.0
"""Trains a classifier of very many labels, which several devices share among them, with ascend-bce's loss.

Each device keeps the last layer's weights, the logits and the labels of its own classes only; what crosses
from device to device is the gradient of the layers before, and one number for the loss.

Needs: pip install 'ascend-bce[torch]'
Run:   torchrun --nproc-per-node=2 examples/torch_class_parallel.py
"""

import torch
import torch.distributed as dist
from torch.distributed.tensor import Shard, distribute_tensor, init_device_mesh
from torch.distributed.tensor.parallel import ColwiseParallel, parallelize_module

from ascend_bce.torch import BCEWithLogitsLoss

CLASSES = 1001  # need not be a multiple of the number of devices

dist.init_process_group("gloo")  # "hccl" on NPUs, and the mesh of "npu"
mesh = init_device_mesh("cpu", (dist.get_world_size(),))

torch.manual_seed(0)  # the same inputs, labels and first weights everywhere
inputs = torch.randn(128, 16)
labels = (inputs @ torch.randn(16, CLASSES) > 5).float()
pos_weight = (len(labels) - labels.sum(dim=0)) / labels.sum(dim=0).clamp(min=1)

model = torch.nn.Sequential(torch.nn.Linear(16, 64), torch.nn.ReLU(), torch.nn.Linear(64, CLASSES))
parallelize_module(model, mesh, {"2": ColwiseParallel(output_layouts=Shard(1), use_local_output=False)})
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)

labels = distribute_tensor(labels, mesh, [Shard(1)])
loss_function = BCEWithLogitsLoss(pos_weight=distribute_tensor(pos_weight, mesh, [Shard(0)]))

for step in range(101):
    optimizer.zero_grad()
    loss = loss_function(model(inputs), labels)
    loss.backward()
    optimizer.step()
    if step % 20 == 0:
        mean = loss.full_tensor().item()  # of all devices
        if mesh.get_rank() == 0:
            print(f"step {step:3d}  loss {mean:.6f}")
dist.destroy_process_group()
