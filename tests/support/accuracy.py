# SPDX-License-Identifier: Apache-2.0
"""The accuracy that the operators promise: the rows of docs/accuracy.md, and the limits of the tests.

All figures are units in the last place (ULP) that a result may be away from the exact one.
"""

from typing import NamedTuple

# Without weights, with `weight`, with `pos_weight`, with both.
Limits = tuple[float, ...]


class Row(NamedTuple):
    """A quantity.

    Attributes:
        name: In docs/accuracy.md.
        float32: The limits of float32.
        rough: The same where exp and ln are a whole ULP off.
    """

    name: str
    float32: Limits
    rough: Limits

    def limit(
        self, dtype: str, weight: bool = False, pos_weight: bool = False, scaled: bool = False
    ) -> float:
        """Return the limit of a result.

        Args:
            dtype: Name of the result's type.
            weight: Whether there is a `weight`.
            pos_weight: Whether there is a `pos_weight`.
            scaled: Whether it is a gradient that is multiplied by a grad_output or divided by a count.
        """
        if dtype == "float32":
            return self.float32[weight + 2 * pos_weight] + scaled * SCALED
        return HALF[dtype] + scaled * HALF_SCALED

    def promise(self) -> str:
        """Return what the header of the row's aclnn function says."""
        names = ("", "with weight ", "with pos_weight ", "with both ")
        limits = [f"{name}{limit:g}" for name, limit in zip(names, self.float32, strict=False)]
        half = ", ".join(f"{dtype} {limit}" for dtype, limit in HALF.items())
        return f"Accuracy in ULP: float32 {', '.join(limits)}; {half}"


LOSS = Row("loss on logits", (3, 4, 4, 5), (6, 7, 7, 8.5))
INPUT_GRADIENT = Row("its gradient for the logits, of the larger term", (4.5, 5, 5, 5), (6, 6.5, 6.5, 6.5))
TARGET_GRADIENT = Row("its gradient for the target, of the larger term", (4, 4, 4, 4), (7, 7, 7, 7))
PROBABILITY_LOSS = Row("loss on probabilities", (3, 5), (4.5, 6))
PROBABILITY_INPUT_GRADIENT = Row("its gradient for the probabilities", (3, 4), (3, 4))
PROBABILITY_TARGET_GRADIENT = Row("its gradient for the target, of the larger term", (4, 4), (4.5, 6))
ROWS = (
    LOSS,
    INPUT_GRADIENT,
    TARGET_GRADIENT,
    PROBABILITY_LOSS,
    PROBABILITY_INPUT_GRADIENT,
    PROBABILITY_TARGET_GRADIENT,
)

# Of every row, in float32: the 99th percentile, and that of gradients that are scaled.
PERCENTILE_99, SCALED_PERCENTILE_99 = 2.1, 2.5
# Rounding once leaves a half; the rest are near-ties that float32 cannot tell.
HALF = {"float16": 0.502, "bfloat16": 0.501}
# What a gradient may be more if it is scaled.
SCALED, HALF_SCALED = 1, 0.5
# How far off losses and gradients may be, at all, that go to zero beyond |x| = 87: where subnormal numbers
# are kept, and where they are flushed.
SUBNORMAL, FLUSHED = 1e-44, 1.2e-38
# How much more than its losses' limit a float32 sum or mean of them may be off; in half types these are
# rounded once.
SUM, MEAN = 2, 2.5


def markdown() -> str:
    """Return the table of docs/accuracy.md."""
    lines = [
        "| quantity | float32 | with `weight` | with `pos_weight` | with both | float16 | bfloat16 |",
        "|---|---|---|---|---|---|---|",
    ]
    half = [f"{limit}" for limit in HALF.values()]
    for row in ROWS:
        cells = [f"{one:g} ({other:g})" for one, other in zip(row.float32, row.rough, strict=True)]
        lines.append(_line(row.name, *cells, *[""] * (4 - len(cells)), *half))
    for name, more in ("sum of either loss", SUM), ("mean of either loss", MEAN):
        lines.append(_line(name, *[f"{more:g} more"] * 4, *half))
    return "\n".join(lines)


def logits_docstring() -> str:
    """Return what the documentation of every loss on logits says."""
    one, _, _, both = (f"{limit:g}" for limit in LOSS.float32)
    loss = f"{one} ({LOSS.float32[1]:g} with one weight, {both} with both)"
    gradient = f"{INPUT_GRADIENT.float32[0]:g} ({INPUT_GRADIENT.float32[1]:g} with weights)"
    return _docstring(loss, "logits", gradient, f"{TARGET_GRADIENT.float32[0]:g}")


def probabilities_docstring() -> str:
    """Return what the documentation of every loss on probabilities says."""
    loss, gradient = (
        "{:g} ({:g} with weight)".format(*row.float32)
        for row in (PROBABILITY_LOSS, PROBABILITY_INPUT_GRADIENT)
    )
    return _docstring(loss, "probabilities", gradient, f"{PROBABILITY_TARGET_GRADIENT.float32[0]:g}")


def _docstring(loss: str, input: str, gradient: str, target_gradient: str) -> str:
    return (
        f"Accuracy, in units in the last place: a float32 loss {loss}, its gradient for the {input} "
        f"{gradient}, for the target {target_gradient}, a sum {SUM:g} more than a loss, a mean {MEAN:g}; "
        f"float16 {HALF['float16']}, bfloat16 {HALF['bfloat16']}; gradients that are scaled {SCALED:g} more, "
        f"in half types {HALF_SCALED:g}. docs/accuracy.md says of what these are, and for which arguments."
    )


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
