# SPDX-License-Identifier: Apache-2.0
"""What the losses should be, in float64, and how far a result is from it.

The formulas are written for clarity and share nothing with the kernels: each quantity is the difference or
the sum of two terms, and errors are counted in units in the last place (ULP) of the larger one where the
terms may cancel.
"""

from typing import NamedTuple

import numpy as np


class Precision(NamedTuple):
    """A binary floating-point format: bits of the fraction, exponent of the smallest normal number."""

    fraction_bits: int
    smallest_exponent: int


FLOAT32 = Precision(23, -126)
FLOAT16 = Precision(10, -14)
BFLOAT16 = Precision(7, -126)


def softplus(x: np.ndarray) -> np.ndarray:
    """Return log(1 + exp(x))."""
    return np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-x)), accurate on both sides."""
    return np.exp(np.minimum(x, 0)) / (1 + np.exp(-np.abs(x)))


def loss_terms(x, t, weight=1.0, pos_weight=1.0) -> tuple[np.ndarray, np.ndarray]:
    """Return the two terms of the loss of logits x and targets t; the loss is their sum.

    A term whose factor is zero is zero also where its logarithm is infinite: the limit for a large logit.
    """
    x, t, weight, pos_weight = np.broadcast_arrays(x, t, weight, pos_weight)
    return (
        _times(weight * pos_weight * t, softplus(-x)),
        _times(weight * (1 - t), softplus(x)),
    )


def input_gradient_terms(x, t, weight=1.0, pos_weight=1.0, scale=1.0) -> tuple[np.ndarray, np.ndarray]:
    """Return the two terms of the loss's derivative with respect to x, times scale; it is their sum."""
    return scale * weight * (1 - t) * sigmoid(x), -scale * weight * pos_weight * t * sigmoid(-x)


def target_gradient_terms(x, t, weight=1.0, pos_weight=1.0, scale=1.0) -> tuple[np.ndarray, np.ndarray]:
    """Return the two terms of the loss's derivative with respect to t, times scale; it is their sum."""
    one = np.ones_like(t)
    return scale * weight * pos_weight * one * softplus(-x), -scale * weight * one * softplus(x)


def probability_loss_terms(x, t, weight=1.0) -> tuple[np.ndarray, np.ndarray]:
    """Return the two terms of the loss of probabilities x and targets t, logarithms held above -100."""
    with np.errstate(divide="ignore"):
        log, log_complement = np.maximum(np.log(x), -100), np.maximum(np.log1p(np.negative(x)), -100)
    return -weight * t * log, -weight * (1 - t) * log_complement


def probability_input_gradient(x, t, weight=1.0, scale=1.0) -> np.ndarray:
    """Return the derivative of the loss of probabilities with respect to x, its denominator held up."""
    return scale * weight * (x - t) / np.maximum(x * (1 - x), 1e-12)


def probability_target_gradient_terms(x, t, weight=1.0, scale=1.0) -> tuple[np.ndarray, np.ndarray]:
    """Return the two terms of the derivative with respect to t, logarithms not held; it is their sum."""
    one = np.ones_like(t)
    with np.errstate(divide="ignore"):
        return scale * weight * one * np.log1p(np.negative(x)), -scale * weight * one * np.log(x)


def ulp(value, precision: Precision) -> np.ndarray:
    """Return the spacing of a format's numbers around a value: that of the subnormal ones near zero."""
    _, exponent = np.frexp(np.abs(np.asarray(value, dtype=np.float64)))
    exponent = np.where(np.equal(value, 0), precision.smallest_exponent, exponent - 1)
    return np.ldexp(1.0, np.maximum(exponent, precision.smallest_exponent) - precision.fraction_bits)


def ulp_error(actual, exact, precision: Precision, relative_to=None) -> np.ndarray:
    """Return how many ULP each element of actual is from exact.

    Args:
        actual: Computed values.
        exact: The values in float64.
        precision: The format of the computed values.
        relative_to: Whose ULP to count, by default those of the exact value. Where the value is a sum of
            terms that may cancel: the larger term.
    """
    actual, exact = np.asarray(actual, dtype=np.float64), np.asarray(exact, dtype=np.float64)
    same = (actual == exact) | (np.isnan(actual) & np.isnan(exact))  # infinities among them
    with np.errstate(invalid="ignore", over="ignore"):
        error = np.abs(actual - exact) / ulp(exact if relative_to is None else relative_to, precision)
    return np.where(same, 0.0, np.where(np.isnan(error), np.inf, error))


def larger(terms: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Return the magnitude of the larger of two terms."""
    return np.maximum(np.abs(terms[0]), np.abs(terms[1]))


def _times(factor: np.ndarray, value: np.ndarray) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        return np.where((factor == 0) & np.isinf(value), 0.0, factor * value)
