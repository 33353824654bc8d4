#!/usr/bin/env python
# SPDX-License-Identifier: Apache-2.0
"""Draws what `python -m ascend_bce bench` has appended to a file, and prints it as tables.

    python scripts/draw_benchmarks.py benchmarks/results/FILE.csv [--folder docs/images]

Writes speed.png, the time of a call against the number of elements beside each framework, and scaling.png,
what an element costs from a million of them on, and what a second thread brings. Of measurements of the same
thing the latest counts.
"""

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from ascend_bce._bench._record import Row, read
from ascend_bce._bench._suite import DTYPES, PASSES, REDUCTIONS, WEIGHTS
from ascend_bce._bench._table import count_text

# A contestant keeps its colour in every picture.
COLOURS = {
    "ascend_bce": "tab:blue",
    "torch": "tab:red",
    "torch.compile": "tab:orange",
    "mindspore": "tab:green",
    "paddle": "tab:purple",
}
MILLION = 2**20


def latest(rows: Iterable[Row]) -> list[Row]:
    """Return the last row of those that say the same of different times."""
    found = {
        (r.contestant, r.threads, r.dtype, r.reduction, r.weights, r.passes, r.elements): r for r in rows
    }
    return list(found.values())


def is_plain(row: Row) -> bool:
    """Whether a row is of the case in which only the number of elements varies."""
    return (row.dtype, row.reduction, row.weights) == ("float32", "mean", "none")


def draw_line(axes: Axes, rows: list[Row], contestant: str, value: Callable[[Row], float]) -> None:
    """Draw a contestant's line with the range of its middle three fifths."""
    rows = sorted((row for row in rows if row.contestant == contestant), key=lambda row: row.elements)
    if not rows:
        return
    elements = [row.elements for row in rows]
    colour = COLOURS["ascend_bce" if contestant.startswith("ascend_bce") else contestant]
    scale = [value(row) / row.p50_us for row in rows]
    axes.plot(elements, [value(row) for row in rows], "o-", markersize=3, color=colour, label=contestant)
    axes.fill_between(
        elements,
        [row.p20_us * factor for row, factor in zip(rows, scale, strict=True)],
        [row.p80_us * factor for row, factor in zip(rows, scale, strict=True)],
        color=colour,
        alpha=0.2,
        linewidth=0,
    )


def finish(axes: Axes, title: str) -> None:
    """Give a panel its scales and title."""
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda value, _: count_text(int(value)) if value >= 1 else "")
    )
    axes.set_title(title, loc="left", fontsize="medium")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False, fontsize="small")


def draw_speed(rows: list[Row], path: Path) -> None:
    """Draw the time against the number of elements: a column for each framework, a row for each pass."""
    frameworks = list(dict.fromkeys(row.framework for row in rows))
    figure, panels = plt.subplots(
        len(PASSES), len(frameworks), figsize=(4.3 * len(frameworks), 6.4), sharex=True, sharey=True,
        layout="constrained", squeeze=False,
    )  # fmt: skip
    for line, passes in zip(panels, PASSES, strict=True):
        for axes, framework in zip(line, frameworks, strict=True):
            shown = [row for row in rows if row.framework == framework and row.passes == passes]
            for contestant in dict.fromkeys(row.contestant for row in shown):
                draw_line(axes, shown, contestant, lambda row: row.p50_us)
            axes.set_yscale("log")
            finish(axes, passes)
        line[0].set_ylabel("microseconds")
    for axes in panels[-1]:
        axes.set_xlabel("elements")
    save(figure, rows, "Time of a call: float32, mean", path)


def draw_scaling(rows: list[Row], threads: list[Row], path: Path) -> None:
    """Draw the cost of an element, and how many times as fast all threads are as one."""
    figure, panels = plt.subplots(1, 3, figsize=(13, 3.6), layout="constrained")
    for axes, passes in zip(panels, PASSES, strict=False):
        shown = [row for row in rows if row.passes == passes and row.elements >= MILLION]
        for contestant in dict.fromkeys(row.contestant for row in shown):
            draw_line(axes, shown, contestant, lambda row: row.p50_us * 1e3 / row.elements)
        axes.set_ylim(bottom=0)
        axes.set_ylabel("nanoseconds for an element")
        axes.set_xlabel("elements")
        finish(axes, passes)
    most = max(row.threads for row in threads)
    for contestant in dict.fromkeys(row.contestant for row in threads):
        for passes, style in zip(PASSES, ("o-", "o--"), strict=True):
            shown = [row for row in threads if row.contestant == contestant and row.passes == passes]
            draw_gain(panels[-1], shown, most, style)
    panels[-1].set_ylim(bottom=0)
    panels[-1].set_ylabel(f"times as fast with {most} threads as with 1")
    panels[-1].set_xlabel("elements")
    finish(panels[-1], "threads")
    save(figure, rows, "Scaling: float32, mean", path)


def draw_gain(axes: Axes, rows: list[Row], most: int, style: str) -> None:
    """Draw how many times as fast a contestant is with `most` threads as with one."""
    times = {(row.threads, row.elements): row.p50_us for row in rows}
    elements = sorted(count for threads, count in times if threads == 1 and (most, count) in times)
    if elements:
        name = rows[0].contestant
        colour = COLOURS["ascend_bce" if name.startswith("ascend_bce") else name]
        gains = [times[1, count] / times[most, count] for count in elements]
        axes.plot(elements, gains, style, markersize=3, color=colour, label=f"{name}, {rows[0].passes}")


def save(figure: plt.Figure, rows: list[Row], title: str, path: Path) -> None:
    """Write a picture that says where it was measured."""
    machine = ", ".join(dict.fromkeys(f"{row.machine}, {row.cores} cores" for row in rows))
    figure.suptitle(f"{title}. Measured on {machine}: a CPU, no NPU", fontsize="medium")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=100)
    print(f"written to {path}")


def print_tables(rows: list[Row]) -> None:
    """Print, for each framework and pass, a line of Markdown for each case."""
    for framework in dict.fromkeys(row.framework for row in rows):
        shown = [row for row in rows if row.framework == framework]
        contestants = list(dict.fromkeys(row.contestant for row in shown))
        found = {(case(row), row.contestant): row for row in shown}
        print(f"\n{framework} {shown[0].framework_version}, {shown[0].threads} threads\n")
        print(f"| elements | case | pass | {' | '.join(contestants)} | peak memory, MB |")
        print("|---|---|---|" + "---|" * (len(contestants) + 1))
        order = (PASSES, WEIGHTS, REDUCTIONS, DTYPES)
        for one in sorted(
            {case(row) for row in shown},
            key=lambda c: (*(names.index(name) for names, name in zip(order, c, strict=False)), c[-1]),
        ):
            passes, weights, reduction, dtype, elements = one
            text = f"{dtype}, {reduction}" + ("" if weights == "none" else f", {weights}")
            measured = [found.get((one, contestant)) for contestant in contestants]
            cells = [cell(row) for row in measured]
            peaks = " / ".join(
                "-" if r is None or r.peak_bytes is None else f"{r.peak_bytes / 2**20:.0f}" for r in measured
            )
            print(f"| {count_text(elements)} | {text} | {passes} | {' | '.join(cells)} | {peaks} |")


def case(row: Row) -> tuple[str, str, str, str, int]:
    """Return what a row is of."""
    return row.passes, row.weights, row.reduction, row.dtype, row.elements


def cell(row: Row | None) -> str:
    """Return a time, and how many times as fast ours is."""
    if row is None:
        return "-"
    time = f"{row.p50_us:.1f} us" if row.p50_us < 1000 else f"{row.p50_us / 1000:.2f} ms"
    return time if row.contestant.startswith("ascend_bce") else f"{time}, {row.ours_times_as_fast:.1f} x"


def peak(row: Row | None) -> str:
    """Return the memory a call needs, in megabytes."""
    return "-" if row is None or row.peak_bytes is None else f"{row.peak_bytes / MILLION:.0f}"


def main() -> None:
    """Draw and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path, nargs="+")
    parser.add_argument("--folder", type=Path, default=Path("docs/images"), help="default: %(default)s")
    options = parser.parse_args()
    rows = latest(row for file in options.file for row in read(file))
    most = max(row.threads for row in rows)
    on_all = [row for row in rows if row.threads == most]
    plain = [row for row in on_all if is_plain(row)]
    draw_speed([row for row in plain if row.elements <= 64 * MILLION], options.folder / "speed.png")
    torch = [row for row in rows if is_plain(row) and row.framework == "torch"]
    if {row.threads for row in torch} > {most}:
        draw_scaling([row for row in torch if row.threads == most], torch, options.folder / "scaling.png")
    print_tables(on_all)


if __name__ == "__main__":
    main()
