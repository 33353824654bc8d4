# SPDX-License-Identifier: Apache-2.0
"""The modelled benchmark: its figures against arithmetic done by hand, and what it prints."""

import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ascend_bce.__main__ import main
from ascend_bce._bench._built_in import chain
from ascend_bce._bench._cases import CASES, GOALS
from ascend_bce._bench._memory import echo
from ascend_bce._bench._model import compare

ELEMENTS = 2**17


def case(name):
    return next(case for case in CASES if case.name == name)


# As the built-in operators' sources have it: what is read and written for each element, in how many launches.
@pytest.mark.parametrize(
    ("name", "single", "half"),
    [
        ("forward", (24, 3), (16, 4)),
        ("forward, pos_weight", (16, 2), (12, 3)),
        ("forward and backward", (24 + 28, 3 + 3), (16 + 14, 4 + 3)),
        ("forward and backward, pos_weight", (16 + 20, 2 + 2), (12 + 10, 3 + 2)),
    ],
)
def test_traffic_of_the_built_in_operators(name, single, half):
    for dtype, (traffic, launches) in ("float32", single), ("float16", half), ("bfloat16", half):
        result = compare("Ascend910B1", dtype, case(name), ELEMENTS)
        assert result.built_in_bytes_per_element == traffic
        assert len(result.built_in) == launches


def test_instructions_of_the_built_in_operators():
    ones, loss, mean = chain("forward", "float32")
    assert (loss.fast + loss.slow, loss.fast + 2 * loss.slow, loss.casts) == (12, 15, 0)
    assert (ones.operator, mean.operator) == ("OnesLike", "ReduceMean")
    assert chain("forward", "float16")[1].casts == 3  # the loss itself is float32
    backward = chain("backward", "bfloat16")[-1]
    assert (backward.fast + backward.slow, backward.fast + 2 * backward.slow, backward.casts) == (7, 9, 5)


def test_figures_of_a_launch_that_memory_bounds():
    elements = 2**24
    result = compare("Ascend910B1", "float32", case("forward and backward"), elements)
    _, backward = result.ours
    # The forward pass leaves both inputs in the cache, 64 MB each, and the gradient fits there too.
    assert backward.hbm_bytes == 0
    assert result.roofline_us == pytest.approx(3 * 4 * elements / 1.6e6)
    assert result.share_of_roofline == pytest.approx(result.roofline_us / result.time_us)
    overhead = 2 * (0.46 + 47 * (0.164 + 0.1155))
    assert result.share_of_hbm == pytest.approx(result.roofline_us / (result.time_us - overhead))
    assert result.times_as_fast == pytest.approx(result.built_in_us / result.time_us)
    ones = result.built_in[0]
    assert (ones.hbm_bytes, ones.l2_bytes) == (0, 4 * elements)  # it stays in the cache
    assert ones.memory_us == pytest.approx(4 * elements / 5.2e6)


def test_vector_cycles_count_every_core():
    one, many = (compare("Ascend910B1", "float32", case("forward"), n) for n in (4096, 2**23))
    assert (one.ours[0].blocks, many.ours[0].blocks) == (1, 48)
    pipe = one.ours[0].pipes["VECTOR"] * 1850
    assert one.vector_cycles == pytest.approx(pipe * 64 / 4096)
    # A tile costs as much on any core; a single one also bears all that ends a sum.
    assert many.vector_cycles == pytest.approx(one.vector_cycles, rel=0.4)
    assert compare("Ascend950", "float32", case("forward"), 8192).vector_cycles is None


def test_memory_that_repeats():
    array = echo(10 * 2**20 + 3)
    assert array.shape == (10 * 2**20 + 3,)
    assert not array.any()
    array[5] = 7
    assert array.nonzero()[0].tolist() == [5, 5 + 4 * 2**20, 5 + 8 * 2**20]
    assert echo(16)[5] == 0


def test_the_table(capsys, tmp_path):
    path = tmp_path / "table.csv"
    arguments = ["--soc", "Ascend910B1", "Ascend950", "--dtype", "float16", "--elements", "1024", "65536"]
    assert main(["bench", "--modelled", *arguments, "--csv", str(path)]) == 0
    text = capsys.readouterr().out
    assert "Modelled, not measured" in text
    assert "ops-nn" in text
    assert "too short to be ranked" in text
    cases = [case for case in CASES if "float16" in case.dtypes]
    assert text.count("only the memory's side is modelled") == len(cases)
    assert "Goals" not in text
    rows = list(csv.DictReader(path.open()))
    assert len(rows) == 2 * len(cases) * 2
    lines = re.findall(r"^ +\d+ K +([\d.]+)[?~ ] .* ([\d.]+)$", text, re.MULTILINE)
    for row, (time, ratio) in zip(rows, lines, strict=True):
        assert float(row["modelled_us"]) == pytest.approx(float(time), abs=0.006)
        assert float(row["times_as_fast"]) == pytest.approx(float(ratio), abs=0.006)


def test_goals_stand_beside_the_results(capsys):
    arguments = ["--soc", "Ascend910B1", "--dtype", "float32", "--elements", str(2**26)]
    assert main(["bench", "--modelled", *arguments]) == 0
    text = capsys.readouterr().out
    verdicts = re.findall(
        r"^  (met    |NOT MET)  (.*), float32: ([\d.]+)(%?) .*at (most|least) ([\d.]+)", text, re.M
    )
    assert len(verdicts) == sum(goal.dtype == "float32" for goal in GOALS)
    for verdict, _, value, _, bound, limit in verdicts:
        reached = float(value) <= float(limit) if bound == "most" else float(value) >= float(limit)
        assert (verdict == "NOT MET") == (not reached)


@pytest.mark.parametrize("elements", ["100", "0", "x"])
def test_elements_that_cannot_be(elements, capsys):
    with pytest.raises(SystemExit):
        main(["bench", "--modelled", "--elements", elements])
    assert "--elements" in capsys.readouterr().err


def test_the_picture_of_the_pipes(tmp_path):
    path = tmp_path / "pipes.png"
    script = Path(__file__).parents[1] / "scripts" / "draw_pipes.py"
    subprocess.run([sys.executable, script, "--elements", "65536", "--output", path], check=True)
    assert path.read_bytes().startswith(b"\x89PNG")
