# SPDX-License-Identifier: Apache-2.0
"""The demo's model in MindSpore."""

from functools import partial

import mindspore
import numpy as np
from mindspore import Tensor, mint, nn

import ascend_bce.mindspore

from . import LEARNING_RATE, MOMENTUM, Backend, Layer


class _Model:
    def __init__(self, loss: type[nn.Cell], layers: list[Layer], pos_weight: np.ndarray) -> None:
        first, second = (self._linear(layer) for layer in layers)
        self._network = nn.SequentialCell(first, nn.ReLU(), second)
        self._make_loss = loss
        self._pos_weight = pos_weight
        parameters = self._network.trainable_params()
        self._optimizer = nn.Momentum(parameters, LEARNING_RATE, MOMENTUM)
        self._value_and_grad = mindspore.value_and_grad(self._forward, None, parameters)

    @staticmethod
    def _linear(layer: Layer) -> mint.nn.Linear:
        linear = mint.nn.Linear(*layer.weight.shape[::-1])
        linear.weight.set_data(Tensor(layer.weight))
        linear.bias.set_data(Tensor(layer.bias))
        return linear

    def _forward(self, images: Tensor, labels: Tensor) -> Tensor:
        # Of the full size, because MindSpore's own loss reads a broadcast pos_weight beyond its end on the
        # CPU.
        pos_weight = Tensor(np.broadcast_to(self._pos_weight, labels.shape).copy())
        return self._make_loss(pos_weight=pos_weight)(self._network(images), labels)

    def step(self, images: np.ndarray, labels: np.ndarray) -> float:
        loss, gradients = self._value_and_grad(Tensor(images), Tensor(labels))
        self._optimizer(gradients)
        return loss.item()

    def scores(self, images: np.ndarray) -> np.ndarray:
        return self._network(Tensor(images)).asnumpy()


def _loss(*arrays: np.ndarray | None) -> float:
    logits, target, weight, pos_weight = (None if a is None else Tensor(a) for a in arrays)
    loss = ascend_bce.mindspore.binary_cross_entropy_with_logits(logits, target, weight, "mean", pos_weight)
    return loss.item()


BACKEND = Backend(
    {
        "mindspore.mint.nn": partial(_Model, mint.nn.BCEWithLogitsLoss),
        "ascend_bce.mindspore": partial(_Model, ascend_bce.mindspore.BCEWithLogitsLoss),
    },
    _loss,
)
