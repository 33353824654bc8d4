# SPDX-License-Identifier: Apache-2.0
"""The demo's model in PyTorch."""

from functools import partial

import numpy as np
import torch

import ascend_bce.torch

from . import LEARNING_RATE, MOMENTUM, Backend, Layer


class TorchModel:
    def __init__(
        self, loss: type[torch.nn.Module], layers: list[Layer], pos_weight: np.ndarray, device: str = "cpu"
    ) -> None:
        first, second = (self._linear(layer) for layer in layers)
        self._device = device
        self._network = torch.nn.Sequential(first, torch.nn.ReLU(), second).to(device)
        self._loss = loss(pos_weight=self._tensor(pos_weight))
        self._optimizer = torch.optim.SGD(self._network.parameters(), lr=LEARNING_RATE, momentum=MOMENTUM)

    @staticmethod
    def _linear(layer: Layer) -> torch.nn.Linear:
        linear = torch.nn.Linear(*layer.weight.shape[::-1])
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(layer.weight))
            linear.bias.copy_(torch.from_numpy(layer.bias))
        return linear

    def step(self, images: np.ndarray, labels: np.ndarray) -> float:
        self._optimizer.zero_grad()
        loss = self._loss(self._network(self._tensor(images)), self._tensor(labels))
        loss.backward()
        self._optimizer.step()
        return loss.item()

    def scores(self, images: np.ndarray) -> np.ndarray:
        with torch.no_grad():
            return self._network(self._tensor(images)).cpu().numpy()

    def _tensor(self, array: np.ndarray) -> torch.Tensor:
        return torch.from_numpy(array).to(self._device)


def _loss(*arrays: np.ndarray | None) -> float:
    logits, target, weight, pos_weight = (None if a is None else torch.from_numpy(a) for a in arrays)
    loss = ascend_bce.torch.binary_cross_entropy_with_logits(logits, target, weight, pos_weight=pos_weight)
    return loss.item()


BACKEND = Backend(
    {
        "torch.nn": partial(TorchModel, torch.nn.BCEWithLogitsLoss),
        "ascend_bce.torch": partial(TorchModel, ascend_bce.torch.BCEWithLogitsLoss),
    },
    _loss,
)
