# SPDX-License-Identifier: Apache-2.0
"""What is found in a launch, and how it is written down."""

import json
from dataclasses import dataclass, field
from typing import Any

DOCUMENTATION = "https://gitee.com/ascend-bce/ascend-bce/blob/main/docs/simulator/findings"


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
