# SPDX-License-Identifier: Apache-2.0
"""What each process of tests/mindspore/test_many_devices.py does."""

import sys
from pathlib import Path

import mindspore
import numpy as np
from mindspore import Tensor, communication, mint, nn, ops

from ascend_bce.mindspore import BCEWithLogitsLoss, binary_cross_entropy_with_logits

ROWS, FEATURES, CLASSES, STEPS, RATE = 8, 6, 4, 3, 0.5


def make_data() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return inputs, labels and the first weights, the same ones everywhere."""
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(ROWS, FEATURES)).astype(np.float32)
    labels = rng.integers(0, 2, (ROWS, CLASSES)).astype(np.float32)
    return inputs, labels, rng.normal(size=(CLASSES, FEATURES)).astype(np.float32)


def train_on_data(rank: int, size: int, compiled: bool) -> np.ndarray:
    """Train on this process's rows, with averaged gradients, and return the weights."""
    inputs, labels, weights = make_data()
    rows = slice(rank * ROWS // size, (rank + 1) * ROWS // size)
    model = nn.Dense(FEATURES, CLASSES, weight_init=Tensor(weights), has_bias=False)
    loss_function = BCEWithLogitsLoss()
    optimizer = nn.SGD(model.trainable_params(), RATE)

    def compute_loss(x, t):
        return loss_function(model(x), t)

    compute = mindspore.value_and_grad(compute_loss, None, optimizer.parameters)
    average = nn.DistributedGradReducer(optimizer.parameters, mean=True, degree=size)

    def step(x, t):
        loss, gradients = compute(x, t)
        return ops.depend(loss, optimizer(average(gradients)))

    run = mindspore.jit(step) if compiled else step
    for _ in range(STEPS):
        run(Tensor(inputs[rows]), Tensor(labels[rows]))
    return model.weight.asnumpy()


def share_classes(rank: int, size: int) -> np.ndarray:
    """Return the loss of all classes, and the gradient of this process's weights below it."""
    inputs, labels, weights = make_data()
    mine = slice(rank * CLASSES // size, (rank + 1) * CLASSES // size)
    parameter = mindspore.Parameter(Tensor(weights[mine]))

    def compute(x, t):
        logits = mint.matmul(x, parameter.T)
        return binary_cross_entropy_with_logits(logits, t, reduction="sum") / (ROWS * CLASSES)

    loss, (gradient,) = mindspore.value_and_grad(compute, None, [parameter])(
        Tensor(inputs), Tensor(labels[:, mine])
    )
    total = ops.AllReduce()(loss)
    return np.vstack([np.full((1, FEATURES), total.asnumpy()), gradient.asnumpy()])


def main() -> None:
    """Run, and leave the results in a folder."""
    folder = Path(sys.argv[1])
    mindspore.set_device("CPU")
    mindspore.set_context(mode=mindspore.PYNATIVE_MODE)
    communication.init()
    rank, size = communication.get_rank(), communication.get_group_size()
    np.save(folder / f"classes{rank}.npy", share_classes(rank, size))
    mindspore.set_auto_parallel_context(parallel_mode="data_parallel", gradients_mean=True)
    for compiled in False, True:
        np.save(folder / f"data{rank}-{compiled}.npy", train_on_data(rank, size, compiled))


if __name__ == "__main__":
    main()
