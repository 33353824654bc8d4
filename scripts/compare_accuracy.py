#!/usr/bin/env python
# SPDX-License-Identifier: Apache-2.0
"""Compares the accuracy of binary cross-entropy with logits: ours, frameworks' own, other kernels' formulas.

Prints the comparison in docs/accuracy.md as a Markdown table. The losses of float32 logits and targets are
compared with float64, in units in the last place (ULP) of the exact value. Run it where ascend-bce is
installed; rows of frameworks that are not installed are left out:

    python scripts/compare_accuracy.py [--samples N]

Of other kernels only the formula is known here, not the device's exp and ln: they are evaluated in float32
with every operation correctly rounded, which is more than a device does for them.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).parents[1] / "tests" / "support"))
from reference import FLOAT32, loss_terms, ulp_error

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray | None]


def exp(x: np.ndarray) -> np.ndarray:
    """Return exp rounded once to float32."""
    return np.exp(x.astype(np.float64)).astype(np.float32)


def log(x: np.ndarray) -> np.ndarray:
    """Return the logarithm rounded once to float32."""
    return np.log(x.astype(np.float64)).astype(np.float32)


def built_in(x: np.ndarray, t: np.ndarray, p: np.ndarray | None) -> np.ndarray:
    """CANN's SigmoidCrossEntropyWithLogitsV2, as its documentation gives it."""
    one = np.float32(1)
    log_weight = one if p is None else (p - one) * t + one
    return (one - t) * x + log_weight * _softplus_of_minus(x)


def published(x: np.ndarray, t: np.ndarray, p: np.ndarray | None) -> np.ndarray:
    """The AscendC kernel of that operator that is published with CANN's open operators."""
    one = np.float32(1)
    log_weight = one if p is None else p * t + (one - t)
    return (one - t) * x + log_weight * _softplus_of_minus(x)


def _softplus_of_minus(x: np.ndarray) -> np.ndarray:
    most = np.maximum(-x, np.float32(0))
    return log(exp(-most) + exp(-most - x)) + most


def by_torch(x: np.ndarray, t: np.ndarray, p: np.ndarray | None) -> np.ndarray:
    """PyTorch's own operator on the CPU."""
    import torch

    x, t, p = (None if a is None else torch.from_numpy(a) for a in (x, t, p))
    loss = torch.nn.functional.binary_cross_entropy_with_logits
    return loss(x, t, reduction="none", pos_weight=p).numpy()


def by_mindspore(x: np.ndarray, t: np.ndarray, p: np.ndarray | None) -> np.ndarray:
    """MindSpore's own operator on the CPU."""
    import mindspore

    # It reads weights as if they were of full size.
    x, t, weight, p = (
        mindspore.Tensor(a) for a in (x, t, np.ones_like(x), np.ones_like(x) if p is None else p)
    )
    return mindspore.ops.binary_cross_entropy_with_logits(x, t, weight, p, reduction="none").asnumpy()


def by_paddle(x: np.ndarray, t: np.ndarray, p: np.ndarray | None) -> np.ndarray:
    """Paddle's own operator on the CPU."""
    import paddle

    x, t, p = (None if a is None else paddle.to_tensor(a) for a in (x, t, p))
    loss = paddle.nn.functional.binary_cross_entropy_with_logits
    return loss(x, t, reduction="none", pos_weight=p).numpy()


def by_us(x: np.ndarray, t: np.ndarray, p: np.ndarray | None) -> np.ndarray:
    """This package's kernel on the simulator."""
    from ascend_bce.numpy import binary_cross_entropy_with_logits

    return binary_cross_entropy_with_logits(x, t, pos_weight=p, reduction="none")


# By name: the function, and the module it needs. Not every two frameworks go together in one process.
CONTENDERS: dict[str, tuple[Callable, str]] = {
    "ascend-bce (simulated)": (by_us, "ascend_bce"),
    "CANN's built-in, as a formula": (built_in, "numpy"),
    "published AscendC kernel, as a formula": (published, "numpy"),
    "PyTorch, CPU": (by_torch, "torch"),
    "MindSpore, CPU": (by_mindspore, "mindspore"),
    "Paddle, CPU": (by_paddle, "paddle"),
}


def inputs(samples: int) -> dict[str, Arrays]:
    """Return logits, targets and pos_weight by a description of them."""
    rng = np.random.default_rng(0)
    hard = rng.integers(0, 2, samples).astype(np.float32)
    soft = rng.random(samples).astype(np.float32)
    normal = rng.normal(0, 3, samples).astype(np.float32)
    wide = rng.uniform(-20, 20, samples).astype(np.float32)
    p = (10.0 ** rng.uniform(-3, 3, samples)).astype(np.float32)
    return {
        "N(0, 3), hard labels": (normal, hard, None),
        "N(0, 3), soft labels": (normal, soft, None),
        "U(-20, 20), hard labels": (wide, hard, None),
        "N(0, 3), hard labels, pos_weight 0.001 to 1000": (normal, hard, p),
    }


def losses(name: str, samples: int) -> list[np.ndarray]:
    """Compute a contender's losses, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "losses.npy"
        command = [sys.executable, __file__, "--samples", str(samples), "--compute", name, str(path)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return list(np.load(path))


def row(name: str, samples: int) -> str:
    """Return a contender's row of the table."""
    cells = []
    for loss, (x, t, p) in zip(losses(name, samples), inputs(samples).values(), strict=True):
        one = np.float64(1)
        exact = sum(loss_terms(x.astype(np.float64), t.astype(np.float64), 1.0, one if p is None else p))
        errors = ulp_error(loss, exact, FLOAT32)
        vanished = np.mean((loss == 0) & (exact > 0))
        cells.append(f"{errors.max():.3g} / {np.quantile(errors, 0.99):.3g} / {100 * vanished:.2g} %")
    return f"| {name} | {' | '.join(cells)} |"


def main() -> None:
    """Print the table, or compute one contender's losses for it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--samples", type=int, default=2**21, help="of each kind of input (default: %(default)s)"
    )
    parser.add_argument("--compute", nargs=2, metavar=("NAME", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.compute:
        name, path = options.compute
        np.save(path, [CONTENDERS[name][0](*arrays) for arrays in inputs(options.samples).values()])
        return
    print(f"| | {' | '.join(inputs(1))} |")
    print("|---" * (1 + len(inputs(1))) + "|")
    for name, (_, module) in CONTENDERS.items():
        if find_spec(module) is not None:
            print(row(name, options.samples), flush=True)


if __name__ == "__main__":
    main()
