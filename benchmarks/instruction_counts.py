#!/usr/bin/env python
# SPDX-License-Identifier: Apache-2.0
"""Counts the instructions of calls, and says which have become dearer than instruction_counts.json has them.

    python benchmarks/instruction_counts.py            # exit code 1 if a count has grown by more than 3 %
    python benchmarks/instruction_counts.py --renew    # counts become the new instruction_counts.json

Valgrind's callgrind counts, so nothing depends on how busy the machine is, nor on its clock, caches or cores:
one thread, AVX2, no Python. It depends on the compiler and on the C library, which are recorded beside the
counts. With others, or without valgrind, there is nothing to compare with: the exit code is 77, and a line
says why.

Renew the counts when a change makes calls cheaper, so that it stays so; when it makes them dearer for a
reason, give that in the commit.
"""

import argparse
import ctypes
import json
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

from native import COUNTED_ISA, Counts, count_calls, driver

from ascend_bce import _aclnn

BASELINE = Path(__file__).with_suffix(".json")
ALLOWED_GROWTH = 0.03
NOTHING_TO_COMPARE = 77
CASES = (
    "forward,float32,mean,none,1",
    "forward,float32,mean,none,1024",
    "fused,float32,mean,none,1024",
    "backward,float32,mean,none,1024",
    "forward,float32,mean,none,65536",
    "forward,float32,none,none,65536",
    "forward,float32,mean,pos_weight,65536",
    "fused,float32,mean,none,65536",
    "backward,float32,mean,none,65536",
    "forward,float16,mean,none,65536",
    "backward,float16,none,none,65536",
    "forward,bfloat16,mean,none,65536",
    "fused,bfloat16,mean,none,65536",
)


def conditions() -> dict[str, str]:
    """Return what counts depend on besides the sources."""
    comment = subprocess.run(
        ["readelf", "--string-dump=.comment", _aclnn.SIMULATOR], capture_output=True, text=True, check=True
    ).stdout
    libc = ctypes.CDLL(None)
    libc.gnu_get_libc_version.restype = ctypes.c_char_p
    return {
        "machine": platform.machine(),
        "compiler": ", ".join(sorted(set(re.findall(r"\] +(.+)", comment)))),
        "libc": f"glibc {libc.gnu_get_libc_version().decode()}",
    }


def reason_not_to_compare() -> str | None:
    """Say why counts would mean nothing; None if they mean something."""
    if platform.machine() != "x86_64":
        return f"counts are those of {COUNTED_ISA}, which {platform.machine()} does not have"
    if shutil.which("valgrind") is None:
        return "valgrind was not found; install it to count instructions"
    if f" {COUNTED_ISA} " not in Path("/proc/cpuinfo").read_text():
        return f"this processor has no {COUNTED_ISA}"
    return None


def compare(baseline: dict[str, int], counts: dict[str, Counts]) -> list[str]:
    """Print the counts, and return the cases that have become too dear."""
    print(_line("", "recorded", "counted", "", "phase 1", "tiling", "phase 2", "kernel"))
    grown = []
    for case, parts in counts.items():
        recorded = baseline[case]
        growth = parts.call / recorded - 1
        print(
            _line(
                case, recorded, parts.call, f"{growth:+.1%}",
                parts.phase1, parts.tiling, parts.phase2, parts.kernel,
            )
        )  # fmt: skip
        if growth > ALLOWED_GROWTH:
            grown.append(case)
    return grown


def _line(case: str, *cells: object) -> str:
    return f"{case:38}" + "".join(f"{cell:>10}" for cell in cells)


def main() -> int:
    """Count, and compare or record."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--renew", action="store_true", help=f"write {BASELINE.name}")
    options = parser.parse_args()

    reason = reason_not_to_compare()
    baseline = json.loads(BASELINE.read_text()) if BASELINE.exists() else None
    now = conditions()
    if reason is None and not options.renew and baseline["conditions"] != now:
        reason = f"recorded with {baseline['conditions']}, but this is {now}"
    if reason is not None:
        print(f"not compared: {reason}")
        return NOTHING_TO_COMPARE

    with driver() as program:
        counts = count_calls(program, CASES)
    if options.renew:
        instructions = {case: parts.call for case, parts in counts.items()}
        compare(instructions, counts)
        BASELINE.write_text(json.dumps({"conditions": now, "instructions": instructions}, indent=4) + "\n")
        print(f"written to {BASELINE}")
        return 0
    grown = compare(baseline["instructions"], counts)
    for case in grown:
        print(f"{case} takes over {ALLOWED_GROWTH:.0%} more instructions than recorded", file=sys.stderr)
    return 1 if grown else 0


if __name__ == "__main__":
    sys.exit(main())
