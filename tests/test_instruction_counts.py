# SPDX-License-Identifier: Apache-2.0
"""That calls take no more instructions than recorded: a guard of speed that no busy machine disturbs."""

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


def test_calls_take_no_more_instructions_than_recorded():
    command = [sys.executable, BENCHMARKS / "instruction_counts.py"]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode == 77:
        pytest.skip(result.stdout.strip())
    assert result.returncode == 0, (
        f"{result.stdout}{result.stderr}If that is how it should be: {' '.join(map(str, command))} --renew"
    )


@pytest.mark.parametrize(("counted", "is_too_dear"), [(900, False), (1029, False), (1031, True)])
def test_what_is_too_dear(monkeypatch, counted, is_too_dear):
    monkeypatch.syspath_prepend(BENCHMARKS)
    import instruction_counts

    counts = {"a call": instruction_counts.Counts(counted, 0, 0, 0, 0)}
    assert instruction_counts.compare({"a call": 1000}, counts) == (["a call"] if is_too_dear else [])


def test_a_call_that_tidies_the_heap_does_not_count(monkeypatch):
    monkeypatch.syspath_prepend(BENCHMARKS)
    import native

    usual = [native.Counts(100 + call, 20, 5, 80, 60) for call in range(3)]
    tidying = native.Counts(150, 70, 5, 80, 60)
    other = native.Counts(200, 20, 5, 180, 60)
    assert native._typical([tidying, *usual, other, other, other, other], ["one", "another"]) == {
        "one": usual[1],
        "another": other,
    }


def test_parts_are_told_apart(monkeypatch):
    """What callgrind writes: names once, then numbers; `cob=` only where a call leaves the object."""
    monkeypatch.syspath_prepend(BENCHMARKS)
    import native

    counts = native._read(
        """\
ob=(1) /somewhere/native_calls
fn=(1) MeasuredCall
12 5
cfn=(2) MeasuredPhase1
calls=1 40
13 300
cfn=(3) MeasuredPhase2
calls=1 50
14 700
ob=(2) /package/simulator/lib/libascend_simulator.so
fn=(4) Tile
1 10
cob=(3) /package/op_impl/ai_core/tbe/op_tiling/lib/linux/x86_64/libcust_opmaster_rt2.0.so
cfn=(5) 0x1234
calls=1 0
1 90
fn=(6) Launch
1 20
cob=(4) /package/op_impl/ai_core/tbe/kernel/simulator/fast/a/a_0.so
cfn=(7) a
calls=2 0
1 640
ob=(4)
fn=(7)
1 400
cfn=(8) inner
calls=1 0
1 240
totals: 1005
"""
    )
    assert counts == native.Counts(call=1005, phase1=300, tiling=90, phase2=700, kernel=640)
