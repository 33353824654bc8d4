# SPDX-License-Identifier: Apache-2.0
"""`bench`: starts a process for each framework, prints what comes out, and appends it to a file."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from tqdm import tqdm

from ascend_bce import __version__

from ._record import Row, append, machine
from ._suite import FRAMEWORKS, TRAINING, Case
from ._table import count_text

_HEADER = """\
Measured on {machine}, {cores} cores, {memory_gb} GB, {system}, Python {python}, huge pages: {huge_pages}.
Nothing here is an NPU: ours are the AscendC kernels on the simulator's Host chip.

Medians of turns that alternate in one process; behind theirs, how many times as fast ours are (the median of
the turns' ratios). peak: megabytes that the process needed during a call beyond what it held before, results
included; - for a framework that keeps memory for itself.
"""


def installed(frameworks: Sequence[str]) -> list[str]:
    """Return those that can be imported."""
    return [name for name in frameworks if find_spec(_module(name)) is not None]


def run(
    cases: Sequence[Case],
    frameworks: Sequence[str],
    threads: Sequence[int],
    seconds: float,
    file: Path | None,
    label: str,
    alone: bool,
) -> None:
    """Measure, print, and append to a file after each case.

    Args:
        cases: The calls.
        frameworks: The contestants beside ours, which are those in each one's process.
        threads: Values of OMP_NUM_THREADS, one after the other.
        seconds: How long to measure a case.
        file: What to append to; None for nothing.
        label: The file's column of that name.
        alone: Whether only ours take part.
    """
    where = machine()
    print(_HEADER.format(**where))
    modules = list(dict.fromkeys(_module(name) for name in FRAMEWORKS if name in frameworks))
    common = {
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S"),
        "label": label,
        "ascend_bce": __version__,
        **where,
    }
    with tqdm(total=len(cases) * len(modules) * len(threads), unit="case", disable=None) as progress:
        for module in modules:
            taking_part = [] if alone else [name for name in frameworks if _module(name) == module]
            for count in threads:
                results = _measure(module, count, (taking_part, cases, seconds))
                version = next(results)["version"]
                progress.write(f"\n{module} {version}, {count} thread{'s' if count > 1 else ''}")
                for case, result in zip(cases, results, strict=True):
                    framework = {"framework": module, "framework_version": version, "threads": count}
                    rows = _rows(case, result["samples"], common | framework)
                    progress.write(_line(case, rows, result["refused"]))
                    if file is not None:
                        append(file, rows)
                    progress.update()
    if file is not None:
        print(f"\nappended to {file}")


def _module(framework: str) -> str:
    return framework.split(".")[0]


def _measure(module: str, threads: int, question: tuple) -> Iterator[dict]:
    """Yield what the framework's process says: its version, then each case's samples."""
    reading, writing = os.pipe()
    with tempfile.TemporaryFile("w+") as output, os.fdopen(reading) as results:
        process = subprocess.Popen(
            [sys.executable, "-m", f"{__package__}._worker", module, str(writing)],
            env=os.environ | {"OMP_NUM_THREADS": str(threads)},
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            pass_fds=[writing],
            text=True,
        )
        os.close(writing)
        try:
            with process.stdin as file:
                json.dump(question, file)
            for line in results:
                yield json.loads(line)
            if process.wait() != 0:
                output.seek(0)
                raise RuntimeError(f"{module}'s process failed:\n{output.read()}")
        finally:
            process.kill()
            process.wait()


def _rows(case: Case, samples: dict[str, dict], common: dict) -> list[Row]:
    if not samples:
        return []
    ours = np.array(next(iter(samples.values()))["seconds"])
    element = 4 if case.dtype == "float32" else 2
    rows, columns = case.shape
    weights = {"none": 0, "weight": rows, "pos_weight": columns, "both": rows + columns}[case.weights]
    losses = case.elements if case.reduction == "none" else 1
    gradients = case.elements if case.passes == TRAINING else 0
    outer = case.elements if gradients and case.reduction == "none" else 0
    return [
        Row(
            **common,
            **case._asdict(),
            contestant=name,
            turns=len(one["seconds"]),
            calls_per_turn=one["calls"],
            **{f"p{p}_us": round(float(np.percentile(one["seconds"], p)) * 1e6, 3) for p in (20, 50, 80)},
            input_bytes=(2 * case.elements + outer) * element + 4 * weights,
            result_bytes=(losses + gradients) * element,
            peak_bytes=one["peak_bytes"],
            ours_times_as_fast=round(float(np.median(np.array(one["seconds"]) / ours)), 3),
        )
        for name, one in samples.items()
    ]


def _line(case: Case, rows: Sequence[Row], refused: dict[str, str]) -> str:
    what = f"{count_text(case.elements):>6}  {case.dtype:8}  {case.reduction:4}  "
    what += f"{case.weights.replace('none', 'no weights'):10}  {case.passes:20}"
    cells = [
        f"{row.contestant} {_duration(row.p50_us)}"
        + (f" ({row.ours_times_as_fast:.1f} x)" if index else "")
        + f", peak {'-' if row.peak_bytes is None else f'{row.peak_bytes / 2**20:.0f}'}"
        for index, row in enumerate(rows)
    ]
    cells += [f"{name} does not ({reason[:60]})" for name, reason in refused.items()]
    return what + "   " + "   ".join(cells)


def _duration(microseconds: float) -> str:
    if microseconds < 1000:
        return f"{microseconds:.1f} us"
    return f"{microseconds / 1000:.2f} ms"
