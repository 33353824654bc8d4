# SPDX-License-Identifier: Apache-2.0
"""What `bench` measures: tables, and how options choose from them."""

import math
from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

FRAMEWORKS = ("torch", "torch.compile", "mindspore", "paddle")
DTYPES = ("float32", "float16", "bfloat16")
REDUCTIONS = ("none", "mean", "sum")
WEIGHTS = ("none", "weight", "pos_weight", "both")
FORWARD, TRAINING = PASSES = ("forward", "forward and backward")
ELEMENTS = (1, 2**10, 2**14, 2**17, 2**20, 2**22, 2**24, 2**26)
# Where types, reductions and weights are compared: in the cache, and far beyond it.
_ELEMENTS_OF_VARIANTS = (2**20, 2**24)
_QUICK_ELEMENTS = (2**10, 2**20)


class Case(NamedTuple):
    """A call of the loss on logits, and perhaps of its gradient.

    Attributes:
        dtype: Type of logits and targets; weights are float32.
        reduction: `none`, `mean` or `sum`.
        weights: Which of `weight`, one value for a row, and `pos_weight`, one for a column, there are.
        passes: Whether the gradient of the logits is computed as well.
        elements: How many logits.
    """

    dtype: str
    reduction: str
    weights: str
    passes: str
    elements: int

    @property
    def shape(self) -> tuple[int, int]:
        """The shape of the logits: as many columns, up to 128, as divide their number."""
        columns = math.gcd(self.elements, 128)
        return self.elements // columns, columns


def standard() -> list[Case]:
    """Return what is measured unless options choose: all sizes, and each variation of one thing at two."""
    varied = [("float32", "mean", "none", elements) for elements in ELEMENTS]
    for elements in _ELEMENTS_OF_VARIANTS:
        varied += [(dtype, "mean", "none", elements) for dtype in DTYPES[1:]]
        varied += [
            ("float32", reduction, "none", elements) for reduction in REDUCTIONS if reduction != "mean"
        ]
        varied += [("float32", "mean", weights, elements) for weights in WEIGHTS[1:]]
    return [
        Case(dtype, reduction, weights, passes, elements)
        for dtype, reduction, weights, elements in varied
        for passes in PASSES
    ]


def quick() -> list[Case]:
    """Return what is over in a minute."""
    return [
        Case("float32", "mean", "none", passes, elements) for elements in _QUICK_ELEMENTS for passes in PASSES
    ]


def chosen(
    elements: Sequence[int] | None = None,
    dtypes: Sequence[str] | None = None,
    reductions: Sequence[str] | None = None,
    weights: Sequence[str] | None = None,
    passes: Sequence[str] | None = None,
) -> list[Case]:
    """Return every combination of what is named; what is not named is as in most of the standard cases."""
    combinations = product(
        dtypes or ("float32",),
        reductions or ("mean",),
        weights or ("none",),
        elements or ELEMENTS,
        passes or PASSES,
    )
    return [
        Case(dtype, reduction, weight, call, count) for dtype, reduction, weight, count, call in combinations
    ]
