# SPDX-License-Identifier: Apache-2.0
"""The demo: one classifier trained twice, with torch's loss and with ours.

The data are scikit-learn's handwritten digits seen as ten one-against-all labels, so that each class has
about nine times as many negatives as positives, which pos_weight balances. Both trainings start from the same
seed and see the same
batches: what differs between them is the arithmetic of the loss and of its gradient.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from matplotlib.figure import Figure
from sklearn.datasets import load_digits
from sklearn.metrics import average_precision_score
from sklearn.model_selection import train_test_split
from tqdm import tqdm

import ascend_bce.torch

SEED = 0
BATCH = 64
# Rounding differences grow as training goes on; a wrong gradient leaves this far behind in the first epoch.
TOLERANCE = 1e-3


class Data(NamedTuple):
    """Pixels and one-against-all labels, split for training and testing."""

    train_images: torch.Tensor  # [N, 64] in [0, 1]
    train_labels: torch.Tensor  # [N, 10]
    test_images: torch.Tensor  # [M, 64]
    test_labels: torch.Tensor  # [M, 10]
    pos_weight: torch.Tensor  # [10] negatives per positive


class Training(NamedTuple):
    """What one training gave."""

    losses: np.ndarray  # [epochs] mean training loss
    average_precision: float  # on the test data, mean over the classes


def run(epochs: int, output: Path) -> int:
    """Train twice, print the comparison, draw it, and return an exit code: 1 if the two differ."""
    data = _load_data()
    print(
        f"Handwritten digits as ten labels: {len(data.train_images)} images to train on, "
        f"{len(data.test_images)} to test on, {data.pos_weight.mean():.1f} negatives per positive"
    )
    with tqdm(total=2 * epochs, unit="epoch") as progress:
        progress.set_description("torch.nn.BCEWithLogitsLoss")
        theirs = _train(torch.nn.BCEWithLogitsLoss(pos_weight=data.pos_weight), data, epochs, progress)
        progress.set_description("ascend_bce.torch.BCEWithLogitsLoss")
        ours = _train(ascend_bce.torch.BCEWithLogitsLoss(pos_weight=data.pos_weight), data, epochs, progress)

    largest = _print_trainings(theirs, ours)
    examples_agree = _print_examples()
    _draw(theirs, ours, output)
    print(f"\nPicture of both curves: {output}")
    if largest > TOLERANCE or not examples_agree:
        print("FAILED: the two losses differ by more than rounding")
        return 1
    return 0


def _load_data() -> Data:
    images, digits = load_digits(return_X_y=True)
    train_x, test_x, train_y, test_y = train_test_split(
        (images / 16).astype(np.float32),
        np.eye(10, dtype=np.float32)[digits],
        test_size=0.2,
        random_state=SEED,
    )
    positives = train_y.sum(axis=0)
    pos_weight = (len(train_y) - positives) / positives
    return Data(*map(torch.from_numpy, (train_x, train_y, test_x, test_y, pos_weight)))


def _train(loss_function: torch.nn.Module, data: Data, epochs: int, progress: tqdm) -> Training:
    torch.manual_seed(SEED)
    model = torch.nn.Sequential(torch.nn.Linear(64, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    losses = []
    for _ in range(epochs):
        total = 0.0
        for batch in torch.randperm(len(data.train_images)).split(BATCH):
            optimizer.zero_grad()
            loss = loss_function(model(data.train_images[batch]), data.train_labels[batch])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(batch)
        losses.append(total / len(data.train_images))
        progress.update()
    with torch.no_grad():
        scores = model(data.test_images)
    precision = average_precision_score(data.test_labels, scores, average="macro")
    return Training(np.array(losses), float(precision))


def _print_trainings(theirs: Training, ours: Training) -> float:
    """Print both trainings side by side and return their largest relative difference in the loss."""
    difference = np.abs(ours.losses - theirs.losses)
    print(f"\n{'epoch':>5}  {'torch':>11}  {'ascend_bce':>11}  {'difference':>10}")
    for epoch, row in enumerate(zip(theirs.losses, ours.losses, difference, strict=True), start=1):
        print("{:5d}  {:11.8f}  {:11.8f}  {:10.1e}".format(epoch, *row))
    largest = float(np.max(difference / theirs.losses))
    print(f"Largest difference: {difference.max():.1e}, relative {largest:.1e}")
    print(
        f"Average precision on the test images: torch {theirs.average_precision:.6f}, "
        f"ascend_bce {ours.average_precision:.6f}"
    )
    return largest


def _print_examples() -> bool:
    """Print the values of the frameworks' documentation examples, and whether ours are the same."""
    loss = ascend_bce.torch.binary_cross_entropy_with_logits
    examples = {
        "PyTorch": (
            0.2014,
            4,
            loss(torch.full([10, 64], 1.5), torch.ones(10, 64), pos_weight=torch.ones(64)),
        ),
        "MindSpore": (
            0.3463612,
            7,
            loss(
                torch.tensor([[-0.8, 1.2, 0.7], [-0.1, -0.4, 0.7]]),
                torch.tensor([[0.3, 0.8, 1.2], [-0.6, 0.1, 2.2]]),
                weight=torch.ones(3),
                pos_weight=torch.ones(3),
            ),
        ),
        "Paddle": (0.45618808, 7, loss(torch.tensor([5.0, 1.0, 3.0]), torch.tensor([1.0, 0.0, 1.0]))),
    }
    print("\nExamples of the frameworks' documentation for this loss:")
    agree = True
    for framework, (documented, digits, computed) in examples.items():
        same = abs(computed.item() - documented) <= 10**-digits
        agree &= same
        print(
            f"  {framework:<9}  documented {documented:<10}  ascend_bce {computed.item():.{digits}f}"
            f"  {'same' if same else 'DIFFERENT'}"
        )
    return agree


def _draw(theirs: Training, ours: Training, output: Path) -> None:
    epochs = np.arange(1, len(ours.losses) + 1)
    figure = Figure(figsize=(10, 4), layout="constrained")
    curves, differences = figure.subplots(1, 2)
    curves.plot(epochs, theirs.losses, color="tab:orange", linewidth=5, alpha=0.5, label="torch.nn")
    curves.plot(epochs, ours.losses, color="tab:blue", linewidth=1.5, label="ascend_bce.torch")
    curves.set(xlabel="epoch", ylabel="training loss", ylim=(0, None), title="BCEWithLogitsLoss, same seed")
    curves.legend()
    differences.plot(epochs, np.abs(ours.losses / theirs.losses - 1), color="tab:blue", marker=".")
    differences.set(xlabel="epoch", title="relative difference of the two", ylim=(0, None))
    output.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(output, dpi=120)
