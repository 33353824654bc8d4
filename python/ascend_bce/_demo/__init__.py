# SPDX-License-Identifier: Apache-2.0
"""The demo: one classifier trained twice, with a framework's own loss and with ours.

The data are scikit-learn's handwritten digits seen as ten one-against-all labels, so that each class has
about nine times as many negatives as positives, which pos_weight balances. Both trainings start from the same
parameters and see the same batches, which are those of every framework: what differs between them is the
arithmetic of the loss and of its gradient.

What each framework does in its own way is in the module of its name, in its BACKEND.
"""

from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from matplotlib.figure import Figure
from sklearn.datasets import load_digits
from sklearn.metrics import average_precision_score
from sklearn.model_selection import train_test_split
from tqdm import tqdm

SEED = 0
BATCH = 64
UNITS = (64, 64, 10)  # pixels, hidden units, classes
# Plain momentum, which every framework computes in the same way.
LEARNING_RATE = 0.1
MOMENTUM = 0.9
# Rounding differences grow as training goes on; a wrong gradient leaves this far behind in the first epoch.
TOLERANCE = 1e-3


class Data(NamedTuple):
    """Pixels and one-against-all labels, split for training and testing."""

    train_images: np.ndarray  # [N, 64] in [0, 1]
    train_labels: np.ndarray  # [N, 10]
    test_images: np.ndarray  # [M, 64]
    test_labels: np.ndarray  # [M, 10]
    pos_weight: np.ndarray  # [10] negatives per positive


class Layer(NamedTuple):
    """Parameters of a linear layer."""

    weight: np.ndarray  # [outputs, inputs]
    bias: np.ndarray  # [outputs]


class Model(Protocol):
    """A model with its loss and optimizer."""

    def step(self, images: np.ndarray, labels: np.ndarray) -> float:
        """Train on a batch and return its loss."""

    def scores(self, images: np.ndarray) -> np.ndarray:
        """Return the logits of images."""


class Backend(NamedTuple):
    """What a framework does in its own way."""

    # The framework's own loss first, then ours: models by the names of their losses.
    models: dict[str, Callable[[list[Layer], np.ndarray], Model]]
    # Ours, of logits, target, weight and pos_weight.
    loss: Callable[[np.ndarray, np.ndarray, np.ndarray | None, np.ndarray | None], float]


class Training(NamedTuple):
    """What one training gave."""

    name: str  # of the loss
    losses: np.ndarray  # [epochs] mean training loss
    average_precision: float  # on the test data, mean over the classes


def run(framework: str, epochs: int, output: Path, module: str) -> int:
    """Train twice, print the comparison, draw it, and return an exit code: 1 if the two differ.

    Args:
        framework: Whose loss ours is compared with.
        epochs: Passes over the training data.
        output: The picture to write.
        module: The one whose BACKEND trains.
    """
    backend: Backend = import_module(f"{__name__}._{module}").BACKEND
    data = _load_data()
    print(
        f"Handwritten digits as ten labels: {len(data.train_images)} images to train on, "
        f"{len(data.test_images)} to test on, {data.pos_weight.mean():.1f} negatives per positive"
    )
    with tqdm(total=2 * epochs, unit="epoch") as progress:
        theirs, ours = (
            _train(name, make_model(_first_layers(), data.pos_weight), data, epochs, progress)
            for name, make_model in backend.models.items()
        )

    largest = _print_trainings(framework, theirs, ours)
    examples_agree = _print_examples(backend)
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
    return Data(train_x, train_y, test_x, test_y, (len(train_y) - positives) / positives)


def _first_layers() -> list[Layer]:
    """Draw the parameters to start from, as PyTorch does."""
    rng = np.random.default_rng(SEED)
    layers = []
    for inputs, outputs in pairwise(UNITS):
        bound = inputs**-0.5
        layers.append(
            Layer(*(rng.uniform(-bound, bound, s).astype(np.float32) for s in ((outputs, inputs), outputs)))
        )
    return layers


def _train(name: str, model: Model, data: Data, epochs: int, progress: tqdm) -> Training:
    progress.set_description(f"{name}.BCEWithLogitsLoss")
    rng = np.random.default_rng(SEED)
    count = len(data.train_images)
    losses = []
    for _ in range(epochs):
        order = rng.permutation(count)
        total = 0.0
        for batch in np.split(order, range(BATCH, count, BATCH)):
            loss = model.step(data.train_images[batch], data.train_labels[batch])
            total += loss * len(batch)
        losses.append(total / count)
        progress.update()
    scores = model.scores(data.test_images)
    precision = average_precision_score(data.test_labels, scores, average="macro")
    return Training(name, np.array(losses), float(precision))


def _print_trainings(framework: str, theirs: Training, ours: Training) -> float:
    """Print both trainings side by side and return their largest relative difference in the loss."""
    difference = np.abs(ours.losses - theirs.losses)
    print(f"\n{'epoch':>5}  {framework:>11}  {'ascend_bce':>11}  {'difference':>10}")
    for epoch, row in enumerate(zip(theirs.losses, ours.losses, difference, strict=True), start=1):
        print("{:5d}  {:11.8f}  {:11.8f}  {:10.1e}".format(epoch, *row))
    largest = float(np.max(difference / theirs.losses))
    print(f"Largest difference: {difference.max():.1e}, relative {largest:.1e}")
    print(
        f"Average precision on the test images: {framework} {theirs.average_precision:.6f}, "
        f"ascend_bce {ours.average_precision:.6f}"
    )
    return largest


def _print_examples(backend: Backend) -> bool:
    """Print the values of the frameworks' documentation examples, and whether ours are the same."""
    float32 = np.float32
    logits = float32([[-0.8, 1.2, 0.7], [-0.1, -0.4, 0.7]])
    target = float32([[0.3, 0.8, 1.2], [-0.6, 0.1, 2.2]])
    ones = np.ones(3, float32)
    examples = {
        "PyTorch": (
            0.2014,
            4,
            backend.loss(
                np.full([10, 64], 1.5, float32), np.ones([10, 64], float32), None, np.ones(64, float32)
            ),
        ),
        "MindSpore": (0.3463612, 7, backend.loss(logits, target, ones, ones)),
        "Paddle": (0.45618808, 7, backend.loss(float32([5, 1, 3]), float32([1, 0, 1]), None, None)),
    }
    print("\nExamples of the frameworks' documentation for this loss:")
    agree = True
    for framework, (documented, digits, computed) in examples.items():
        same = abs(computed - documented) <= 10**-digits
        agree &= same
        print(
            f"  {framework:<9}  documented {documented:<10}  ascend_bce {computed:.{digits}f}"
            f"  {'same' if same else 'DIFFERENT'}"
        )
    return agree


def _draw(theirs: Training, ours: Training, output: Path) -> None:
    epochs = np.arange(1, len(ours.losses) + 1)
    figure = Figure(figsize=(10, 4), layout="constrained")
    curves, differences = figure.subplots(1, 2)
    curves.plot(epochs, theirs.losses, color="tab:orange", linewidth=5, alpha=0.5, label=theirs.name)
    curves.plot(epochs, ours.losses, color="tab:blue", linewidth=1.5, label=ours.name)
    curves.set(
        xlabel="epoch", ylabel="training loss", ylim=(0, None), title="BCEWithLogitsLoss, same batches"
    )
    curves.legend()
    differences.plot(epochs, np.abs(ours.losses / theirs.losses - 1), color="tab:blue", marker=".")
    differences.set(xlabel="epoch", title="relative difference of the two", ylim=(0, None))
    output.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(output, dpi=120)
