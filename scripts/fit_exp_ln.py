#!/usr/bin/env python
# SPDX-License-Identifier: Apache-2.0
"""Computes the tables and polynomials of simulator/lanes/exp_ln.h, and prints them as they stand there.

The polynomials are minimax fits (Remez), the tables are exact to float32 and a rest. Needs mpmath.
"""

import itertools
from collections.abc import Callable, Sequence

import mpmath as mp
import numpy as np

LN_BEGIN = 0x3F330000  # the bits of 0.699, where the first of Ln's 16 intervals begins
POINTS = 2000  # at which a fit's error is looked at


def minimax(function: Callable, degree: int, bound: mp.mpf) -> list[mp.mpf]:
    """Fit a polynomial on [-bound, bound]; return its coefficients, the constant first."""
    grid = [bound * (2 * mp.mpf(i) / POINTS - 1) for i in range(POINTS + 1)]
    values = [function(x) for x in grid]
    # Start from the extremes of a Chebyshev polynomial, and move to those of the error.
    extremes = sorted({round(POINTS / 2 * (1 - mp.cos(mp.pi * i / (degree + 1)))) for i in range(degree + 2)})
    for _ in range(20):
        rows = [[grid[i] ** j for j in range(degree + 1)] + [(-1) ** n] for n, i in enumerate(extremes)]
        solution = mp.lu_solve(mp.matrix(rows), mp.matrix([values[i] for i in extremes]))
        coefficients = list(solution)[: degree + 1]
        errors = [v - mp.polyval(coefficients[::-1], x) for x, v in zip(grid, values, strict=True)]
        moved: list[int] = []  # the largest error of each run of one sign
        for i, error in enumerate(errors):
            if moved and errors[moved[-1]] * error > 0:
                if abs(error) > abs(errors[moved[-1]]):
                    moved[-1] = i
            else:
                moved.append(i)
        while len(moved) > degree + 2:
            moved.pop(0 if abs(errors[moved[0]]) < abs(errors[moved[-1]]) else -1)
        if moved == extremes or len(moved) < degree + 2:
            break
        extremes = moved
    return coefficients


def show(name: str, numbers: Sequence) -> None:
    """Print numbers, rounded to float32, as hexadecimal constants."""
    constants = []
    for number in numbers:
        significand, exponent = float(np.float32(float(number))).hex().split("p")
        constants.append(significand.rstrip("0").rstrip(".") + "p" + exponent + "f")
    print(f"{name}: " + ", ".join(constants))


def split(number: mp.mpf, bits: int) -> tuple[mp.mpf, mp.mpf]:
    """Return the number to so many bits after the point, and the rest."""
    first = mp.nint(mp.ldexp(number, bits)) / 2**bits
    return first, number - first


def main() -> None:
    """Print the constants of Exp, and those of Ln."""
    mp.mp.prec = 200

    bound = mp.log(2) / 32 * mp.mpf("1.002")  # a little more: rounding may choose the neighbour
    quadratic = minimax(lambda r: (mp.expm1(r) - r) / r**2 if r != 0 else mp.mpf(0.5), 2, bound)
    powers = [mp.mpf(2) ** (mp.mpf(j) / 16) for j in range(16)]
    show("Exp, 16 / ln2", [16 / mp.log(2)])
    show("Exp, ln2 / 16", split(mp.log(2) / 16, 16))
    show("Exp, polynomial", quadratic)
    show("Exp, kPower", powers)
    show("Exp, kRest", [p - mp.mpf(float(np.float32(float(p)))) for p in powers])

    bits = np.array([LN_BEGIN + (i << 19) for i in range(17)], np.uint32)
    edges = [float(x) for x in bits.view(np.float32)]
    intervals = list(itertools.pairwise(edges))
    c = [1.0 if a < 1 < b else float(np.float32(2 / (a + b))) for a, b in intervals]
    bound = max(abs(mp.mpf(x) * c[i] - 1) for i, interval in enumerate(intervals) for x in interval)
    quadratic = minimax(lambda r: (mp.log1p(r) - r) / r**2 if r != 0 else mp.mpf(-0.5), 3, bound)
    logs = [split(-mp.log(x), 16) for x in c]
    show("Ln, ln2", split(mp.log(2), 16))
    show("Ln, polynomial", quadratic)
    show("Ln, kC", c)
    show("Ln, kLog", [first for first, _ in logs])
    show("Ln, kRest", [rest for _, rest in logs])


if __name__ == "__main__":
    main()
