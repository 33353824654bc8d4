# SPDX-License-Identifier: Apache-2.0
"""The command line: `python -m ascend_bce COMMAND`."""

import argparse
import os
import sys
from pathlib import Path

from ascend_bce import _doctor, _npu_sim, _vendor
from ascend_bce._bench import _cases, _suite
from ascend_bce._bench._suite import DTYPES


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
    demo.add_argument(
        "--device",
        choices=("cpu", "npu-sim"),
        default="cpu",
        help="where torch trains with our kernels: on the CPU, or under torch_npu on a simulated NPU",
    )
    demo.add_argument("--epochs", type=int, default=30, help="passes over the training data (default: 30)")
    demo.add_argument(
        "--output",
        type=Path,
        default=Path("ascend-bce-demo.png"),
        help="picture of both loss curves to write (default: ascend-bce-demo.png)",
    )
    demo.set_defaults(run=_demo)

    bench = commands.add_parser(
        "bench",
        help="compare our operators' times with those of others",
        description="Measure our losses beside those of the installed frameworks on this machine, or, with "
        "--modelled, model our operators beside CANN's on an NPU. Options that choose (elements, dtypes, "
        "reductions, weights, passes) replace the standard cases by every combination of what they name.",
    )
    _add_bench_arguments(bench)

    _vendor.add_commands(commands)
    _doctor.add_command(commands)
    _npu_sim.add_command(commands)
    if (sys.argv[1:] if arguments is None else arguments)[:1] not in (["env"], ["install"], ["doctor"]):
        _add_simulate(commands)

    options = parser.parse_args(arguments)
    return options.run(options)


def _demo(options: argparse.Namespace) -> int:
    if options.epochs < 1:
        print(f"--epochs {options.epochs}: at least one epoch is needed", file=sys.stderr)
        return 2
    module = options.framework
    if options.device == "npu-sim":
        if options.framework != "torch":
            print(f"--device npu-sim: torch trains there, but not {options.framework}", file=sys.stderr)
            return 2
        if not _npu_sim.load_torch_npu():
            return 1
        module = "torch_npu"
    try:
        from ascend_bce import _demo as demo
    except ModuleNotFoundError as error:
        print(f"The demo needs {error.name}: pip install 'ascend-bce[demo]'", file=sys.stderr)
        return 1
    try:
        return demo.run(options.framework, options.epochs, options.output, module)
    except ModuleNotFoundError as error:
        if error.name != options.framework:
            raise
        print(f"The demo needs {error.name}: pip install 'ascend-bce[demo,{error.name}]'", file=sys.stderr)
        return 1


def _add_simulate(commands: argparse._SubParsersAction) -> None:
    from ascend_bce.simulator import _command  # imports NumPy, which a sick machine may lack

    simulate = commands.add_parser(
        "simulate",
        help="compile an AscendC kernel, launch it on the simulator, and print what was found",
        description="Compile an AscendC kernel, launch it on the simulator, and print what was found.",
    )
    _command.add_arguments(simulate)
    simulate.set_defaults(run=_command.run)


def _add_bench_arguments(bench: argparse.ArgumentParser) -> None:
    bench.add_argument(
        "--elements", nargs="+", type=_elements, metavar="N", help="how many logits: 1000, 64K, 16M, ..."
    )
    bench.add_argument("--dtypes", nargs="+", choices=DTYPES, help="types of logits and targets")
    bench.add_argument("--csv", type=Path, metavar="FILE", help="append measurements, or write the model")

    measured = bench.add_argument_group("measured")
    measured.add_argument(
        "--frameworks", nargs="+", choices=_suite.FRAMEWORKS, help="default: those that are installed"
    )
    measured.add_argument("--reductions", nargs="+", choices=_suite.REDUCTIONS)
    measured.add_argument("--weights", nargs="+", choices=_suite.WEIGHTS)
    measured.add_argument("--passes", nargs="+", choices=_suite.PASSES)
    measured.add_argument("--threads", nargs="+", type=int, help="values of OMP_NUM_THREADS (default: all)")
    measured.add_argument("--seconds", type=float, help="how long to measure a case (default: 2)")
    measured.add_argument("--quick", action="store_true", help="two sizes of one case: a minute")
    measured.add_argument("--alone", action="store_true", help="ours only, in each framework's process")
    measured.add_argument("--label", default="", metavar="TEXT", help="for the column label of FILE")

    modelled = bench.add_argument_group("modelled")
    modelled.add_argument("--modelled", action="store_true", help="on the simulator's timing model of an NPU")
    modelled.add_argument("--soc", nargs="+", help=f"SoC profiles (default: {' '.join(_cases.SOCS)})")
    bench.set_defaults(run=lambda options: _bench(bench, options))


def _bench(bench: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    others = (
        "frameworks",
        "reductions",
        "weights",
        "passes",
        "threads",
        "seconds",
        "quick",
        "alone",
        "label",
    )
    foreign = others if options.modelled else ("soc",)
    for name in foreign:
        if getattr(options, name):
            bench.error(f"--{name} {'does not go' if options.modelled else 'goes'} with --modelled")
    try:
        return _bench_modelled(bench, options) if options.modelled else _bench_measured(bench, options)
    except ModuleNotFoundError as error:
        print(f"The benchmark needs {error.name}: pip install 'ascend-bce[bench]'", file=sys.stderr)
        return 1


def _bench_modelled(bench: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    for elements in options.elements or ():
        if elements % _cases.POS_WEIGHTS:
            bench.error(f"--elements: {elements} is not a multiple of {_cases.POS_WEIGHTS}")
    from ascend_bce._bench import _table

    _table.run(
        options.soc or _cases.SOCS, options.dtypes or DTYPES, options.elements or _cases.ELEMENTS, options.csv
    )
    return 0


def _bench_measured(bench: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    from ascend_bce._bench import _measured

    frameworks = options.frameworks or _measured.installed(_suite.FRAMEWORKS)
    missing = set(frameworks) - set(_measured.installed(frameworks))
    if missing or not frameworks:
        bench.error(f"--frameworks: {', '.join(sorted(missing)) or 'none of them'} not installed")
    choices = options.elements, options.dtypes, options.reductions, options.weights, options.passes
    if options.quick and any(choices):
        bench.error("--quick chooses the cases by itself")
    if options.quick:
        cases = _suite.quick()
    else:
        cases = _suite.chosen(*choices) if any(choices) else _suite.standard()
    threads = options.threads or [int(os.environ.get("OMP_NUM_THREADS", len(os.sched_getaffinity(0))))]
    seconds = 2.0 if options.seconds is None else options.seconds
    _measured.run(cases, frameworks, threads, seconds, options.csv, options.label, options.alone)
    return 0


def _elements(text: str) -> int:
    units = {"K": 2**10, "M": 2**20}
    number, unit = (text[:-1], units[text[-1]]) if text[-1:] in units else (text, 1)
    if not number.isdecimal() or int(number) == 0:
        raise argparse.ArgumentTypeError(f"{text} is not a number of elements like 1000, 64K or 16M")
    return int(number) * unit


if __name__ == "__main__":
    sys.exit(main())
