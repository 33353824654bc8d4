# SPDX-License-Identifier: Apache-2.0
"""Tensors with more elements than 32 bits count."""

import math

import numpy as np

from ascend_bce.numpy import binary_cross_entropy_with_logits


def test_sum_over_more_than_2_to_the_32_elements():
    size = 2**32 + 8192 + 5
    # Zeros that nobody writes to take no memory: the system maps one page of zeros over and over.
    logits, target = np.zeros(size, np.float16), np.zeros(size, np.float32)
    logits[0], logits[2**32 - 1], logits[2**32], logits[-1] = 6e4, 5e4, 4e4, 3e4
    loss = binary_cross_entropy_with_logits(logits, target, reduction="sum")
    # The losses are softplus(0) = log 2, rounded to float32, and softplus(x) = x to more digits than it has.
    exact = (size - 4) * float(np.float32(math.log(2))) + 6e4 + 5e4 + 4e4 + 3e4
    assert abs(float(loss) - exact) <= 2 * np.spacing(np.float32(exact))
