# SPDX-License-Identifier: Apache-2.0
"""The measured benchmark: who is called when, what is chosen, kept and printed. None of this tests a time."""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from ascend_bce.__main__ import main
from ascend_bce._bench import _clock, _record, _suite


def test_contestants_take_turns(monkeypatch):
    monkeypatch.setattr(_clock, "_RUN_UP", 0)
    monkeypatch.setattr(_clock, "_REST", 0)
    monkeypatch.setattr(_clock, "_SAMPLE", 0)
    called = []
    samples = _clock.alternate([lambda name=name: called.append(name) for name in "abc"], 0)
    assert [len(one.seconds) for one in samples] == [7, 7, 7]
    assert "".join(called[-21:]) == "abcbcacab" * 2 + "abc"


def test_short_calls_are_measured_several_at_a_time():
    count = 0

    def call():
        nonlocal count
        count += 1

    (sample,) = _clock.alternate([call], 0)
    assert sample.calls > 100
    assert count > 7 * sample.calls


def test_peak_memory_is_what_a_call_needs():
    def call():
        for _ in range(3):  # one after the other, not at once
            np.ones(2**24, np.float32)

    def nothing():
        pass

    needed, none = (one.peak_bytes for one in _clock.alternate([call, nothing], 0))
    assert abs(needed - 2**26) < 2**21  # the kernel counts pages in bundles
    assert none < 2**21


def test_the_standard_cases_vary_everything():
    cases = _suite.standard()
    assert len(set(cases)) == len(cases)
    for field, values in (
        ("dtype", _suite.DTYPES),
        ("reduction", _suite.REDUCTIONS),
        ("weights", _suite.WEIGHTS),
        ("passes", _suite.PASSES),
        ("elements", _suite.ELEMENTS),
    ):
        assert {getattr(case, field) for case in cases} == set(values)
    assert (min(_suite.ELEMENTS), max(_suite.ELEMENTS)) == (1, 64 * 2**20)


def test_choosing_gives_every_combination():
    cases = _suite.chosen(elements=[10, 20], reductions=["sum", "none"], passes=["forward"])
    assert cases == [
        _suite.Case("float32", reduction, "none", "forward", elements)
        for reduction in ("sum", "none")
        for elements in (10, 20)
    ]


@pytest.mark.parametrize(("elements", "shape"), [(1, (1, 1)), (1000, (125, 8)), (2**20, (2**13, 128))])
def test_shapes(elements, shape):
    assert _suite.Case("float32", "mean", "none", "forward", elements).shape == shape


def test_measuring_beside_every_framework(capsys, tmp_path):
    path = tmp_path / "folder" / "times.csv"
    arguments = ["--elements", "1K", "--dtypes", "float16", "--passes", "forward"]
    # One thread, because several that spin for each other on a busy machine take minutes.
    arguments += ["--threads", "1", "--seconds", "0", "--csv", str(path), "--label", "first"]
    assert main(["bench", *arguments]) == 0
    text = capsys.readouterr().out
    rows = _record.read(path)
    present = [name for name in ("torch", "mindspore", "paddle") if find_spec(name)]
    assert "torch" in present
    for name in present:
        assert re.search(rf"^{name} \d+\.\d+.* threads?$", text, re.MULTILINE)
        ours = next(row for row in rows if row.contestant == f"ascend_bce.{name}")
        assert ours.ours_times_as_fast == 1
        assert 0 < ours.p20_us <= ours.p50_us <= ours.p80_us
        assert (ours.input_bytes, ours.result_bytes) == (2 * 1024 * 2, 2)
    compiled = next(row for row in rows if row.contestant == "torch.compile")
    assert compiled.ours_times_as_fast > 0
    assert re.search(r"torch\.compile [\d.]+ [um]s \([\d.]+ x\)", text)
    assert {(row.label, row.elements, row.dtype) for row in rows} == {("first", 1024, "float16")}
    # Paddle's own has no float16 on the CPU.
    assert ("paddle does not (" in text) == ("paddle" in present)


def test_measuring_ours_alone(capsys):
    arguments = ["--alone", "--frameworks", "torch", "--elements", "10", "--passes", "forward"]
    assert main(["bench", *arguments, "--threads", "1", "--seconds", "0"]) == 0
    (line,) = (line for line in capsys.readouterr().out.splitlines() if "float32" in line)
    assert re.search(r"forward +ascend_bce\.torch [\d.]+ us, peak 0$", line)


def test_rows_are_appended_and_read(tmp_path):
    path = tmp_path / "times.csv"
    row = _record.Row(
        date="2000-01-01 00:00:00", label="", ascend_bce="1", framework="torch", framework_version="2",
        threads=2, contestant="torch", turns=9, calls_per_turn=3, p20_us=1.5, p50_us=2.5, p80_us=3.5,
        input_bytes=80, result_bytes=4, peak_bytes=None, ours_times_as_fast=1.25,
        **_record.machine(), **_suite.Case("float32", "mean", "none", "forward", 10)._asdict(),
    )  # fmt: skip
    _record.append(path, [row])
    _record.append(path, [row, row])
    assert _record.read(path) == [row] * 3
    path.write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match="other columns"):
        _record.append(path, [row])


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--soc", "Ascend910B1"], "--soc goes with --modelled"),
        (["--modelled", "--threads", "1"], "--threads does not go with --modelled"),
        (["--quick", "--elements", "10"], "--quick chooses"),
        (["--elements", "0"], "number of elements"),
        (["--elements", "1G"], "number of elements"),
    ],
)
def test_options_that_do_not_go_together(arguments, text, capsys):
    with pytest.raises(SystemExit):
        main(["bench", *arguments])
    assert text in capsys.readouterr().err


def test_a_framework_that_is_not_there(monkeypatch, capsys):
    from ascend_bce._bench import _measured

    monkeypatch.setattr(_measured, "find_spec", lambda name: None)
    with pytest.raises(SystemExit):
        main(["bench", "--frameworks", "torch"])
    assert "torch not installed" in capsys.readouterr().err


def test_pictures_and_tables(tmp_path):
    rows = [
        _record.Row(
            date="", label="", ascend_bce="1", framework="torch", framework_version="2", threads=threads,
            contestant=contestant, turns=9, calls_per_turn=3, p20_us=1.5, p50_us=elements / 1000, p80_us=1e4,
            input_bytes=0, result_bytes=0, peak_bytes=2**23, ours_times_as_fast=1.25,
            **_record.machine(), **case._asdict(),
        )
        for threads in (1, 2)
        for case in _suite.standard()
        for elements in [case.elements]
        for contestant in ("ascend_bce.torch", "torch", "torch.compile")
    ]  # fmt: skip
    _record.append(tmp_path / "times.csv", rows)
    script = Path(__file__).parents[1] / "scripts" / "draw_benchmarks.py"
    command = [sys.executable, script, tmp_path / "times.csv", "--folder", tmp_path]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for name in ("speed.png", "scaling.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
    lines = [line for line in text.splitlines() if " | " in line]
    assert len(lines) == 1 + len(_suite.standard())
    assert (
        "| 1 M | float16, mean | forward | 1.05 ms | 1.05 ms, 1.2 x | 1.05 ms, 1.2 x | 8 / 8 / 8 |" in lines
    )
