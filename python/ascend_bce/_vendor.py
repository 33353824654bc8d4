# SPDX-License-Identifier: Apache-2.0
"""Puts the operator package where CANN and its frameworks find it: `python -m ascend_bce env` and `install`.

They look for packages in ASCEND_CUSTOM_OPP_PATH, which torch_npu reads while it is loaded, and `import torch`
loads it: the variable must be set before Python starts. And in the folder opp/vendors of the toolkit.
"""

import argparse
import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from . import _cann, _paths
from ._paths import LIBRARY, VENDOR


def add_commands(commands: argparse._SubParsersAction) -> None:
    """Add `env` and `install` to the command line."""
    env = commands.add_parser(
        "env",
        help="print the shell commands that let CANN's frameworks use our operators",
        description="Print what a shell has to evaluate, before Python starts, to let CANN's frameworks use "
        'our operators in the place of the built-in ones: eval "$(python -m ascend_bce env)"',
    )
    env.add_argument(
        "--path", type=Path, help="the folder of `install --path` (default: this Python package)"
    )
    env.add_argument("--undo", action="store_true", help="print what takes it back")
    env.set_defaults(run=_print_environment)

    install = commands.add_parser(
        "install",
        help="copy our operators to where CANN finds them",
        description="Copy our operators to the toolkit's folder opp/vendors, where they come before the "
        "built-in ones from then on for everybody who uses that toolkit, or to a folder of your own.",
    )
    install.add_argument("--path", type=Path, help="a folder of your own; the toolkit is left as it is")
    install.add_argument("--uninstall", action="store_true", help="take it back")
    install.set_defaults(run=_install_or_uninstall)


def exports(package: Path, environment: Mapping[str, str], undo: bool = False) -> str:
    """Return the shell commands that make a package the first one, or that take it out again."""
    lines = []
    for variable, entry in ("ASCEND_CUSTOM_OPP_PATH", package), ("LD_LIBRARY_PATH", package / LIBRARY.parent):
        others = [path for path in environment.get(variable, "").split(":") if path and Path(path) != entry]
        paths = others if undo else [str(entry), *others]
        lines.append(f"export {variable}={shlex.quote(':'.join(paths))}" if paths else f"unset {variable}")
    return "\n".join(lines)


def install(source: Path, root: Path, in_toolkit: bool) -> Path:
    """Copy a package into a folder's `vendors`, in the place of an older one, and return where it is.

    Args:
        source: The package, a folder named like its vendor.
        root: CANN's folder `opp`, or one of the user's.
        in_toolkit: Whether it is the former, whose vendors stand in an order of priority; elsewhere a script
            to be sourced is written, as CANN's own installer does.
    """
    vendors = root / "vendors"
    vendors.mkdir(parents=True, exist_ok=True)
    package = vendors / source.name
    with tempfile.TemporaryDirectory(dir=vendors) as folder:
        copy = shutil.copytree(source, Path(folder, "new"), symlinks=True)
        if not in_toolkit:
            (copy / "bin").mkdir()
            script = "#!/bin/bash\n" + _late_exports(package)
            (copy / "bin" / "set_env.bash").write_text(script)
        if package.exists():
            package.rename(Path(folder, "old"))
        copy.rename(package)
    if in_toolkit:
        _change_priority(vendors / "config.ini", source.name, first=True)
    return package


def uninstall(root: Path, vendor: str = VENDOR) -> bool:
    """Remove what `install` has put there, and tell whether there was anything."""
    vendors = root / "vendors"
    package = vendors / vendor
    found = package.exists()
    if found:
        shutil.rmtree(package)
    if (vendors / "config.ini").exists():
        _change_priority(vendors / "config.ini", vendor, first=False)
    return found


def _late_exports(package: Path) -> str:
    # Evaluated when sourced, whatever the variables hold by then.
    return (
        f"export ASCEND_CUSTOM_OPP_PATH={shlex.quote(str(package))}"
        "${ASCEND_CUSTOM_OPP_PATH:+:$ASCEND_CUSTOM_OPP_PATH}\n"
        f"export LD_LIBRARY_PATH={shlex.quote(str(package / LIBRARY.parent))}"
        "${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}\n"
    )


def _change_priority(config: Path, vendor: str, first: bool) -> None:
    others = [other for other in _cann.read_priority(config) if other != vendor]
    vendors = [vendor, *others] if first else others
    lines = config.read_text().splitlines() if config.exists() else []
    lines = [line for line in lines if line.partition("=")[0].strip() != _cann.PRIORITY]
    if vendors:
        lines.insert(0, f"{_cann.PRIORITY}={','.join(vendors)}")
    if lines:
        config.write_text("\n".join(lines) + "\n")
    else:
        config.unlink(missing_ok=True)


def _print_environment(options: argparse.Namespace) -> int:
    package = _paths.VENDOR_PACKAGE if options.path is None else options.path.resolve() / "vendors" / VENDOR
    if not options.undo and not (package / LIBRARY).exists():
        return _fail(f"there is no operator package in {package}")
    print(exports(package, os.environ, options.undo))
    if sys.stdout.isatty():
        print('# To do it, rather than read it: eval "$(python -m ascend_bce env)"')
    return 0


def _install_or_uninstall(options: argparse.Namespace) -> int:
    in_toolkit = options.path is None
    root = _cann.operator_packages() if in_toolkit else options.path.resolve()
    if root is None:
        return _fail("no CANN was found: source its set_env.sh first, or name a folder with --path")
    if in_toolkit and not root.is_dir():
        return _fail(f"{root}, where CANN's operators should be, is no folder: is ASCEND_OPP_PATH right?")
    try:
        if options.uninstall:
            found = uninstall(root)
            print(f"Removed from {root}" if found else f"There was nothing to remove in {root}")
            return 0
        if not _paths.OPERATORS.exists():
            return _fail(f"{_paths.OPERATORS} is missing: build ascend-bce first, pip install .")
        if in_toolkit and _paths.SIMULATOR.exists():
            return _fail(
                "this ascend-bce was built for the simulator, whose operators are of no use to an NPU. "
                "Reinstall it with CANN's set_env.sh sourced: pip install --force-reinstall --no-deps ."
            )
        package = install(_paths.VENDOR_PACKAGE, root, in_toolkit)
    except PermissionError as error:
        return _fail(f"{error.filename or root}: permission denied. Ask who owns it, or use --path")
    print(f"Installed into {package}, from where it comes before the built-in operators.")
    undo = "python -m ascend_bce install --uninstall"
    if in_toolkit:
        print(f"To take it back: {undo}")
    else:
        print(f"Before Python starts: source {shlex.quote(str(package / 'bin' / 'set_env.bash'))}")
        print(f"To take it back: {undo} --path {shlex.quote(str(root))}")
    return 0


def _fail(text: str) -> int:
    print(f"ascend-bce: {text}", file=sys.stderr)
    return 1
