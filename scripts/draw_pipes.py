#!/usr/bin/env python
# SPDX-License-Identifier: Apache-2.0
"""Draws what the pipes of a core do in the first tiles of our operators, as the timing model has it.

Writes docs/images/pipes.png. Run it where ascend-bce is installed with its simulator:

    python scripts/draw_pipes.py [--soc NAME] [--elements N] [--microseconds T] [--output FILE]
"""

import argparse
import json
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from ascend_bce._bench._cases import CASES
from ascend_bce._bench._model import launch_ours
from ascend_bce.simulator import Timing

LANES = ("MTE2", "VECTOR", "MTE3")
# Those that take long have colours of their own; the others of the vector pipe share one.
COLOURS = {
    "copy": "tab:blue",
    "Exp": "tab:red",
    "Ln": "tab:orange",
    "Div": "tab:purple",
    "Cast": "tab:green",
    "other vector instructions": "silver",
}
DTYPES = ("float32", "float16")


def events(timing: Timing, core: int) -> list[dict]:
    """Return what one core did, from the trace."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trace.json"
        timing.save_trace(path)
        trace = json.loads(path.read_text())["traceEvents"]
    lanes = {
        event["tid"]: event["args"]["name"]
        for event in trace
        if event["name"] == "thread_name" and event["pid"] == core
    }
    return [
        {**event, "lane": lanes[event["tid"]]}
        for event in trace
        if event["ph"] == "X" and event["pid"] == core
    ]


def colour(event: dict) -> str:
    """Return the colour of an instruction."""
    if event["lane"] != "VECTOR":
        return COLOURS["copy"]
    return COLOURS.get(event["name"], COLOURS["other vector instructions"])


def draw(axes: Axes, dtype: str, timing: Timing, microseconds: float) -> None:
    """Draw one launch from its first copy on."""
    drawn = events(timing, 0)
    begin = min(event["ts"] for event in drawn)
    for row, lane in enumerate(reversed(LANES)):
        shown = [
            event
            for event in drawn
            if event["lane"] == lane and event["dur"] > 0 and event["ts"] < begin + microseconds
        ]
        axes.broken_barh(
            [(event["ts"] - begin, event["dur"]) for event in shown],
            (row - 0.4, 0.8),
            facecolors=[colour(event) for event in shown],
            edgecolor="white",
            linewidth=0.4,
        )
    axes.set_yticks(range(len(LANES)), reversed(LANES))
    axes.set_xlim(0, microseconds)
    axes.set_title(f"{timing.kernel}, {dtype}, bound by {timing.bound}", loc="left", fontsize="medium")
    axes.spines[["top", "right"]].set_visible(False)


def main() -> None:
    """Draw the picture."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--soc", default="Ascend910B1", help="SoC profile (default: %(default)s)")
    parser.add_argument("--elements", type=int, default=2**24, help="default: %(default)s")
    parser.add_argument("--microseconds", type=float, default=8, help="of each launch (default: %(default)s)")
    parser.add_argument(
        "--output", type=Path, default=Path("docs/images/pipes.png"), help="default: %(default)s"
    )
    options = parser.parse_args()

    launches = [
        (timing, dtype)
        for case in CASES
        if "pos_weight" not in case.name
        for dtype in DTYPES
        if dtype in case.dtypes
        for timing in launch_ours(options.soc, dtype, case, options.elements)
    ]
    rows = list({(timing.kernel, dtype): (timing, dtype) for timing, dtype in launches}.values())
    figure, axes = plt.subplots(
        len(rows), 1, figsize=(12, 1.5 * len(rows) + 0.8), sharex=True, layout="constrained", squeeze=False
    )
    for (timing, dtype), panel in zip(rows, axes[:, 0], strict=True):
        draw(panel, dtype, timing, options.microseconds)
    axes[-1, 0].set_xlabel("microseconds since the first instruction of the core")
    figure.suptitle(
        f"Pipes of one core of {options.soc}, {options.elements} elements on all: modelled, not measured"
    )
    figure.legend(
        handles=[Patch(color=value, label=name) for name, value in COLOURS.items()],
        loc="outside lower center",
        ncols=len(COLOURS),
        frameon=False,
    )
    options.output.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(options.output, dpi=100)
    print(f"written to {options.output}")


if __name__ == "__main__":
    main()
