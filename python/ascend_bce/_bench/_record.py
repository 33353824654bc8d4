# SPDX-License-Identifier: Apache-2.0
"""The file that measurements are appended to, a CSV; docs/performance.md says what its columns mean."""

import csv
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path

_HUGE_PAGES = Path("/sys/kernel/mm/transparent_hugepage/enabled")


@dataclass(frozen=True)
class Row:
    """What one contestant took for one case. Times are of a call, in microseconds."""

    date: str
    label: str
    machine: str
    cores: int
    memory_gb: int
    huge_pages: str
    system: str
    python: str
    ascend_bce: str
    framework: str
    framework_version: str
    threads: int
    contestant: str
    dtype: str
    reduction: str
    weights: str
    passes: str
    elements: int
    turns: int
    calls_per_turn: int
    p20_us: float
    p50_us: float
    p80_us: float
    input_bytes: int
    result_bytes: int
    peak_bytes: int | None
    ours_times_as_fast: float


def machine() -> dict[str, object]:
    """Return the columns that say where and with what it was measured."""
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "machine": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(pages / 2**30),
        "huge_pages": _HUGE_PAGES.read_text().split("[")[1].split("]")[0] if _HUGE_PAGES.exists() else "",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
    }


def append(path: Path, rows: Iterable[Row]) -> None:
    """Append rows to a file, which begins with their names.

    Raises:
        ValueError: The file has other columns.
    """
    names = [field.name for field in fields(Row)]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", newline="") as file:
        file.seek(0)
        present = next(csv.reader(file), None)
        if present not in (None, names):
            raise ValueError(f"{path} has other columns than measurements have now; choose another file")
        file.seek(0, os.SEEK_END)
        writer = csv.DictWriter(file, names)
        if present is None:
            writer.writeheader()
        writer.writerows(asdict(row) for row in rows)


def read(path: Path) -> list[Row]:
    """Return a file's rows."""
    convert = {"int": int, "float": float, "str": str, "int | None": lambda text: int(text) if text else None}
    types = {field.name: convert[str(getattr(field.type, "__name__", field.type))] for field in fields(Row)}
    with path.open(newline="") as file:
        return [
            Row(**{name: types[name](text) for name, text in row.items()}) for row in csv.DictReader(file)
        ]


def _processor() -> str:
    """Return the processor's name; the architecture where Linux does not say it."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()
