# SPDX-License-Identifier: Apache-2.0
"""The float64 reference against arbitrary precision, and its ULP against the spacing of real formats."""

import mpmath
import numpy as np
import pytest

from reference import (
    FLOAT16,
    FLOAT32,
    input_gradient_terms,
    loss_terms,
    target_gradient_terms,
    ulp,
    ulp_error,
)

LOGITS = [-700.0, -87.0, -20.0, -1.0, -1e-9, 0.0, 1e-9, 0.3, 5.0, 87.0, 700.0]


def exact_loss(x, t, w, p):
    return w * (-p * t * mpmath.log(1 / (1 + mpmath.exp(-x))) - (1 - t) * mpmath.log(1 / (1 + mpmath.exp(x))))


@pytest.mark.parametrize("x", LOGITS)
@pytest.mark.parametrize("t", [0.0, 0.3, 1.0])
def test_reference_agrees_with_the_definition_in_many_digits(x, t):
    w, p = 1.7, 0.4
    with mpmath.workdps(700):
        x_, t_, w_, p_ = map(mpmath.mpf, (x, t, w, p))
        expected_loss = float(exact_loss(x_, t_, w_, p_))
        by_input = float(mpmath.diff(lambda value: exact_loss(value, t_, w_, p_), x_))
        by_target = float(exact_loss(x_, mpmath.mpf(1), w_, p_) - exact_loss(x_, mpmath.mpf(0), w_, p_))
    assert sum(loss_terms(x, t, w, p)) == pytest.approx(expected_loss, rel=1e-14, abs=0)
    assert sum(input_gradient_terms(x, t, w, p)) == pytest.approx(by_input, rel=1e-13, abs=0)
    assert sum(target_gradient_terms(x, t, w, p)) == pytest.approx(by_target, rel=1e-13, abs=0)


def test_infinite_logits_give_the_limit():
    x = np.array([np.inf, np.inf, -np.inf, -np.inf])
    t = np.array([0.0, 1.0, 0.0, 1.0])
    np.testing.assert_array_equal(sum(loss_terms(x, t)), [np.inf, 0.0, 0.0, np.inf])
    np.testing.assert_array_equal(sum(input_gradient_terms(x, t)), [1.0, 0.0, 0.0, -1.0])


@pytest.mark.parametrize(("precision", "dtype"), [(FLOAT32, np.float32), (FLOAT16, np.float16)])
def test_ulp_is_the_spacing_of_the_format(precision, dtype):
    smallest = np.finfo(dtype).smallest_normal
    values = np.array([0.0, smallest / 4, smallest, 0.75, 1.0, 1.5, 2.0, 1000.0], dtype=dtype)
    np.testing.assert_array_equal(ulp(values, precision), np.spacing(values).astype(np.float64))


def test_ulp_error_tells_wrong_infinities_and_nans():
    actual = [np.inf, np.nan, 1.0, np.inf, np.nan, np.nextafter(np.float32(1), np.float32(2))]
    exact = [np.inf, np.nan, 1.0, 1.0, 1.0, 1.0]
    np.testing.assert_array_equal(ulp_error(actual, exact, FLOAT32), [0, 0, 0, np.inf, np.inf, 1])
