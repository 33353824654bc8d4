# SPDX-License-Identifier: Apache-2.0
"""Fits a linear model by gradient descent on NumPy arrays alone.

Needs: pip install ascend-bce
"""

import numpy as np

from ascend_bce.numpy import binary_cross_entropy_with_logits

rng = np.random.default_rng(0)
inputs = rng.normal(size=(256, 8)).astype(np.float32)
labels = (inputs @ rng.normal(size=(8, 3)) > 1).astype(np.float32)
positives = labels.sum(axis=0)
pos_weight = (len(labels) - positives) / positives

weight, bias = np.zeros((8, 3), np.float32), np.zeros(3, np.float32)
for step in range(101):
    logits = inputs @ weight + bias
    result = binary_cross_entropy_with_logits(logits, labels, pos_weight=pos_weight, return_gradients="input")
    weight -= 10 * inputs.T @ result.input
    bias -= 10 * result.input.sum(axis=0)
    if step % 20 == 0:
        print(f"step {step:3d}  loss {result.loss:.6f}")
