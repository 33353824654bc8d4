# SPDX-License-Identifier: Apache-2.0
"""That the sources are formatted and linted, each says its licence, and the two READMEs keep in step."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CPP = {".cpp", ".h"}
PYTHON = {".py"}
COMMENTED = CPP | PYTHON | {".cmake", ".sh", ".toml"}


def sources(suffixes: set[str]) -> list[Path]:
    """Return the project's files of some kinds: those git knows, or would take."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = [Path(line) for line in listed.stdout.splitlines()]
    return [path for path in paths if path.suffix in suffixes and (ROOT / path).exists()]


def run(*command: str) -> None:
    """Run a tool; what it prints becomes the failure."""
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if result.returncode != 0:
        pytest.fail(f"{' '.join(command[:4])} ...\n{result.stdout}{result.stderr}", pytrace=False)


def test_python_is_linted():
    run(sys.executable, "-m", "ruff", "check", ".")


def test_python_is_formatted():
    run(sys.executable, "-m", "ruff", "format", "--diff", ".")


def test_cpp_is_formatted():
    files = map(str, sources(CPP))
    run(str(Path(sys.executable).parent / "clang-format"), "--dry-run", "-Werror", *files)


def test_each_source_names_the_licence_first():
    missing = []
    for path in sources(COMMENTED):
        lines = (ROOT / path).read_text().splitlines()
        if not any("SPDX-License-Identifier: Apache-2.0" in line for line in lines[:2]):
            missing.append(str(path))
    assert not missing, "put the line `SPDX-License-Identifier: Apache-2.0`, commented, at the top"


def test_the_readmes_keep_in_step():
    def skeleton(name: str) -> list[tuple[str, list[str]]]:
        text = (ROOT / name).read_text()
        headings = re.findall(r"^(#+) ", text, re.MULTILINE)
        commands = re.findall(r"^ *```.*?^ *```", text, re.MULTILINE | re.DOTALL)
        pictures = re.findall(r"!\[.*?\]\((.*?)\)", text)
        return headings, [re.sub(r"#.*", "", command) for command in commands], pictures

    assert skeleton("README.md") == skeleton("README.zh-CN.md")


def test_links_of_the_documents_lead_somewhere():
    broken = []
    for path in sources({".md"}):
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", (ROOT / path).read_text()):
            if "://" not in target and not (ROOT / path).parent.joinpath(target).exists():
                broken.append(f"{path}: {target}")
    assert not broken
