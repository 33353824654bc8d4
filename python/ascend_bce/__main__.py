# SPDX-License-Identifier: Apache-2.0
"""The command line: `python -m ascend_bce COMMAND`."""

import argparse
import sys
from pathlib import Path

from ascend_bce._bench._cases import DTYPES, ELEMENTS, POS_WEIGHTS, SOCS
from ascend_bce.simulator import _command


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m ascend_bce", description=sys.modules["ascend_bce"].__doc__
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    demo = commands.add_parser(
        "demo",
        help="train a small classifier with a framework's loss and with ours, and compare the two",
    )
    demo.add_argument(
        "--framework",
        choices=("torch", "mindspore", "paddle"),
        default="torch",
        help="the framework to train in (default: torch)",
    )
    demo.add_argument("--epochs", type=int, default=30, help="passes over the training data (default: 30)")
    demo.add_argument(
        "--output",
        type=Path,
        default=Path("ascend-bce-demo.png"),
        help="picture of both loss curves to write (default: ascend-bce-demo.png)",
    )
    demo.set_defaults(run=_demo)

    bench = commands.add_parser("bench", help="compare our operators' times with the built-in operators'")
    bench.add_argument(
        "--modelled",
        action="store_true",
        required=True,
        help="on the simulator's timing model, which is the only way there is",
    )
    bench.add_argument("--soc", nargs="+", default=SOCS, help=f"SoC profiles (default: {' '.join(SOCS)})")
    bench.add_argument("--dtype", nargs="+", default=DTYPES, choices=DTYPES, help="default: all")
    bench.add_argument(
        "--elements",
        nargs="+",
        type=_elements,
        default=ELEMENTS,
        help=f"default: {' '.join(map(str, ELEMENTS))}",
    )
    bench.add_argument("--csv", type=Path, metavar="FILE", help="write the table there as well")
    bench.set_defaults(run=_bench)

    simulate = commands.add_parser(
        "simulate",
        help="compile an AscendC kernel, launch it on the simulator, and print what was found",
        description="Compile an AscendC kernel, launch it on the simulator, and print what was found.",
    )
    _command.add_arguments(simulate)
    simulate.set_defaults(run=_command.run)

    options = parser.parse_args(arguments)
    return options.run(options)


def _demo(options: argparse.Namespace) -> int:
    if options.epochs < 1:
        print(f"--epochs {options.epochs}: at least one epoch is needed", file=sys.stderr)
        return 2
    try:
        from ascend_bce import _demo as demo
    except ModuleNotFoundError as error:
        print(f"The demo needs {error.name}: pip install 'ascend-bce[demo]'", file=sys.stderr)
        return 1
    try:
        return demo.run(options.framework, options.epochs, options.output)
    except ModuleNotFoundError as error:
        if error.name != options.framework:
            raise
        print(f"The demo needs {error.name}: pip install 'ascend-bce[demo,{error.name}]'", file=sys.stderr)
        return 1


def _bench(options: argparse.Namespace) -> int:
    try:
        from ascend_bce._bench import _table
    except ModuleNotFoundError as error:
        print(f"The benchmark needs {error.name}: pip install 'ascend-bce[bench]'", file=sys.stderr)
        return 1
    _table.run(options.soc, options.dtype, options.elements, options.csv)
    return 0


def _elements(text: str) -> int:
    elements = int(text)
    if elements < POS_WEIGHTS or elements % POS_WEIGHTS:
        raise argparse.ArgumentTypeError(f"{elements} is not a multiple of {POS_WEIGHTS}")
    return elements


if __name__ == "__main__":
    sys.exit(main())
