# SPDX-License-Identifier: Apache-2.0
"""How findings are counted, ordered and written down."""

import json
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from ascend_bce.simulator import Run, SimulatorError, _library, compile_kernel

ROOT = Path(__file__).parents[2]
# A code where C++ makes a finding of it.
_REPORT = (
    r"(?:core\.\w+\(|RaiseFinding(?:At)?\(|Require\([^;]{1,80}?,|kCode\[\] =|code =|\? |: )"
    r'\s*"([a-z]+(?:-[a-z]+)+|assert|trap|race|exception|misaligned|overlap|uninitialised|deadlock)"'
)
SEVERAL = Path(__file__).parent / "kernels" / "several_faults.cpp"


def several(
    ends: int = -1, after: int = 1, blocks: int = 4, only: Sequence[int] = (), **options: object
) -> tuple[Run, np.ndarray]:
    """Launch the kernel with faults; block `ends` ends early. Return the run and the output."""
    kernel = compile_kernel(SEVERAL, defines={"ENDS": ends, "AFTER": after})
    x = np.arange(32 * blocks, dtype=np.int32)
    y = np.zeros_like(x)
    return kernel(x, y, block_dim=blocks, blocks=only, **options), y


def line(mark: str) -> int:
    lines = SEVERAL.read_text().splitlines()
    return next(number for number, text in enumerate(lines, 1) if f"// {mark}" in text)


def summary(run: Run) -> list[tuple]:
    return [(f.code, f.line, f.block, f.visit, f.occurrences, f.blocks, f.stops) for f in run.findings]


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_a_launch_goes_on_and_counts(threads: int) -> None:
    for _ in range(5):
        run, y = several(threads=threads)
        assert summary(run) == [
            # In the order in which block 0, then block 1 would come to them.
            ("ub-out-of-bounds", line("OUT OF BOUNDS"), 0, 4, 4, 4, False),
            ("gm-out-of-bounds", line("AFTER"), 0, 1, 1, 1, True),
            ("uninitialised", line("UNINITIALISED"), 1, 1, 3, 3, False),
        ]
    # The copy out of bounds was left out, the others were done.
    expected = np.arange(128).reshape(4, 4, 8)
    np.testing.assert_array_equal(y.reshape(4, 4, 8)[:, :3], expected[:, :3])


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_blocks_that_wait_for_one_that_ended_end_in_silence(threads: int) -> None:
    for _ in range(5):
        run, _ = several(ends=2, threads=threads)
        assert summary(run) == [
            ("ub-out-of-bounds", line("OUT OF BOUNDS"), 0, 4, 4, 4, False),
            ("uninitialised", line("UNINITIALISED"), 1, 1, 3, 3, False),
            ("gm-out-of-bounds", line("ENDS"), 2, 1, 1, 1, True),
        ]


def test_text_of_a_finding() -> None:
    run, _ = several()
    finding = run.findings[0]
    made = line("MADE")
    assert finding.text.splitlines() == [
        "ub-out-of-bounds: DataCopy writes bytes [0, 64) of UB tensor of 32 bytes "
        f"(buffer 1, made at several_faults.cpp:{made}): 32 past its end",
        f"    in kernel several, block 0, at {SEVERAL}:{finding.line}, the 4th time it gets there",
        f"        {SEVERAL.read_text().splitlines()[finding.line - 1].strip()}",
        f"    tensor: UB buffer 1 at {finding.tensor.address:#x}, 32 bytes, made at {SEVERAL}:{made}",
        f"    why: {finding.why}",
        f"    mend: {finding.mend}",
        "    found 4 times, in 4 of 4 blocks",
        "    replay: block 0 alone: blocks=[0], --blocks 0 or ASCEND_SIM_BLOCKS=0",
    ]


def test_checks_are_chosen_by_name() -> None:
    run, _ = several(checks=["uninitialised"])
    assert {f.code for f in run.findings} == {"uninitialised", "ub-out-of-bounds", "gm-out-of-bounds"}
    run, _ = several(checks="alignment")
    assert {f.code for f in run.findings} == {"ub-out-of-bounds", "gm-out-of-bounds"}
    run, _ = several(checks=[], ends=-1, after=0)
    assert run.findings == []


def test_one_block_alone() -> None:
    run, y = several(only=[2])
    codes = [(f.code, f.line, f.block, f.occurrences) for f in run.findings]
    assert codes[:2] == [
        ("uninitialised", line("UNINITIALISED"), 2, 1),
        ("ub-out-of-bounds", line("OUT OF BOUNDS"), 2, 1),
    ]
    # It cannot wait for the others.
    assert codes[2][0] == "partial-launch"
    assert "SyncAll waits for 3 other blocks" in run.findings[2].message
    written = y.reshape(4, -1).any(axis=1)
    assert written.tolist() == [False, False, True, False]


def test_blocks_that_are_not_there() -> None:
    with pytest.raises(ValueError, match="there is no block 4; block_dim is 4"):
        several(only=[4])


def test_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = tmp_path / "findings.jsonl"
    monkeypatch.setenv("ASCEND_SIM_REPORT", str(report))
    monkeypatch.setenv("ASCEND_SIM_BLOCKS", "1,3")
    runs = [several()[0] for _ in range(2)]
    assert {f.block for f in runs[0].findings} == {1}  # the first of the two
    assert runs[0].findings[0].blocks == 2
    texts = [json.loads(text)["text"] for text in report.read_text().splitlines()]
    assert texts == [f.text for run in runs for f in run.findings]
    monkeypatch.setenv("ASCEND_SIM_BLOCKS", "one")
    with pytest.raises(SimulatorError, match='ASCEND_SIM_BLOCKS is "one"'):
        several()


def test_break_without_a_debugger_says_so(capfd: pytest.CaptureFixture[str]) -> None:
    run, _ = several(break_on_finding=True)
    shown = capfd.readouterr().err
    assert shown.count("there is no debugger to stop in") == len(run.findings)
    assert "several_faults.cpp" in shown


def test_no_more_than_a_hundred_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "many.cpp"
    reads = "\n".join("(void)local.GetValue(__LINE__);" for _ in range(103))
    path.write_text(
        f"""#include "kernel_operator.h"
        extern "C" __global__ __aicore__ void many(GM_ADDR x)
        {{
            AscendC::TPipe pipe;
            AscendC::TBuf<> buffer;
            pipe.InitBuffer(buffer, 4 * 128);
            AscendC::LocalTensor<int32_t> local = buffer.Get<int32_t>();
            {reads}
        }}"""
    )
    findings = compile_kernel(path)(np.zeros(8, np.int32)).findings
    assert len(findings) == 101
    assert findings[100].code == "more-findings"
    assert findings[100].message.startswith("3 further findings")


def test_every_code_is_listed_and_has_a_page() -> None:
    """The codes that C++ reports, those of FindingCodes(), and the pages are the same."""
    sources = [
        *ROOT.glob("simulator/core/*.cpp"),
        *ROOT.glob("simulator/checks/*.cpp"),
        *ROOT.glob("simulator/include/**/*.h"),
    ]
    texts = [path.read_text() for path in sources if path.name != "finding_codes.cpp"]
    made = {code for text in texts for code in re.findall(_REPORT, text)}
    literals = {literal for text in texts for literal in re.findall(r'"([a-z-]+)"', text)}
    table = (ROOT / "simulator/core/finding_codes.cpp").read_text()
    listed = re.findall(r'^\s*\{"([a-z-]+)", *(?:nullptr|"[a-z-]+"),', table, re.MULTILINE)
    assert listed == sorted(listed)
    pages = {path.stem for path in (ROOT / "docs/simulator/findings").glob("*.md")} - {"README"}
    assert made <= set(listed) <= literals
    # Found in the source before any launch, and by comparing launches.
    assert pages == set(listed) | {"bisheng-rejects", "schedule-dependent", "block-dependent"}
    index = (ROOT / "docs/simulator/findings/README.md").read_text()
    assert set(re.findall(r"\]\(([a-z-]+)\.md\)", index)) == pages
    checks = _library.load().ascend_sim_check_names().decode().split(",")
    assert set(re.findall(r'^\s*\{"[a-z-]+", *"([a-z-]+)",', table, re.MULTILINE)) <= set(checks)


def test_sarif_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the published schema of SARIF 2.1.0 requires, and what viewers show."""
    monkeypatch.chdir(ROOT)
    run, _ = several()
    log = json.loads(run.to_sarif())
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (sarif_run,) = log["runs"]
    rules = sarif_run["tool"]["driver"]["rules"]
    assert sarif_run["tool"]["driver"]["name"]
    assert [rule["id"] for rule in rules] == ["ub-out-of-bounds", "gm-out-of-bounds", "uninitialised"]
    assert len(sarif_run["results"]) == len(run.findings)
    for result, finding in zip(sarif_run["results"], run.findings, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding.code
        assert result["level"] == "error"
        assert finding.message in result["message"]["text"]
        assert result["occurrenceCount"] == finding.occurrences
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "tests/simulator/kernels/several_faults.cpp"
        assert place["region"]["startLine"] == finding.line
        assert place["region"]["snippet"]["text"] == finding.source
        assert result["relatedLocations"][0]["message"]["text"]


def test_json_and_report() -> None:
    run, _ = several()
    entries = json.loads(run.to_json())
    assert [entry["text"] for entry in entries] == [finding.text for finding in run.findings]
    assert entries[0]["tensor"]["buffer"] == 1
    assert run.report() == "\n\n".join(finding.text for finding in run.findings)


def test_tiling_of_no_bytes() -> None:
    kernel = compile_kernel(SEVERAL.parent / "tiling.cpp", entry="read")
    with pytest.raises(TypeError, match=r"tiling is of type int; pass bytes, a ctypes.Structure"):
        kernel(np.zeros(2, np.uint32), tiling=5)
    fields = np.array((70000, [1, 2, 3]), [("length", "u4"), ("parts", "u2", 3)])
    y = np.zeros(2, np.uint32)
    assert kernel(y, tiling=np.append(fields.tobytes(), b"\0\0"), tiling_key=1).findings == []
