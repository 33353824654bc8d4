# SPDX-License-Identifier: Apache-2.0
"""Trains a small Paddle model with ascend-bce's loss.

Needs: pip install 'ascend-bce[paddle]'
"""

import paddle

from ascend_bce.paddle import BCEWithLogitsLoss

paddle.seed(0)
inputs = paddle.randn([256, 8])
labels = (inputs @ paddle.randn([8, 3]) > 1).astype("float32")
positives = labels.sum(axis=0)

model = paddle.nn.Sequential(paddle.nn.Linear(8, 32), paddle.nn.ReLU(), paddle.nn.Linear(32, 3))
optimizer = paddle.optimizer.Adam(0.01, parameters=model.parameters())
loss_function = BCEWithLogitsLoss(pos_weight=(len(labels) - positives) / positives)

for step in range(101):
    loss = loss_function(model(inputs), labels)
    loss.backward()
    optimizer.step()
    optimizer.clear_grad()
    if step % 20 == 0:
        print(f"step {step:3d}  loss {loss.item():.6f}")
