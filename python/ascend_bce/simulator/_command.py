# SPDX-License-Identifier: Apache-2.0
"""`python -m ascend_bce simulate`: compile a kernel, launch it on arrays, print what was found."""

import argparse
import re
import struct
import sys
from pathlib import Path

import numpy as np

from ascend_bce.simulator import CompileError, Kernel, Run, SimulatorError, compile_kernel

_EPILOG = """\
arrays fill the entry's parameters in the order of the command line, inputs and outputs alike; an ARRAY is
  x.npy                     a file
  float32[1000]             zeros; shapes as in float16[8,128]
  float32[1000]:normal      filled: zeros, ones, normal, uniform (0 to 1), range (0, 1, 2, ...), or a number
  none                      an absent optional input
and may be named, x=ARRAY, which is compared with the entry's own name.

tiling data is a file, hexadecimal bytes (0x...), or the fields of a C struct, laid out as C does:
  --tiling "uint32_t length=1000, float scale=0.5, uint16_t tile[3]=1 2 3"

example:
  python -m ascend_bce simulate add.cpp --input float32[1000]:normal --input float32[1000]:normal \\
      --output float32[1000] --tiling "uint32_t length=1000" --block-dim 8

exit code: 0 without findings, 1 with findings, 2 if the kernel could not be launched.
"""
_FIELDS = {
    "int8_t": "b", "uint8_t": "B", "bool": "?", "int16_t": "h", "uint16_t": "H", "half": "e",
    "int32_t": "i", "uint32_t": "I", "float": "f", "int64_t": "q", "uint64_t": "Q", "double": "d",
    "char": "b", "short": "h", "int": "i", "unsigned": "I", "size_t": "Q",
}  # fmt: skip


class _Array(argparse.Action):
    """Keeps inputs and outputs in one list, in the order of the command line."""

    def __call__(self, parser, namespace, value, option=None) -> None:
        arrays = getattr(namespace, self.dest) or []
        setattr(namespace, self.dest, [*arrays, (option == "--output", value)])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command line."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    parser.add_argument("source", type=Path, help="the file that defines the kernel's entry")
    parser.add_argument("--entry", help="the entry function, if the file has several")
    for option in ("--input", "--output"):
        text = f"an {option[2:]} of the kernel, as below"
        parser.add_argument(option, action=_Array, dest="arrays", metavar="[NAME=]ARRAY", help=text)
    parser.add_argument("--save", type=Path, metavar="DIR", help="write the outputs there, as <name>.npy")
    parser.add_argument("--tiling", default="", help="tiling data, as below")
    parser.add_argument("--tiling-key", type=int, default=0, help="what TILING_KEY_IS compares with")
    parser.add_argument("--workspace", type=int, default=0, metavar="BYTES", help="size of the workspace")
    parser.add_argument("--block-dim", type=int, default=1, metavar="N", help="number of blocks (default: 1)")
    parser.add_argument("--soc", default="Ascend910B1", help="SoC profile (default: Ascend910B1)")
    parser.add_argument("--define", "-D", action="append", default=[], metavar="NAME[=VALUE]")
    parser.add_argument("--include-dir", "-I", action="append", default=[], metavar="DIR")
    parser.add_argument("--checks", default="all", help="all (default), none, or names with commas between")
    parser.add_argument("--threads", type=int, default=0, help="blocks that run at once")
    parser.add_argument("--blocks", default="", metavar="N,...", help="run these blocks only")
    parser.add_argument("--break-on-finding", action="store_true", help="stop in the debugger at a finding")
    parser.add_argument("--debug", action="store_true", help="compile for a debugger (-O0 -g)")
    parser.add_argument("--schedule", default="program", help="program (default) or adversarial")
    parser.add_argument("--seed", type=int, default=0, help="of random inputs and schedule (default: 0)")
    parser.add_argument("--timing", action="store_true", help="model how long the launch takes")
    parser.add_argument("--trace", type=Path, metavar="FILE", help="write the modelled pipes as Chrome trace")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the findings as JSON (-: print)")
    parser.add_argument("--sarif", type=Path, metavar="FILE", help="write the findings as SARIF 2.1.0")


def run(options: argparse.Namespace) -> int:
    """Launch the kernel; return the exit code."""
    try:
        return _run(options)
    except (CompileError, SimulatorError, OSError, TypeError, ValueError) as error:
        print(f"simulate: {error}", file=sys.stderr)
        return 2


def _run(options: argparse.Namespace) -> int:
    kernel = compile_kernel(
        options.source,
        options.entry,
        defines=dict(_definition(text) for text in options.define),
        include_dirs=options.include_dir,
        soc=options.soc,
        debug=options.debug,
    )
    random = np.random.default_rng(options.seed)
    arrays = [_array(kernel, i, text, random) for i, (_, text) in enumerate(options.arrays or [])]
    outputs = [i for i, (is_output, _) in enumerate(options.arrays or []) if is_output]
    result = kernel(
        *arrays,
        workspace_bytes=options.workspace,
        tiling=parse_tiling(options.tiling),
        tiling_key=options.tiling_key,
        block_dim=options.block_dim,
        checks=options.checks,
        blocks=[int(block) for block in options.blocks.split(",") if block],
        break_on_finding=options.break_on_finding,
        threads=options.threads,
        schedule=options.schedule,
        seed=options.seed,
        timing=options.timing or options.trace is not None,
        outputs=outputs,
    )
    named = {kernel.parameters[i]: arrays[i] for i in outputs if arrays[i] is not None}
    _write(options, result, named)
    return 1 if result.findings else 0


def _write(options: argparse.Namespace, result: Run, outputs: dict[str, np.ndarray]) -> None:
    if options.sarif is not None:
        options.sarif.write_text(result.to_sarif())
    if options.json == Path("-"):
        print(result.to_json())
        return
    if options.json is not None:
        options.json.write_text(result.to_json())
    if options.save is not None:
        options.save.mkdir(parents=True, exist_ok=True)
        for name, array in outputs.items():
            np.save(options.save / f"{name}.npy", array)
    for name, array in outputs.items():
        print(
            f"{name} = {np.array2string(array, threshold=16, edgeitems=4)}  # {array.dtype}{[*array.shape]}"
        )
    if result.timing is not None:
        print(result.timing)
        if options.trace is not None:
            result.save_trace(options.trace)
    if result.findings:
        print(result.report())
    count = len(result.findings)
    print("no findings" if count == 0 else f"{count} finding{'s' if count > 1 else ''}")


def _definition(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value or "1"


def _array(kernel: Kernel, index: int, text: str, random: np.random.Generator) -> np.ndarray | None:
    """Make the array for a parameter of the kernel."""
    name, equals, rest = text.partition("=")
    if equals and name.isidentifier():
        text = rest
        expected = kernel.parameters[index] if index < len(kernel.parameters) else "none"
        if name != expected:
            raise ValueError(f"array {index} is named {name}, but parameter {index} is {expected}")
    if text == "none":
        return None
    if text.endswith(".npy"):
        return np.ascontiguousarray(np.load(text))
    match = re.fullmatch(r"(\w+)\[([\d, ]*)\](?::(\S+))?", text)
    if match is None:
        raise ValueError(
            f"{text!r} is no array; write a path that ends in .npy, float32[1000]:normal, or none"
        )
    shape = tuple(int(length) for length in match[2].replace(" ", "").split(",") if length)
    return _filled(match[3] or "zeros", shape, random).astype(_dtype(match[1]))


def _filled(fill: str, shape: tuple[int, ...], random: np.random.Generator) -> np.ndarray:
    if fill == "normal":
        return random.standard_normal(shape)
    if fill == "uniform":
        return random.random(shape)
    if fill == "range":
        return np.arange(np.prod(shape, dtype=int)).reshape(shape)
    try:
        return np.full(shape, {"zeros": 0, "ones": 1}.get(fill) if fill in ("zeros", "ones") else float(fill))
    except ValueError:
        raise ValueError(
            f"{fill!r} fills no array; use zeros, ones, normal, uniform, range or a number"
        ) from None


def _dtype(name: str) -> np.dtype:
    if name == "bfloat16":
        try:
            import ml_dtypes
        except ModuleNotFoundError:
            raise ValueError("bfloat16 arrays need ml_dtypes: pip install ml_dtypes") from None
        return np.dtype(ml_dtypes.bfloat16)
    try:
        return np.dtype(name)
    except TypeError:
        raise ValueError(
            f"{name!r} is no data type; use NumPy's names, such as float32, float16, int32"
        ) from None


def parse_tiling(text: str) -> bytes:
    """Return tiling data: of a file, in hexadecimal, or the fields of a C struct."""
    if not text:
        return b""
    if text.startswith("0x"):
        return bytes.fromhex(text[2:])
    if "=" not in text:
        return Path(text).read_bytes()
    data, alignment = b"", 1
    for field in text.rstrip("; ").split(","):
        match = re.fullmatch(r"\s*(\w+)\s+\w+(?:\[(\d+)\])?\s*=\s*(.+?)\s*", field)
        if match is None or match[1] not in _FIELDS:
            raise ValueError(
                f"--tiling: {field.strip()!r} is no field; write TYPE NAME=VALUE or TYPE NAME[3]=1 2 3, "
                "with one of " + ", ".join(_FIELDS)
            )
        code, count, values = _FIELDS[match[1]], int(match[2] or 1), match[3].split()
        if len(values) != count:
            raise ValueError(f"--tiling: {field.strip()!r} has {len(values)} values for {count} elements")
        numbers = [float(value) if code in "efd" else int(value, 0) for value in values]
        size = struct.calcsize(code)
        data += bytes(-len(data) % size) + struct.pack(f"<{count}{code}", *numbers)
        alignment = max(alignment, size)
    return data + bytes(-len(data) % alignment)
