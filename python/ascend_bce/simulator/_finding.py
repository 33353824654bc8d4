# SPDX-License-Identifier: Apache-2.0
"""What is found in a launch, and how it is written down."""

import dataclasses
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import ascend_bce


@dataclass(frozen=True)
class Tensor:
    """The tensor that a finding is about.

    Attributes:
        space: `GM` or `UB`.
        name: Name of the launch's argument; empty for a tensor in unified buffer.
        address: Where it lies on the host.
        bytes: Its size.
        buffer: Number of the UB buffer in its TPipe; -1 if it has none.
        file: Source file in which the kernel made it.
        line: The line there.
    """

    space: str
    name: str
    address: int
    bytes: int
    buffer: int
    file: str
    line: int


@dataclass(frozen=True)
class Finding:
    """Something the kernel did that the device would not forgive.

    Attributes:
        code: Short and stable, for instance `gm-out-of-bounds`; docs/simulator/findings has a page for each.
        message: What was done.
        why: Why the device would fail.
        mend: How to mend it.
        kernel: Name of the kernel.
        block: Index of the lowest block in which it was found.
        visit: It was found when that block reached the line for the visit-th time (its tile); 0 if unknown.
        file: Source file of the call; empty without checks.
        line: Its line; 0 without checks.
        source: The text of that line.
        tensor: The tensor it is about, if it is about one.
        stops: Whether the block could not go on.
        occurrences: How often it was found at this line on this tensor, over all blocks.
        blocks: In how many blocks it was found.
        block_dim: How many blocks the launch had.
        text: All of it as it is printed.
    """

    code: str
    message: str
    why: str
    mend: str
    kernel: str
    block: int
    visit: int
    file: str
    line: int
    source: str
    tensor: Tensor | None
    stops: bool
    occurrences: int
    blocks: int
    block_dim: int
    text: str = field(repr=False)

    def __str__(self) -> str:
        """Return the text."""
        return self.text


def parse_findings(text: str) -> list[Finding]:
    """Read a JSON array of findings, as the simulator writes it."""
    return [_parse(entry) for entry in json.loads(text)]


def _parse(entry: dict[str, Any]) -> Finding:
    tensor = entry["tensor"]
    return Finding(**{**entry, "tensor": None if tensor is None else Tensor(**tensor)})


def read_report(path: str | os.PathLike[str]) -> list[Finding]:
    """Read what launches appended to the file that the environment variable ASCEND_SIM_REPORT named."""
    return [_parse(json.loads(line)) for line in Path(path).read_text(errors="replace").splitlines()]


def to_json(findings: Iterable[Finding]) -> str:
    """Return findings as a JSON array."""
    return json.dumps([dataclasses.asdict(finding) for finding in findings], indent=1)


def to_sarif(findings: Iterable[Finding]) -> str:
    """Return findings as a SARIF 2.1.0 log, which code hosts and editors show beside the source."""
    findings = list(findings)
    rules = {finding.code: finding for finding in findings}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "ascend-bce simulator",
                        "version": ascend_bce.__version__,
                        "rules": [_rule(finding) for finding in rules.values()],
                    }
                },
                "columnKind": "utf16CodeUnits",
                "results": [_result(finding, list(rules).index(finding.code)) for finding in findings],
            }
        ],
    }
    return json.dumps(log, indent=1)


def _rule(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.code,
        "shortDescription": {"text": finding.code.replace("-", " ")},
        "fullDescription": {"text": finding.why},
        "help": {
            "text": f"{finding.why}. Mend: {finding.mend}. See docs/simulator/findings/{finding.code}.md."
        },
        "defaultConfiguration": {"level": "error"},
    }


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    properties = {"kernel": finding.kernel, "block": finding.block, "visit": finding.visit}
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": "error",
        "message": {"text": f"{finding.message} (kernel {finding.kernel}, block {finding.block})"},
        "occurrenceCount": finding.occurrences,
        "properties": {**properties, "blocks": finding.blocks, "stops": finding.stops},
    }
    if finding.file:
        result["locations"] = [_location(finding.file, finding.line, finding.source)]
        result["locations"][0]["logicalLocations"] = [{"name": finding.kernel, "kind": "function"}]
    if finding.tensor is not None and finding.tensor.file:
        made = _location(finding.tensor.file, finding.tensor.line, "")
        made["message"] = {"text": f"the {finding.tensor.space} tensor is made here"}
        result["relatedLocations"] = [{"id": 0, **made}]
    return result


def _location(file: str, line: int, source: str) -> dict[str, Any]:
    path = Path(file)
    # Relative where it can be, so that the log fits another checkout.
    folder = Path.cwd()
    uri = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_uri()
    region: dict[str, Any] = {"startLine": line}
    if source:
        region["snippet"] = {"text": source}
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}
