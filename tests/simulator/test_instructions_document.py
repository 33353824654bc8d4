# SPDX-License-Identifier: Apache-2.0
"""docs/simulator/instructions.md names every call that the headers offer, and no other."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEADERS = sorted((ROOT / "simulator" / "include" / "ascendc").glob("*.h"))
DOCUMENT = (ROOT / "docs" / "simulator" / "instructions.md").read_text()
# A function of the namespace: at the beginning of a line, with or without the words that may come before it.
FUNCTION = re.compile(
    r"^(?:template <[^\n]*>\s*)?(?:__aicore__ )?(?:static )?(?:inline|constexpr)(?: constexpr)?"
    r"\s+(?!namespace)[\w:<>&* ]*?[ &*](\w+)\(",
    re.MULTILINE,
)
# A list entry such as ASCEND_SIM_BINARY(Add, kAdd, "half and float", half, float).
ENTRY = re.compile(r"^ASCEND_SIM_\w+\((\w+)(?:, (?!k[A-Z])([A-Z]\w+))?", re.MULTILINE)
TYPED_ENTRY = re.compile(r'^ASCEND_SIM_(\w+)\((\w+), k\w+, "[^"]*",\s*([^)]*)\)', re.MULTILINE)


def without(text: str, opening: str) -> str:
    """Remove every block in braces that begins with `opening`."""
    while (start := text.find(opening)) >= 0:
        end, depth = text.index("{", start) + 1, 1
        while depth:
            depth += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        text = text[:start] + text[end:]
    return text


def header(path: Path) -> str:
    text = re.sub(r"//[^\n]*", "", path.read_text())
    return without(text, "namespace detail {")


def offered() -> set[str]:
    names = set()
    for path in HEADERS:
        text = header(path)
        bodies = re.sub(r"^#define[^\n]*(?:\\\n[^\n]*)*", "", text, flags=re.MULTILINE)
        names |= set(FUNCTION.findall(bodies))
        for entry in ENTRY.findall(bodies):
            names |= {name for name in entry if name}
    return {name for name in names if name[0].isupper()}


def documented() -> dict[str, str]:
    """Return the types by the name of a call, from the first and second cells of the tables of calls."""
    calls = {}
    for section in re.findall(r"\| call \|[^\n]*\n\|[-|]+\n((?:\|[^\n]*\n)+)", DOCUMENT):
        for row in section.splitlines():
            first, second = (cell.strip() for cell in row.split("|")[1:3])
            for name in re.findall(r"`(\w+)`", first):
                calls[name] = second
    return calls


def test_every_call_is_documented():
    missing = offered() - set(documented())
    assert not missing, f"add to docs/simulator/instructions.md: {sorted(missing)}"


def test_no_other_call_is_documented():
    gone = set(documented()) - offered()
    assert not gone, f"the headers do not offer {sorted(gone)}"


@pytest.mark.parametrize("path", HEADERS, ids=lambda path: path.name)
def test_types_are_those_of_the_headers(path):
    for _, name, types in TYPED_ENTRY.findall(header(path)):
        expected = {word.strip() for word in types.replace("\\", " ").split(",")}
        assert set(re.findall(r"\b(?:half|float|u?int\d+_t)\b", documented()[name])) >= expected, name
