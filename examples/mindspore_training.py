# SPDX-License-Identifier: Apache-2.0
"""Trains a small MindSpore model whose loss comes from ascend-bce, without a change to the model.

Needs: pip install 'ascend-bce[mindspore]'
"""

import mindspore
import numpy as np
from mindspore import Tensor, mint, nn

import ascend_bce.mindspore

mindspore.set_seed(0)
rng = np.random.default_rng(0)
inputs = rng.normal(size=(256, 8)).astype(np.float32)
labels = (inputs @ rng.normal(size=(8, 3)) > 1).astype(np.float32)
positives = labels.sum(axis=0)
pos_weight = Tensor((len(labels) - positives) / positives)

model = nn.SequentialCell(nn.Dense(8, 32), nn.ReLU(), nn.Dense(32, 3))
optimizer = nn.Adam(model.trainable_params(), learning_rate=0.01)


def compute_loss(inputs, labels):
    """Call MindSpore's own function by its own name."""
    logits = model(inputs)
    return mint.nn.functional.binary_cross_entropy_with_logits(logits, labels, pos_weight=pos_weight)


compute_gradients = mindspore.value_and_grad(compute_loss, None, optimizer.parameters)


@mindspore.jit
def train_step(inputs, labels):
    """Take one step, compiled into a graph."""
    loss, gradients = compute_gradients(inputs, labels)
    optimizer(gradients)
    return loss


with ascend_bce.mindspore.register():
    for step in range(101):
        loss = train_step(Tensor(inputs), Tensor(labels))
        if step % 20 == 0:
            print(f"step {step:3d}  loss {float(loss):.6f}")
