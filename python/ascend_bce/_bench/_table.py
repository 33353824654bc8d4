# SPDX-License-Identifier: Apache-2.0
"""The table of `bench --modelled`: runs the cases, prints and writes what comes out."""

import csv
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path

from tqdm import tqdm

from ascend_bce._bench import _built_in
from ascend_bce._bench._cases import CASES, GOAL_ELEMENTS, GOAL_SOC, GOALS, Goal
from ascend_bce._bench._model import Comparison, compare

_HEADER = """\
Modelled, not measured. The model (docs/simulator/timing.md) is within 7 % of published device times for
launches of more than 150 us; times marked ~ are rougher (15 %), those marked ? too short to be ranked. Every
element is simulated, none extrapolated. Both sides begin with a cold L2 cache; what one launch leaves in it,
the next one finds. All logits are zero: times do not depend on values, unless one is infinite or NaN.

roofline: share of the time that HBM takes for each input read once and each result written once. cycles/64:
of the vector pipe, heads included. built-in: CANN's own operators, as launches, instructions and schedule are
known of them:
"""
_UNKNOWN_VECTOR = (
    "Its vector instructions are not known and take no time: only the memory's side is modelled."
)
_COLUMNS = (
    "elements", "us", "bound", "roofline", "B/element", "cycles/64",
    "built-in us", "launches", "its B/element", "times as fast",
)  # fmt: skip
_FIGURES = {
    "share_of_hbm": "{:.1%} of bytes / HBM rate, after launch and prologue",
    "times_as_fast": "{:.2f} times as fast as the built-in operators",
    "vector_cycles": "{:.1f} vector cycles for 64 elements",
}


def run(socs: Sequence[str], dtypes: Sequence[str], elements: Sequence[int], table: Path | None) -> None:
    """Print the comparison and how it stands to the goals; write it as CSV if asked to."""
    print(_HEADER)
    for topic, source in _built_in.sources().items():
        print(textwrap.fill(f"{topic}: {source}.", 110, initial_indent="  * ", subsequent_indent="    "))
    todo = [
        (soc, dtype, case, count)
        for soc in socs
        for dtype in dtypes
        for case in CASES
        if dtype in case.dtypes
        for count in elements
    ]
    results = []
    with tqdm(total=sum(item[3] for item in todo), unit="element", unit_scale=True, disable=None) as progress:
        for item in todo:
            result = compare(*item)
            if not results or _title(results[-1]) != _title(result):
                progress.write(_heading(result))
            results.append(result)
            progress.write(_line(_cells(result)))
            progress.update(result.elements)
    print(*_verdicts(results), sep="\n")
    if table is not None:
        _write_csv(table, results)


def _title(result: Comparison) -> str:
    return f"{result.soc}, {result.dtype}: {result.case.name} (mean)"


def _heading(result: Comparison) -> str:
    note = "" if result.vector_cycles is not None else f"\n{_UNKNOWN_VECTOR}"
    return f"\n{_title(result)}{note}\n{_line(_COLUMNS)}"


def _cells(result: Comparison) -> list[str]:
    mark = {None: "?", 15: "~"}.get(result.error_percent, " ")
    cycles = result.vector_cycles
    return [
        count_text(result.elements),
        f"{result.time_us:.2f}{mark}",
        result.bound,
        f"{result.share_of_roofline:.1%}",
        f"{result.bytes_per_element:.2f}",
        "-" if cycles is None else f"{cycles:.1f}",
        f"{result.built_in_us:.2f}",
        str(len(result.built_in)),
        f"{result.built_in_bytes_per_element:.2f}",
        f"{result.times_as_fast:.2f}",
    ]


def _line(cells: Iterable[str]) -> str:
    return "  ".join(cell.rjust(max(len(title), 8)) for cell, title in zip(cells, _COLUMNS, strict=True))


def count_text(elements: int) -> str:
    """Return a number of elements as people say it."""
    for unit, size in (("M", 2**20), ("K", 2**10)):
        if elements % size == 0:
            return f"{elements // size} {unit}"
    return str(elements)


def _verdicts(results: Sequence[Comparison]) -> list[str]:
    found = {
        (result.case.name, result.dtype): result
        for result in results
        if (result.soc, result.elements) == (GOAL_SOC, GOAL_ELEMENTS)
    }
    lines = [
        _verdict(goal, found[goal.case, goal.dtype]) for goal in GOALS if (goal.case, goal.dtype) in found
    ]
    return [f"\nGoals at {count_text(GOAL_ELEMENTS)} elements on {GOAL_SOC}:", *lines] if lines else []


def _verdict(goal: Goal, result: Comparison) -> str:
    value = getattr(result, goal.figure)
    met = value <= goal.limit if goal.at_most else value >= goal.limit
    limit = f"at {'most' if goal.at_most else 'least'} {goal.limit:.0%}"
    if goal.figure != "share_of_hbm":
        limit = limit.replace(f"{goal.limit:.0%}", f"{goal.limit:g}")
    text = _FIGURES[goal.figure].format(value)
    return f"  {'met    ' if met else 'NOT MET'}  {goal.case}, {goal.dtype}: {text} ({limit})"


def _write_csv(path: Path, results: Sequence[Comparison]) -> None:
    fields = {
        "soc": lambda r: r.soc,
        "dtype": lambda r: r.dtype,
        "case": lambda r: r.case.name,
        "elements": lambda r: r.elements,
        "modelled_us": lambda r: f"{r.time_us:.3f}",
        "error_percent": lambda r: "" if r.error_percent is None else r.error_percent,
        "bound": lambda r: r.bound,
        "share_of_roofline": lambda r: f"{r.share_of_roofline:.4f}",
        "bytes_per_element": lambda r: f"{r.bytes_per_element:.3f}",
        "vector_cycles_per_64": lambda r: "" if r.vector_cycles is None else f"{r.vector_cycles:.2f}",
        "built_in_modelled_us": lambda r: f"{r.built_in_us:.3f}",
        "built_in_launches": lambda r: len(r.built_in),
        "built_in_bytes_per_element": lambda r: f"{r.built_in_bytes_per_element:.3f}",
        "times_as_fast": lambda r: f"{r.times_as_fast:.3f}",
    }
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(fields)
        writer.writerows([value(result) for value in fields.values()] for result in results)
    print(f"\nwritten to {path}")
