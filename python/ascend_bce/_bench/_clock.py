# SPDX-License-Identifier: Apache-2.0
"""Measures calls against each other: time, in turns, and memory.

Why not torch.utils.benchmark: its Timer measures one statement to the end before the next begins, so that
whatever the machine does meanwhile falls on one side; and it belongs to one framework. Here the contestants
take turns, call by call, and what is compared are the two times of a turn.
"""

import ctypes
import gc
import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

Call = Callable[[], object]

_WARM_UPS, _WARM = 3, 0.5  # calls, unless they have taken so many seconds before
_SAMPLE = 300e-6  # seconds: shorter calls are measured several at a time
_SAMPLES = (7, 101)  # at least, at most
# A framework's threads spin for some milliseconds after its call in case there is another one. Then they
# sleep, and leave the cores to the next contestant.
_REST = 0.01
# Seconds of calls after a rest that are not measured, until the processor is awake: on a virtual machine it
# takes more than ten milliseconds before two threads run twice as fast as one. Long calls need none.
_RUN_UP, _LONG = 0.02, 0.2


class Samples(NamedTuple):
    """What was measured of one contestant.

    Attributes:
        seconds: Of a call, in each turn.
        calls: How many calls a turn made.
        peak_bytes: How much memory the process needed during a call, beyond what it held before.
    """

    seconds: list[float]
    calls: int
    peak_bytes: int


def alternate(calls: Sequence[Call], seconds: float) -> list[Samples]:
    """Measure calls in turns.

    Args:
        calls: Functions that return when their results are there, and keep none of them.
        seconds: How long to measure; fewer than seven turns it will not be, nor more than 101.
    """
    single = [_warm_up(call) for call in calls]
    counts = [max(1, math.ceil(_SAMPLE / max(one, 1e-9))) for one in single]
    run_ups = [0 if one > _LONG else _RUN_UP for one in single]
    turn = sum(_REST + max(one, _SAMPLE) for one in single) + sum(map(max, single, run_ups))
    rounds = min(max(round(seconds / turn), _SAMPLES[0]), _SAMPLES[1])
    peaks = [_peak_bytes(call) for call in calls]
    times: list[list[float]] = [[] for _ in calls]
    gc.collect()
    gc.disable()
    try:
        for start in range(rounds):
            for offset in range(len(calls)):  # each is first equally often
                index = (start + offset) % len(calls)
                time.sleep(_REST)
                _run_up(calls[index], run_ups[index])
                times[index].append(_seconds(calls[index], counts[index]))
    finally:
        gc.enable()
    return [Samples(*one) for one in zip(times, counts, peaks, strict=True)]


def _warm_up(call: Call) -> float:
    """Return the seconds of the last call."""
    end = time.perf_counter() + _WARM
    for _ in range(_WARM_UPS):
        seconds = _seconds(call, 1)
        if time.perf_counter() > end:
            break
    return seconds


def _run_up(call: Call, seconds: float) -> None:
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        call()


def _seconds(call: Call, count: int) -> float:
    start = time.perf_counter()
    for _ in range(count):
        call()
    return (time.perf_counter() - start) / count


def _peak_bytes(call: Call) -> int:
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)  # so that memory which an earlier call left behind is not reused unseen
    Path("/proc/self/clear_refs").write_text("5")  # the peak is the present size from here on
    before = _status("VmRSS")
    call()
    return max(0, _status("VmHWM") - before)


def _status(field: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    raise LookupError(f"/proc/self/status has no {field}")
