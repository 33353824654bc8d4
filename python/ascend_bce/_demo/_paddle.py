# SPDX-License-Identifier: Apache-2.0
"""The demo's model in Paddle."""

from functools import partial

import numpy as np
import paddle

import ascend_bce.paddle

from . import LEARNING_RATE, MOMENTUM, Backend, Layer


class _Model:
    def __init__(self, loss: type[paddle.nn.Layer], layers: list[Layer], pos_weight: np.ndarray) -> None:
        first, second = (self._linear(layer) for layer in layers)
        self._network = paddle.nn.Sequential(first, paddle.nn.ReLU(), second)
        self._loss = loss(pos_weight=paddle.to_tensor(pos_weight))
        self._optimizer = paddle.optimizer.Momentum(LEARNING_RATE, MOMENTUM, self._network.parameters())

    @staticmethod
    def _linear(layer: Layer) -> paddle.nn.Linear:
        linear = paddle.nn.Linear(*layer.weight.shape[::-1])
        linear.weight.set_value(layer.weight.T.copy())
        linear.bias.set_value(layer.bias)
        return linear

    def step(self, images: np.ndarray, labels: np.ndarray) -> float:
        loss = self._loss(self._network(paddle.to_tensor(images)), paddle.to_tensor(labels))
        loss.backward()
        self._optimizer.step()
        self._optimizer.clear_grad()
        return loss.item()

    def scores(self, images: np.ndarray) -> np.ndarray:
        with paddle.no_grad():
            return self._network(paddle.to_tensor(images)).numpy()


def _loss(*arrays: np.ndarray | None) -> float:
    logits, label, weight, pos_weight = (None if a is None else paddle.to_tensor(a) for a in arrays)
    loss = ascend_bce.paddle.BCEWithLogitsLoss(weight, "mean", pos_weight)
    return loss(logits, label).item()


BACKEND = Backend(
    {
        "paddle.nn": partial(_Model, paddle.nn.BCEWithLogitsLoss),
        "ascend_bce.paddle": partial(_Model, ascend_bce.paddle.BCEWithLogitsLoss),
    },
    _loss,
)
