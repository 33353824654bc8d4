# SPDX-License-Identifier: Apache-2.0
"""What a machine with CANN looks like: where the toolkit is, and which libraries it takes operators from.

The standard library is enough for this, so that it works where nothing else does.
"""

import os
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path

from ._paths import LIBRARY

PRIORITY = "load_priority"


def toolkit(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return the folder of the toolkit whose set_env.sh has been sourced."""
    home = environment.get("ASCEND_HOME_PATH")
    return Path(home) if home else None


def operator_packages(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return CANN's folder `opp`, under which the vendors' packages are."""
    folder = environment.get("ASCEND_OPP_PATH")
    if folder:
        return Path(folder)
    home = toolkit(environment)
    return home / "opp" if home else None


def custom_packages(environment: Mapping[str, str] = os.environ) -> list[Path]:
    """Return the packages that ASCEND_CUSTOM_OPP_PATH names."""
    return [Path(entry) for entry in environment.get("ASCEND_CUSTOM_OPP_PATH", "").split(":") if entry]


def read_priority(config: Path) -> list[str]:
    """Return the vendors in the order that CANN's vendors/config.ini gives them; none without the file."""
    if not config.exists():
        return []
    for line in config.read_text().splitlines():
        key, _, value = line.partition("=")
        if key.strip() == PRIORITY:
            return [vendor.strip() for vendor in value.split(",") if vendor.strip()]
    return []


def candidates(environment: Mapping[str, str] = os.environ) -> Iterator[Path]:
    """Yield the libraries that may provide an aclnn function, in the order in which they are asked."""
    for package in custom_packages(environment):
        yield package / LIBRARY
    packages = operator_packages(environment)
    if packages is not None:
        vendors = packages / "vendors"
        for vendor in read_priority(vendors / "config.ini"):
            yield vendors / vendor / LIBRARY
    home = toolkit(environment)
    folders = [home / "lib64"] if home else []
    folders += [packages / "lib64"] if packages else []
    for folder in folders:
        yield from sorted(folder.glob("libopapi*.so"))


def exported_functions(library: Path) -> set[str]:
    """Return the names that a 64-bit little-endian ELF library defines in its dynamic symbol table."""
    image = library.read_bytes()
    if image[:6] != b"\x7fELF\x02\x01":
        raise ValueError("not a 64-bit ELF library")
    (offset,) = struct.unpack_from("<Q", image, 40)
    size, count = struct.unpack_from("<HH", image, 58)
    sections = [struct.unpack_from("<IIQQQQIIQQ", image, offset + i * size) for i in range(count)]
    names = set()
    for _, kind, _, _, start, length, link, _, _, entry in sections:
        if kind != 11:  # SHT_DYNSYM
            continue
        strings = sections[link][4]
        for symbol in range(start, start + length, entry):
            name, _, _, section = struct.unpack_from("<IBBH", image, symbol)
            if section != 0:  # defined here
                begin = strings + name
                names.add(image[begin : image.index(b"\0", begin)].decode())
    return names


def machine(library: Path) -> str:
    """Return the processor that an ELF library is for, as platform.machine() calls it."""
    (number,) = struct.unpack_from("<H", library.read_bytes()[:20], 18)
    return {62: "x86_64", 183: "aarch64"}.get(number, f"ELF machine {number}")
