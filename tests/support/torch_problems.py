# SPDX-License-Identifier: Apache-2.0
"""Random arguments for the losses under PyTorch: shapes, strides, types, weights, values."""

from typing import NamedTuple

import numpy as np
import torch
from hypothesis import strategies as st
from torch import Tensor

from reference import BFLOAT16, FLOAT16, FLOAT32

PRECISIONS = {torch.float32: FLOAT32, torch.float16: FLOAT16, torch.bfloat16: BFLOAT16}
REDUCTIONS = ("none", "mean", "sum")

data_types = st.sampled_from(list(PRECISIONS))

# Lengths around what the kernels may treat differently: a block of 32 bytes, a repeat of 256 bytes, a lane
# row of 1024, a chunk of 8192.
_long = st.sampled_from([1, 7, 8, 9, 63, 64, 65, 257, 1023, 1024, 1025, 5000, 8191, 8192, 8193, 20011])
shapes = st.one_of(
    st.lists(st.integers(1, 6), max_size=5),
    st.lists(st.integers(1, 3), min_size=6, max_size=8),
    st.lists(_long, min_size=1, max_size=1),
    st.tuples(st.integers(1, 40), st.integers(1, 300)).map(list),
    st.tuples(st.integers(1, 5), st.integers(1, 33), st.integers(1, 70)).map(list),
    st.lists(st.integers(0, 3), max_size=4),
)

_LOGITS = {
    "normal": lambda rng, n: rng.normal(0, 3, n),
    "wide": lambda rng, n: rng.uniform(-20, 20, n),
    "widest": lambda rng, n: rng.uniform(-87, 87, n),
    "near zero": lambda rng, n: rng.normal(0, 1e-4, n),
    "round": lambda rng, n: rng.integers(-8, 9, n),
}
_TARGETS = {
    "hard": lambda rng, n: rng.integers(0, 2, n),
    "soft": lambda rng, n: rng.uniform(0, 1, n),
    "rare": lambda rng, n: (rng.uniform(0, 1, n) < 0.01) * rng.uniform(0, 1, n),
}
_WEIGHTS = {
    "balancing": lambda rng, n: rng.uniform(0, 10, n),
    "small": lambda rng, n: rng.uniform(0, 1e-2, n),
    "large": lambda rng, n: rng.uniform(1, 1000, n),
    "mask": lambda rng, n: rng.integers(0, 2, n),
}


class Problem(NamedTuple):
    """Arguments of a loss."""

    input: Tensor
    target: Tensor
    weight: Tensor | None
    pos_weight: Tensor | None

    def exact(self) -> list[np.ndarray]:
        """Return logits, targets, weight and pos_weight as float64 arrays; an absent weight is one."""
        return [np.array(1.0) if t is None else t.detach().double().numpy() for t in self]


@st.composite
def problems(draw: st.DrawFn, shapes: st.SearchStrategy = shapes) -> Problem:
    """Draw arguments whose logits lie within 87 of zero, targets in [0, 1], weights not negative."""
    shape = draw(shapes)
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    return Problem(
        _tensor(draw, rng, shape, _LOGITS),
        _tensor(draw, rng, shape, _TARGETS),
        _weight(draw, rng, shape),
        _weight(draw, rng, shape),
    )


def _weight(draw: st.DrawFn, rng: np.random.Generator, shape: list[int]) -> Tensor | None:
    if draw(st.booleans()):
        return None
    leading = draw(st.integers(0, len(shape)))
    return _tensor(draw, rng, [1 if draw(st.booleans()) else size for size in shape[leading:]], _WEIGHTS)


def _tensor(draw: st.DrawFn, rng: np.random.Generator, shape: list[int], distributions: dict) -> Tensor:
    distribution = distributions[draw(st.sampled_from(list(distributions)))]
    dtype = draw(data_types)

    def fill(sizes: list[int]) -> Tensor:
        return torch.from_numpy(np.asarray(distribution(rng, sizes), dtype=np.float64)).to(dtype)

    return draw(st.sampled_from([_contiguous, _contiguous, _permuted, _sliced, _expanded]))(rng, shape, fill)


def _contiguous(rng, shape, fill) -> Tensor:
    return fill(shape)


def _permuted(rng, shape, fill) -> Tensor:
    order = rng.permutation(len(shape)).tolist()
    return fill([shape[d] for d in order]).permute(np.argsort(order).tolist())


def _sliced(rng, shape, fill) -> Tensor:
    steps = rng.integers(1, 3, len(shape)).tolist()
    starts = rng.integers(0, 2, len(shape)).tolist()
    whole = fill([start + size * step for start, size, step in zip(starts, shape, steps, strict=True)])
    for dimension, (start, size, step) in enumerate(zip(starts, shape, steps, strict=True)):
        whole = whole.narrow(dimension, start, size * step)
        whole = whole[(slice(None),) * dimension + (slice(None, None, step),)]
    return whole


def _expanded(rng, shape, fill) -> Tensor:
    kept = rng.integers(0, 2, len(shape)).tolist()
    return fill([size if keep else min(size, 1) for keep, size in zip(kept, shape, strict=True)]).expand(
        shape
    )
