# SPDX-License-Identifier: Apache-2.0
"""`python -m ascend_bce doctor`: what is installed, whose operators would be used, and what to do about it.

Only the standard library is imported, no program of CANN is run, and whatever a probe stumbles over becomes a
line of the report.
"""

import argparse
import json
import os
import platform
import re
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

from . import _cann, _paths

OK, NOTE, PROBLEM = "ok", "note", "problem"
DRIVER = Path("/usr/local/Ascend/driver/version.info")
DEVICES = Path("/dev")

# The functions that frameworks call by CANN's names, and one that only our library has.
FUNCTIONS = (
    "aclnnBinaryCrossEntropy",
    "aclnnBinaryCrossEntropyBackward",
    "aclnnBinaryCrossEntropyWithLogits",
    "aclnnBinaryCrossEntropyWithLogitsBackward",
    "aclnnBinaryCrossEntropyWithLogitsTargetBackward",
)
OURS = "aclnnBinaryCrossEntropyWithLogitsLossAndGradient"
DISTRIBUTIONS = ("numpy", "torch", "torch_npu", "mindspore", "paddlepaddle", "paddle-custom-npu")


@dataclass
class Finding:
    """A line of the report.

    Attributes:
        about: What was looked at.
        status: "ok", "note" or "problem".
        text: What was found.
        advice: What to do; empty where nothing need be done.
    """

    about: str
    status: str
    text: str
    advice: str = ""


def add_command(commands: argparse._SubParsersAction) -> None:
    """Add `doctor` to the command line."""
    doctor = commands.add_parser(
        "doctor",
        help="say what is installed, whose operators would be used, and what to do",
        description="Say what is installed, which library each operator would come from, and what to do. "
        "The exit code is 1 where there is a problem.",
    )
    doctor.add_argument("--json", action="store_true", help="print the report as JSON")
    doctor.set_defaults(run=_run)


def examine() -> list[Finding]:
    """Look at everything."""
    findings = []
    for probe in PROBES:
        try:
            findings += probe()
        except Exception as error:
            about = probe.__name__.strip("_").replace("_", " ")
            findings.append(Finding(about, NOTE, f"could not be looked at: {type(error).__name__}: {error}"))
    return findings


def providers() -> dict[str, Path | None]:
    """Return the library that each function would come from, None where there is none."""
    found: dict[str, Path | None] = dict.fromkeys(FUNCTIONS)
    for library in _cann.candidates():
        if not library.is_file() or _ignored_by_root(library):
            continue
        try:
            exported = _cann.exported_functions(library)
        except (OSError, ValueError, struct.error):
            continue
        for function in FUNCTIONS:
            if found[function] is None and function in exported:
                found[function] = library
    return found


def _run(options: argparse.Namespace) -> int:
    findings = examine()
    if options.json:
        libraries = {name: library and str(library) for name, library in providers().items()}
        print(
            json.dumps(
                {"findings": [asdict(finding) for finding in findings], "functions": libraries}, indent=2
            )
        )
    else:
        width = max(len(finding.about) for finding in findings)
        for finding in findings:
            mark = {OK: " ", NOTE: "-", PROBLEM: "!"}[finding.status]
            print(f"{mark} {finding.about:{width}}  {finding.text}")
            if finding.advice:
                print(f"  {'':{width}}  -> {finding.advice}")
    return 1 if any(finding.status == PROBLEM for finding in findings) else 0


# ---- the probes


def _package() -> Iterator[Finding]:
    target = "the simulator" if _paths.SIMULATOR.exists() else "CANN"
    yield Finding(
        "ascend-bce",
        OK,
        f"{metadata.version('ascend-bce')}, Python {platform.python_version()}, {platform.machine()}",
    )
    if not _paths.OPERATORS.exists():
        yield Finding("operators", PROBLEM, f"{_paths.OPERATORS} is missing", "build them: pip install .")
        return
    processor = _cann.machine(_paths.OPERATORS)
    if processor != platform.machine():
        yield Finding(
            "operators",
            PROBLEM,
            f"built for {processor}, but this is {platform.machine()}",
            "build them on this machine: pip install --force-reinstall --no-deps .",
        )
    elif target == "the simulator" and _cann.toolkit():
        yield Finding(
            "operators",
            NOTE,
            "built for the simulator, although there is CANN",
            "to use them on an NPU, reinstall in this shell: pip install --force-reinstall --no-deps .",
        )
    else:
        yield Finding("operators", OK, f"built for {target}")


def _loading() -> Iterator[Finding]:
    program = "from ascend_bce import _aclnn; print(_aclnn.library().backend)"
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    if result.returncode == 0:
        yield Finding("loading them", OK, f"succeeds, backend {result.stdout.strip()}")
    else:
        reason = (result.stderr.strip().splitlines() or [f"ended with {result.returncode}"])[-1]
        yield Finding("loading them", PROBLEM, reason, "until this is mended none of the losses works")


def _distributions() -> Iterator[Finding]:
    versions = {}
    for name in DISTRIBUTIONS:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    for name, version in versions.items():
        yield Finding(name, OK, version)
    torch, torch_npu = (_minor(versions.get(name, "")) for name in ("torch", "torch_npu"))
    if torch and torch_npu and torch != torch_npu:
        yield Finding(
            "torch_npu",
            PROBLEM,
            f"{versions['torch_npu']} does not fit torch {versions['torch']}",
            f"pip install 'torch-npu=={torch}.*'",
        )
    if "mindspore" in versions and _minor(versions.get("numpy", "")) >= "2":
        yield Finding("numpy", PROBLEM, "MindSpore does not start with NumPy 2", "pip install 'numpy<2'")


def _toolkit() -> Iterator[Finding]:
    home = _cann.toolkit()
    if home is None:
        usual = [path for path in (Path("/usr/local/Ascend"), Path.home() / "Ascend") if path.is_dir()]
        scripts = sorted(script for path in usual for script in path.glob("**/set_env.sh"))[:1]
        if scripts:
            yield Finding("CANN", NOTE, "there, but not in this shell", f"source {scripts[0]}")
        else:
            yield Finding("CANN", OK, "not there: the losses run on the simulator, on the CPU")
        return
    if not home.is_dir():
        yield Finding(
            "CANN", PROBLEM, f"ASCEND_HOME_PATH={home} is no folder", "source CANN's set_env.sh again"
        )
        return
    yield Finding("CANN", OK, f"{_toolkit_version(home) or 'of unknown version'} in {home}")
    config = home / "compiler" / "tikcpp" / "ascendc_kernel_cmake" / "asc-config.cmake"
    if not config.exists():
        advice = "install a later toolkit, with the operator compiler, to build ascend-bce for an NPU"
        yield Finding("building", NOTE, f"not possible: {config} is missing", advice)
    if _cann.operator_packages() != home / "opp":
        yield Finding("CANN's operators", NOTE, f"taken from ASCEND_OPP_PATH={_cann.operator_packages()}")


def _driver() -> Iterator[Finding]:
    version = _read_version(DRIVER)
    devices = sorted(path.name for path in DEVICES.glob("davinci[0-9]*"))
    if version or devices or _cann.toolkit():
        yield Finding("driver", OK if version else NOTE, version or f"none: {DRIVER} is not there")
        if devices and not all(os.access(DEVICES / name, os.R_OK | os.W_OK) for name in devices):
            user = "your user may not use them"
            yield Finding("NPUs", PROBLEM, f"{', '.join(devices)}; {user}", "join the group HwHiAiUser")
        else:
            yield Finding("NPUs", OK if devices else NOTE, ", ".join(devices) or "none")


def _search_path() -> Iterator[Finding]:
    for package in _cann.custom_packages():
        library = package / _paths.LIBRARY
        if not library.is_file():
            yield Finding(
                "ASCEND_CUSTOM_OPP_PATH",
                PROBLEM,
                f"{package} is no operator package: it has no {_paths.LIBRARY}",
                "name the folder of a vendor; `python -m ascend_bce env` prints ours",
            )
    for library in _cann.candidates():
        if not library.is_file():
            continue
        if _ignored_by_root(library):
            yield Finding(
                "owner",
                PROBLEM,
                f"{library} is not root's, and frameworks that run as root ignore it",
                f"chown root {library}, or do not run as root",
            )
            continue
        try:
            _cann.exported_functions(library)
        except PermissionError:
            yield Finding("library", PROBLEM, f"{library} cannot be read", f"chmod a+r {library}")
        except (ValueError, struct.error) as error:
            yield Finding("library", PROBLEM, f"{library} is broken: {error}", "install that package again")


def _functions() -> Iterator[Finding]:
    if _cann.toolkit() is None and not _cann.custom_packages():
        return
    libraries = providers()
    for function, library in libraries.items():
        if library is None:
            yield Finding(function, NOTE, "in no library")
        else:
            yield Finding(function, OK, f"{library}: {_whose(library)}")
    if not any(library and _whose(library).startswith("ours") for library in libraries.values()):
        yield Finding(
            "in use",
            NOTE,
            "the built-in operators",
            'to use ours in this shell: eval "$(python -m ascend_bce env)"; or: python -m ascend_bce install',
        )


PROBES: tuple[Callable[[], Iterator[Finding]], ...] = (
    _package,
    _loading,
    _distributions,
    _toolkit,
    _driver,
    _search_path,
    _functions,
)


def _whose(library: Path) -> str:
    if OURS not in _cann.exported_functions(library):
        return "built-in" if library.name.startswith("libopapi") else "another vendor's"
    same = _paths.OPERATORS.exists() and library.read_bytes() == _paths.OPERATORS.read_bytes()
    return "ours" if same else "ours, of another build"


def _ignored_by_root(library: Path) -> bool:
    return library.name == _paths.LIBRARY.name and os.geteuid() == 0 and library.stat().st_uid != 0


def _minor(version: str) -> str:
    return ".".join(version.split("+")[0].split(".")[:2])


def _toolkit_version(home: Path) -> str | None:
    paths = [
        *sorted(home.glob("*/ascend_toolkit_install.info")),
        *sorted(home.glob("ascend_toolkit_install.info")),
    ]
    paths += [home / "compiler" / "version.info", home / "runtime" / "version.info", home / "version.cfg"]
    return next((version for path in paths if (version := _read_version(path))), None)


def _read_version(path: Path) -> str | None:
    """Return the first version that a file of lines like `version=8.1.RC1` gives."""
    try:
        found = re.search(r"^(?:version|version_dir)\s*=\s*\[?([\w.+-]+)", path.read_text(), re.M | re.I)
    except OSError:
        return None
    return found.group(1) if found else None
