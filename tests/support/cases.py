# SPDX-License-Identifier: Apache-2.0
"""The one table of cases that every framework and every operator runs through, against float64.

A case gives its arguments as NumPy arrays (bfloat16 as ml_dtypes') and says what should come out of it: the
exact value, and how many ULP a result may be away from it.

    @pytest.mark.parametrize("case", CASES, ids=str)
    def test_loss(case):
        case.expected_loss().check(to_numpy(loss(*map(from_numpy, case.arguments()), case.reduction)))

Gradients are those of the reduced loss, or of the sum of an unreduced one.
"""

import zlib
from typing import NamedTuple

import ml_dtypes
import numpy as np

from accuracy import (
    HALF,
    INPUT_GRADIENT,
    LOSS,
    MEAN,
    PROBABILITY_INPUT_GRADIENT,
    PROBABILITY_LOSS,
    PROBABILITY_TARGET_GRADIENT,
    TARGET_GRADIENT,
    Row,
)
from reference import (
    BFLOAT16,
    FLOAT16,
    FLOAT32,
    input_gradient_terms,
    larger,
    loss_terms,
    probability_input_gradient,
    probability_loss_terms,
    probability_target_gradient_terms,
    target_gradient_terms,
    ulp_error,
)

DTYPES = {
    "float32": np.dtype(np.float32),
    "float16": np.dtype(np.float16),
    "bfloat16": np.dtype(ml_dtypes.bfloat16),
}
_PRECISIONS = {"float32": FLOAT32, "float16": FLOAT16, "bfloat16": BFLOAT16}
REDUCTIONS = ("none", "mean", "sum")
LOGITS, PROBABILITIES = "logits", "probabilities"
_LARGEST_WEIGHT = 10
# A partial product that is subnormal loses digits, which the weights may then bring up to this magnitude.
_PRECISE = np.finfo(np.float32).smallest_normal * _LARGEST_WEIGHT**2


class Arguments(NamedTuple):
    """Arguments of a loss. Plain cross-entropy has no pos_weight."""

    input: np.ndarray
    target: np.ndarray
    weight: np.ndarray | None
    pos_weight: np.ndarray | None


class Expected(NamedTuple):
    """What a result should be.

    Attributes:
        exact: Its value in float64, with infinities where the type holds no more.
        dtype: Name of the type it is rounded to.
        limit: How many ULP it may be from the exact value ...
        relative_to: ... those of this value: the larger term where the exact one is a difference.
    """

    exact: np.ndarray
    dtype: str
    limit: float
    relative_to: np.ndarray

    def check(self, actual) -> None:
        """Compare a result, of whatever type holds its values."""
        actual = np.asarray(actual).astype(np.float64)
        assert actual.shape == self.exact.shape
        errors = ulp_error(actual, self.exact, _PRECISIONS[self.dtype], self.relative_to)
        if errors.size and errors.max() > self.limit:
            worst = np.unravel_index(errors.argmax(), errors.shape)
            raise AssertionError(
                f"{errors.max():.3f} ULP at {tuple(map(int, worst))}, at most {self.limit} are allowed: "
                f"got {actual[worst]!r}, exact {self.exact[worst]!r}"
            )


class Case(NamedTuple):
    """One row of the table.

    Attributes:
        loss: LOGITS or PROBABILITIES.
        values: `"typical"`, or `"special"` for infinities, NaN, the ends of the range and beyond.
        dtype: Name of the type of logits or probabilities.
        target_dtype: Name of the type of the target.
        weight_dtype: Name of the type of the weights.
        shape: Of input and target.
        weight: Shape of the weight, or None.
        pos_weight: Shape of the pos_weight, or None.
        reduction: `"none"`, `"mean"` or `"sum"`.
    """

    loss: str
    values: str
    dtype: str
    target_dtype: str
    weight_dtype: str
    shape: tuple[int, ...]
    weight: tuple[int, ...] | None
    pos_weight: tuple[int, ...] | None
    reduction: str

    def __str__(self) -> str:
        """Name the case."""
        weights = [
            f"{name}{_shape_text(shape)}-{self.weight_dtype}"
            for name, shape in (("w", self.weight), ("p", self.pos_weight))
            if shape is not None
        ]
        types = dict.fromkeys((self.dtype, self.target_dtype))
        return "-".join([self.loss, self.values, _shape_text(self.shape), *types, *weights, self.reduction])

    def arguments(self) -> Arguments:
        """Make the arguments: the same ones every time."""
        rng = np.random.default_rng(zlib.crc32(str(self).encode()))
        if self.values == "special":
            input, target = _special(self.loss, self.dtype)
        else:
            make = _logits if self.loss == LOGITS else _probabilities
            input, target = make(rng, self.shape), _targets(rng, self.shape)
        weight, pos_weight = (
            None
            if shape is None
            else np.asarray(rng.uniform(0.01, _LARGEST_WEIGHT, shape)).astype(DTYPES[self.weight_dtype])
            for shape in (self.weight, self.pos_weight)
        )
        return Arguments(
            np.asarray(input).astype(DTYPES[self.dtype]),
            np.asarray(target).astype(DTYPES[self.target_dtype]),
            weight,
            pos_weight,
        )

    def expected_loss(self) -> Expected:
        """Return what the loss should be."""
        terms = self._loss_terms(*self._exact())
        limit = self._limit(LOSS, PROBABILITY_LOSS, self.target_dtype)
        if self.target_dtype == "float32" and self.reduction != "none":
            limit += MEAN
        size = np.broadcast_shapes(*(term.shape for term in terms))
        reduce = {"none": np.asarray, "sum": np.sum, "mean": lambda a: np.sum(a) / a.size if size else a}
        if 0 in size and self.reduction == "mean":
            return self._expected(np.nan, self.target_dtype, limit, 0.0)
        reduced = [np.asarray(reduce[self.reduction](term)) for term in terms]
        return self._expected(sum(reduced), self.target_dtype, limit, np.maximum(larger(reduced), _PRECISE))

    def expected_input_gradient(self) -> Expected:
        """Return what the gradient for the input should be."""
        x, t, weight, pos_weight = self._exact()
        if self.loss == LOGITS:
            terms = input_gradient_terms(x, t, weight, pos_weight, self._scale())
            exact, relative_to = sum(terms), larger(terms)
        else:
            exact = probability_input_gradient(x, t, weight, self._scale())
            relative_to = np.abs(exact)
        limit = self._limit(INPUT_GRADIENT, PROBABILITY_INPUT_GRADIENT, self.dtype, self.reduction == "mean")
        return self._expected(exact, self.dtype, limit, np.maximum(relative_to, _PRECISE))

    def expected_target_gradient(self) -> Expected:
        """Return what the gradient for the target should be."""
        x, t, weight, pos_weight = self._exact()
        if self.loss == LOGITS:
            terms = target_gradient_terms(x, t, weight, pos_weight, self._scale())
        else:
            terms = probability_target_gradient_terms(x, t, weight, self._scale())
        scaled = self.reduction == "mean"
        limit = self._limit(TARGET_GRADIENT, PROBABILITY_TARGET_GRADIENT, self.target_dtype, scaled)
        with np.errstate(invalid="ignore"):
            return self._expected(sum(terms), self.target_dtype, limit, np.maximum(larger(terms), _PRECISE))

    def expected_weight_gradient(self) -> Expected:
        """Return what the gradient for the weight should be: the loss without weight, summed."""
        x, t, _, pos_weight = self._exact()
        positive, negative = self._loss_terms(x, t, 1.0, pos_weight)
        slopes = self._scale() * (positive + negative)
        return self._expected_weight_gradient(slopes, self.weight)

    def expected_pos_weight_gradient(self) -> Expected:
        """Return what the gradient for the pos_weight should be: the positive term without it, summed."""
        x, t, weight, _ = self._exact()
        slopes = self._scale() * self._loss_terms(x, t, weight, 1.0)[0]
        return self._expected_weight_gradient(slopes, self.pos_weight)

    def _exact(self) -> list[np.ndarray]:
        return [np.array(1.0) if a is None else a.astype(np.float64) for a in self.arguments()]

    def _loss_terms(self, x, t, weight, pos_weight) -> tuple[np.ndarray, np.ndarray]:
        if self.loss == LOGITS:
            return loss_terms(x, t, weight, pos_weight)
        return probability_loss_terms(x, t, weight)

    def _scale(self) -> float:
        return 1 / max(1, int(np.prod(self.shape))) if self.reduction == "mean" else 1.0

    def _limit(self, on_logits: Row, on_probabilities: Row, dtype: str, scaled: bool = False) -> float:
        row = on_logits if self.loss == LOGITS else on_probabilities
        return row.limit(dtype, self.weight is not None, self.pos_weight is not None, scaled)

    def _expected_weight_gradient(self, slopes: np.ndarray, shape: tuple[int, ...]) -> Expected:
        slopes = np.broadcast_to(slopes, self.shape)
        leading = len(self.shape) - len(shape)
        axes = tuple(d for d in range(slopes.ndim) if d < leading or shape[d - leading] == 1)
        sums, magnitudes = (
            np.sum(values, axis=axes, keepdims=True).reshape(shape) for values in (slopes, np.abs(slopes))
        )
        limit = 6.0 if self.weight_dtype == "float32" else HALF[self.weight_dtype]
        return self._expected(sums, self.weight_dtype, limit, magnitudes)

    def _expected(self, exact, dtype: str, limit: float, relative_to) -> Expected:
        with np.errstate(over="ignore"):
            in_type = np.asarray(exact, np.float64).astype(DTYPES[dtype]).astype(np.float64)
        relative_to = np.maximum(relative_to, np.abs(exact))
        return Expected(np.where(np.isinf(in_type), in_type, exact), dtype, limit, relative_to)


def _shape_text(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape)) or "scalar"


def _mixture(rng: np.random.Generator, shape: tuple[int, ...], *values: np.ndarray) -> np.ndarray:
    return np.choose(rng.integers(0, len(values), shape), values)


def _logits(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return _mixture(
        rng,
        shape,
        rng.normal(0, 3, shape),
        rng.uniform(-20, 20, shape),
        rng.uniform(-87, 87, shape),
        rng.normal(0, 1e-4, shape),
        rng.integers(-3, 4, shape),
    )


def _probabilities(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    near_zero = 10.0 ** rng.uniform(-30, -1, shape)
    return _mixture(
        rng,
        shape,
        1 / (1 + np.exp(rng.normal(0, 3, shape))),
        rng.uniform(0, 1, shape),
        near_zero,
        1 - np.maximum(near_zero, 2**-23),
        rng.uniform(0.4999, 0.5001, shape),
    )


def _targets(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return _mixture(
        rng, shape, rng.integers(0, 2, shape), rng.uniform(0, 1, shape), rng.uniform(0, 1e-3, shape)
    )


def _special(loss: str, dtype: str) -> tuple[np.ndarray, np.ndarray]:
    """Return every pair of a special input and a target."""
    if loss == LOGITS:
        largest = 1e36 if dtype != "float16" else 6e4  # which the weights keep below infinity
        magnitudes = [0.0, 1e-45, 1e-38, 1e-8, 16.6, 87.3, 88.7, 89.0, 103.9, 110.0, 1e4, largest, np.inf]
        inputs = np.array([*magnitudes, *np.negative(magnitudes), np.nan])
        targets = np.array([0.0, 1.0, 0.5, 1e-4, 1 - 2**-8, -1.0, 2.0, 3.5])
    else:
        small = [0.0, 1e-45, 1e-38, 1e-30, 1e-12, 2e-12, 1e-7, 1e-3]
        inputs = np.array([*small, *(1 - np.array(small)), 1 - 2**-24, 1 - 2**-11, 1 - 2**-8, 0.5])
        targets = np.array([0.0, 1.0, 0.5, 1e-4, 1 - 2**-8])
    x, t = np.meshgrid(inputs, targets)
    return x.ravel(), t.ravel()


# Shapes of input, weight and pos_weight. The lengths lie around what kernels treat differently: a block of 32
# bytes, a repeat of 256 bytes, a lane row of 1024, a chunk of 8192 elements.
_LAYOUTS = (
    ((), None, None),
    ((), (), ()),
    ((1,), (1,), None),
    ((7,), None, None),
    ((8,), None, (1,)),
    ((9,), (9,), None),
    ((257,), (), (257,)),
    ((1025,), None, None),
    ((8193,), None, None),
    ((20011,), (), ()),
    ((64, 10), None, (10,)),
    ((33, 70), (33, 1), (70,)),
    ((5, 33), (5, 33), (5, 33)),
    ((40, 300), (300,), (40, 1)),
    ((2, 3, 5, 7), (1, 3, 1, 1), (7,)),
    ((4, 1, 65), (1, 65), (4, 1, 1)),
    ((2, 1, 3, 1, 2, 2, 1, 2), (2, 1, 1, 1, 1, 2, 1, 1), (3, 1, 2, 1, 1, 2)),
    ((0,), None, None),
    ((3, 0, 2), (2,), (3, 1, 1)),
)
# Types of input, target and weights.
_TYPES = (
    ("float32", "float32", "float32"),
    ("float16", "float16", "float16"),
    ("bfloat16", "bfloat16", "bfloat16"),
    ("bfloat16", "float32", "float32"),
    ("float32", "float16", "bfloat16"),
)


def _table() -> list[Case]:
    cases = []
    for types in _TYPES:
        for shape, weight, pos_weight in _LAYOUTS:
            for reduction in REDUCTIONS:
                row = (*types, shape, weight)
                cases.append(Case(LOGITS, "typical", *row, pos_weight, reduction))
                cases.append(Case(PROBABILITIES, "typical", *row, None, reduction))
        for loss in LOGITS, PROBABILITIES:
            shape = _special(loss, types[0])[0].shape
            weights = [(None, None), ((1,), None)]
            if loss == LOGITS:
                weights += [(None, (1,)), ((1,), (1,))]
            cases += [Case(loss, "special", *types, shape, *pair, "none") for pair in weights]
    return cases


CASES = _table()
