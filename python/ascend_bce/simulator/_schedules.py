# SPDX-License-Identifier: Apache-2.0
"""Whether a kernel's results depend on the order of what it does not order itself."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ascend_bce.simulator._finding import Finding

if TYPE_CHECKING:
    from ascend_bce.simulator._kernel import Kernel, Run

SEEDS = range(4)
_SCHEDULE_WHY = "the device's pipes and cores run in an order of their own, so results change from run to run"
_SCHEDULE_MEND = (
    "let what reads wait for what writes, and what overwrites for what reads: by a flag or a queue between "
    "pipes, SyncAll between cores, PipeBarrier between copies to one place; the check `race` may name the "
    "lines. Atomic additions of floats give what their order gives"
)
_BLOCK_WHY = "the number of cores differs from SoC to SoC, and so would the results"
_BLOCK_MEND = "derive every partial result from the data's own positions, and combine them in a fixed order"


class Variant(NamedTuple):
    """One way to launch a kernel, and what it gave.

    Attributes:
        name: The arguments of the launch that make the difference.
        results: The arrays after the launch.
    """

    name: str
    results: list[np.ndarray | None]


def compare(
    kernel: "Kernel", arrays: Sequence[Any], seeds: Iterable[int], block_dims: Iterable[int], **options: Any
) -> "tuple[Run, list[Finding]]":
    """Launch a kernel on copies of its arguments, in several ways, and compare bit by bit.

    Returns:
        The launch in program order, and what was found by comparing others with it.
    """
    # One block after the other: several at once might meet as it happens.
    expected, run = _launch(kernel, arrays, **{**options, "threads": 1})
    findings: list[Finding] = []
    if any(finding.stops for finding in run.findings):
        return run, findings
    known = {(finding.code, finding.file, finding.line) for finding in run.findings}

    def variants(ways: dict[str, dict[str, Any]]) -> list[Variant]:
        made = []
        for name, changes in ways.items():
            results, other = _launch(kernel, arrays, **{**options, **changes})
            findings.extend(
                found for found in other.findings if (found.code, found.file, found.line) not in known
            )
            known.update((found.code, found.file, found.line) for found in other.findings)
            made.append(Variant(name, results))
        return made

    schedules = variants(
        {f'schedule="adversarial", seed={seed}': {"schedule": "adversarial", "seed": seed} for seed in seeds}
    )
    blocks = variants({f"block_dim={count}": {"block_dim": count, "threads": 1} for count in block_dims})
    own = f"block_dim={options.get('block_dim', 1)}"
    for index, name in enumerate(kernel.parameters[: len(arrays)]):
        if isinstance(expected[index], np.ndarray):
            findings += _differences(kernel, name, index, Variant("program order", expected), schedules)
            findings += _differences(kernel, name, index, Variant(own, expected), blocks)
    return run, findings


def _launch(kernel: "Kernel", arrays: Sequence[Any], **options: Any) -> "tuple[list[Any], Run]":
    copies = [array.copy() if isinstance(array, np.ndarray) else array for array in arrays]
    if options.get("workspace") is not None:
        options["workspace"] = options["workspace"].copy()
    return copies, kernel(*copies, **options)


def _differences(
    kernel: "Kernel", name: str, index: int, expected: Variant, variants: Sequence[Variant]
) -> list[Finding]:
    """Return a finding if the array of that index differs in any of the variants."""
    different = [
        variant
        for variant in variants
        if variant.results[index].tobytes() != expected.results[index].tobytes()
    ]
    if not different:
        return []
    first = different[0]
    names = ", and with ".join(variant.name for variant in different)
    reference, result = (variant.results[index].reshape(-1) for variant in (expected, first))
    elements = np.flatnonzero(_bits(reference) != _bits(result))
    at = int(elements[0])
    message = (
        f"`{name}` differs from that of {expected.name} with {names}: "
        f"with {first.name} in {elements.size} of {reference.size} elements, the first of them element {at} "
        f"(byte {at * reference.itemsize}), {result[at]} instead of {reference[at]}"
    )
    if expected.name == "program order":
        return [_finding(kernel, "schedule-dependent", message, _SCHEDULE_WHY, _SCHEDULE_MEND)]
    return [_finding(kernel, "block-dependent", message, _BLOCK_WHY, _BLOCK_MEND)]


def _bits(array: np.ndarray) -> np.ndarray:
    """Return every element as an unsigned integer or, where there is none so wide, as bytes."""
    return np.ascontiguousarray(array).view(f"V{array.itemsize}")


def _finding(kernel: "Kernel", code: str, message: str, why: str, mend: str) -> Finding:
    text = f"{code}: {message}\n    in kernel {kernel.name}\n    why: {why}\n    mend: {mend}"
    return Finding(
        code=code, message=message, why=why, mend=mend, kernel=kernel.name, block=0, visit=0, file="", line=0,
        source="", tensor=None, stops=False, occurrences=1, blocks=1, block_dim=1, text=text,
    )  # fmt: skip
