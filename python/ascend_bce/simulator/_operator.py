# SPDX-License-Identifier: Apache-2.0
"""An operator from its sources: definition, inference and tiling on the host, and the kernel."""

import configparser
import ctypes
import json
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from ascend_bce.simulator import _library
from ascend_bce.simulator._compile import CompileError, build_library, compile_kernel
from ascend_bce.simulator._kernel import Kernel, Run

# Outputs begin as the device's memory does: with anything. These bytes are NaN in every floating-point type.
_OUTPUT_BYTE = 0xFF
_ATTRIBUTE_KINDS = {"bool": 0, "int": 1, "float": 2, "str": 3, "listBool": 4, "listInt": 5, "listFloat": 6}
_LIST_TYPES = {"listBool": np.bool_, "listInt": np.int64, "listFloat": np.float32}


@dataclass(frozen=True)
class Tiling:
    """What the operator's tiling function decided.

    Attributes:
        block_dim: Number of blocks.
        tiling_key: The tiling key.
        workspace_bytes: Size of the workspace.
        data: The tiling data.
        schedule_mode: What it gave to SetScheduleMode.
        column: Index of the data types in the operator's definition.
    """

    block_dim: int
    tiling_key: int
    workspace_bytes: int
    data: bytes
    schedule_mode: int
    column: int


@dataclass(frozen=True)
class OperatorRun(Run):
    """What came of an operator's launch, besides what a Run holds.

    Attributes:
        outputs: The results.
        tiling: How the operator was launched.
    """

    outputs: tuple[np.ndarray, ...] = ()
    tiling: Tiling | None = None


@dataclass(frozen=True)
class _Parameter:
    name: str
    types: list[str]
    optional: bool
    init_value: int | None


@dataclass(frozen=True)
class _Attribute:
    name: str
    type: str
    default: str | None


class Operator:
    """An operator that can be called with NumPy arrays. Made by `compile_operator`.

    Attributes:
        op_type: Its type.
        soc: The SoC profile that it is tiled for and launched on.
    """

    def __init__(
        self, op_type: str, kernel_source: Path, host: list[Path], include_dirs: list[Path], soc: str
    ) -> None:
        """Build the host code and read the definition."""
        self.op_type = op_type
        self.soc = soc
        self._source = kernel_source
        self._include_dirs = include_dirs
        options = [f"-I{folder}" for folder in (*{path.parent for path in host}, *include_dirs)]

        def library(define: str) -> Path:
            return build_library(host, [*options, define])

        definition = library("-DASCEND_SIM_OP_DEFINITIONS")
        self._folder = definition.with_suffix("")
        _run_op_build(definition, self._folder)
        info = _read_definition(self._folder, op_type)
        self._inputs = _parameters(info, "input")
        self._outputs = _parameters(info, "output")
        self._attributes = _attributes(info)
        self._entry = info["opInterface.value"]
        self._built = (self._folder / "simulator_kernels.cmake").read_text()
        self._kernels: dict[int, Kernel] = {}
        self._handle = _library.load().ascend_sim_load_operator(
            str(library("-DOP_TILING_LIB")).encode(),
            str(library("-DOP_PROTO_LIB")).encode(),
            str(next(self._folder.glob("aic-*-ops-info.ini"))).encode(),
            op_type.encode(),
        )
        if not self._handle:
            raise _library.SimulatorError(_library.load().ascend_sim_last_error().decode())

    def __call__(
        self,
        *inputs: np.ndarray | None,
        outputs: Sequence[np.ndarray] | None = None,
        attributes: Mapping[str, object] | None = None,
        **options: Any,
    ) -> OperatorRun:
        """Tile and launch the operator.

        Args:
            *inputs: One per input of the definition, None for an absent optional one.
            outputs: The arrays to write; may be left out if the operator infers their shapes. An output that
                is called as an input is that input.
            attributes: By name; those that are left out have their defaults.
            **options: As for a `Kernel`: checks, blocks, threads, timing, and so on.

        Raises:
            ValueError: The arguments do not fit the operator's definition.
            SimulatorError: Inference or tiling failed; the text is theirs.
        """
        results = self._allocate(inputs, outputs, attributes or {})
        tiling = self._tile(inputs, results, attributes or {})
        kernel = self._kernel(tiling.column)
        run = kernel(
            *inputs,
            *results,
            workspace_bytes=tiling.workspace_bytes,
            tiling=tiling.data,
            block_dim=tiling.block_dim,
            tiling_key=tiling.tiling_key,
            schedule_mode=tiling.schedule_mode,
            outputs=[len(inputs) + i for i in range(len(results))],
            **options,
        )
        known = {field.name: getattr(run, field.name) for field in fields(Run)}
        return OperatorRun(**known, outputs=tuple(results), tiling=tiling)

    def tile(
        self,
        *inputs: np.ndarray | None,
        outputs: Sequence[np.ndarray] | None = None,
        attributes: Mapping[str, object] | None = None,
    ) -> Tiling:
        """Run the tiling alone, with the arguments of a call."""
        return self._tile(inputs, self._allocate(inputs, outputs, attributes or {}), attributes or {})

    def _allocate(
        self,
        inputs: Sequence[np.ndarray | None],
        outputs: Sequence[np.ndarray] | None,
        attributes: Mapping[str, object],
    ) -> list[np.ndarray]:
        """Return the outputs: those that were given, or new ones of the inferred shapes."""
        for what, given, expected in (("inputs", inputs, self._inputs), ("outputs", outputs, self._outputs)):
            if given is not None and len(given) != len(expected):
                names = ", ".join(parameter.name for parameter in expected)
                raise ValueError(f"{self.op_type} has the {what} {names}, but {len(given)} were passed")
        if outputs is not None:
            return list(outputs)
        column = self._column(inputs)
        call = _Call(self, inputs, [(output.types[column], (), None) for output in self._outputs], attributes)
        shapes = (ctypes.c_int64 * (_library.MAX_RANK * len(self._outputs)))()
        ranks = (ctypes.c_uint32 * len(self._outputs))()
        if not self._call("ascend_sim_infer_shapes", call, shapes, ranks):
            raise ValueError(f"{self.op_type} infers no shapes (SetInferShape); pass outputs=[...]")
        results = []
        for i, output in enumerate(self._outputs):
            shape = tuple(shapes[i * _library.MAX_RANK : i * _library.MAX_RANK + ranks[i]])
            results.append(self._allocate_one(output, shape, column, inputs))
        return results

    def _allocate_one(
        self, output: _Parameter, shape: tuple[int, ...], column: int, inputs: Sequence[np.ndarray | None]
    ) -> np.ndarray:
        for parameter, array in zip(self._inputs, inputs, strict=True):
            if parameter.name == output.name and array is not None:
                return array  # computed in place
        result = np.empty(shape, _numpy_type(output.types[column]))
        byte = _OUTPUT_BYTE if output.init_value is None else output.init_value
        result.reshape(-1).view(np.uint8)[:] = byte
        return result

    def _column(self, inputs: Sequence[np.ndarray | None]) -> int:
        """Return the first column of data types that the inputs fit."""
        for column in range(len((self._inputs or self._outputs)[0].types)):
            if all(
                array is None or array.dtype.name == parameter.types[column]
                for parameter, array in zip(self._inputs, inputs, strict=True)
            ):
                return column
        given = ", ".join("none" if array is None else array.dtype.name for array in inputs)
        columns = [", ".join(types) for types in zip(*(p.types for p in self._inputs), strict=True)]
        raise ValueError(f"{self.op_type} does not take ({given}); its inputs are ({') or ('.join(columns)})")

    def _tile(
        self,
        inputs: Sequence[np.ndarray | None],
        outputs: Sequence[np.ndarray],
        attributes: Mapping[str, object],
    ) -> Tiling:
        described = [(array.dtype.name, array.shape, None) for array in outputs]
        raw = _library.TilingStruct()
        self._call("ascend_sim_tile", _Call(self, inputs, described, attributes), ctypes.byref(raw))
        return Tiling(
            block_dim=raw.block_dim,
            tiling_key=raw.tiling_key,
            workspace_bytes=raw.workspace_bytes,
            data=ctypes.string_at(raw.data, raw.data_bytes),
            schedule_mode=raw.schedule_mode,
            column=raw.column,
        )

    def _call(self, function: str, call: "_Call", *results: object) -> int:
        """Call the host code as on the operator's SoC."""
        before = _library.load().ascend_sim_get_soc()
        _library.call("ascend_sim_set_soc", self.soc.encode())
        try:
            return _library.call(function, self._handle, ctypes.byref(call.struct), *results)
        finally:
            _library.call("ascend_sim_set_soc", before)

    def _kernel(self, column: int) -> Kernel:
        """Return the kernel for a column of data types."""
        if column not in self._kernels:
            defines = dict(
                text.split("=", 1) for text in re.findall(r'"([^"]*)"', self._setting(f"DEFINES_{column}"))
            )
            source, flags = self._source, []
            if header := self._setting("TILING_HEADER").strip(' "'):
                flags = ["-include", header]
            if entry := self._setting("ENTRY").strip(' "'):
                defines["ASCEND_SIM_KERNEL_SOURCE"] = f'"{source}"'
                source = Path(entry)
            kernel = compile_kernel(
                source,
                self._entry,
                defines=defines,
                include_dirs=[self._source.parent, *self._include_dirs],
                soc=self.soc,
                flags=flags,
            )
            names = [parameter.name for parameter in (*self._inputs, *self._outputs)]
            if len(kernel.parameters) == len(names) + 2:
                kernel.parameters[:-2] = names
                kernel.parameters[-2:] = ["workspace", "tiling"]
            self._kernels[column] = kernel
        return self._kernels[column]

    def _setting(self, name: str) -> str:
        match = re.search(rf"^set\(ASCEND_SIM_OP_{self.op_type}_{name}\b(.*)\)$", self._built, re.MULTILINE)
        return match[1] if match else ""


class _Call:
    """AscendSimCall, and what it points to."""

    def __init__(
        self,
        op: Operator,
        inputs: Sequence[np.ndarray | None],
        outputs: Sequence[tuple[str, tuple[int, ...], None]],
        attributes: Mapping[str, object],
    ) -> None:
        unknown = set(attributes) - {attribute.name for attribute in op._attributes}
        if unknown:
            known = ", ".join(attribute.name for attribute in op._attributes) or "none"
            raise ValueError(f"{op.op_type} has no attribute {', '.join(sorted(unknown))}; it has: {known}")
        self._kept: list[object] = []
        given = [None if array is None else (array.dtype.name, array.shape, array) for array in inputs]
        self.struct = _library.CallStruct(
            inputs=(_library.TensorStruct * len(given))(*map(self._tensor, given)),
            outputs=(_library.TensorStruct * len(outputs))(*map(self._tensor, outputs)),
            attributes=(_library.AttributeStruct * len(op._attributes))(
                *(self._attribute(op, attribute, attributes) for attribute in op._attributes)
            ),
            input_count=len(given),
            output_count=len(outputs),
            attribute_count=len(op._attributes),
        )

    def _tensor(self, given: tuple[str, tuple[int, ...], Any] | None) -> _library.TensorStruct:
        if given is None:
            return _library.TensorStruct()
        name, shape, array = given
        dimensions = (ctypes.c_int64 * len(shape))(*shape)
        data = None if array is None else array.ctypes.data
        self._kept += [dimensions, array]
        return _library.TensorStruct(name.encode(), dimensions, len(shape), data)

    def _attribute(
        self, op: Operator, attribute: _Attribute, given: Mapping[str, object]
    ) -> _library.AttributeStruct:
        value: Any = given.get(attribute.name)
        if attribute.name not in given:
            if attribute.default is None:
                raise ValueError(f"{op.op_type} needs the attribute {attribute.name}")
            value = _parse_default(attribute)
        raw = _library.AttributeStruct(kind=_ATTRIBUTE_KINDS[attribute.type])
        if attribute.type in ("bool", "int"):
            raw.integer = int(value)
        elif attribute.type == "float":
            raw.number = float(value)
        elif attribute.type == "str":
            raw.text = str(value).encode()
        else:
            values = np.ascontiguousarray(value, _LIST_TYPES[attribute.type])
            self._kept.append(values)
            raw.values, raw.count = values.ctypes.data, values.size
        return raw


def compile_operator(
    op_host: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    op_kernel: str | os.PathLike[str],
    op_type: str | None = None,
    include_dirs: Sequence[str | os.PathLike[str]] = (),
    soc: str = "Ascend910B1",
) -> Operator:
    """Build an operator from its sources: what `op_host/` and `op_kernel/` of a custom-op project hold.

    Args:
        op_host: The sources with the operator's definition (OP_ADD), inference and tiling.
        op_kernel: The source that defines the kernel's entry.
        op_type: The operator's type; may be left out if the sources define one operator.
        include_dirs: Further folders for `#include`.
        soc: The SoC to stand in for, by the name of its profile.

    Returns:
        The operator. Called with arrays, it infers the shapes of the outputs, runs the tiling, picks the
        kernel for the data types, and launches it with the block_dim, tiling key, tiling data, workspace and
        schedule mode of the tiling, as CANN would.

    Raises:
        CompileError: The host code does not compile, or its definition contradicts itself.
        ValueError: The sources do not define the operator, or define several and none was named.
    """
    host = [op_host] if isinstance(op_host, (str, os.PathLike)) else list(op_host)
    paths = [Path(path).resolve() for path in host]
    if op_type is None:
        op_type = _only_operator(paths)
    return Operator(
        op_type, Path(op_kernel).resolve(), paths, [Path(folder).resolve() for folder in include_dirs], soc
    )


def _only_operator(paths: list[Path]) -> str:
    names = [
        name for path in paths for name in re.findall(r"^\s*OP_ADD\((\w+)", path.read_text(), re.MULTILINE)
    ]
    if len(names) != 1:
        found = ", ".join(names) or "none"
        raise ValueError(
            f"the operators of {', '.join(map(str, paths))} are: {found}; name one with op_type="
        )
    return names[0]


def _run_op_build(library: Path, folder: Path) -> None:
    """Write what follows from the definitions of a library, unless it is there already."""
    done = folder / "simulator_kernels.cmake"
    if done.exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    tool = _library.home() / "tools" / "opbuild" / "op_build"
    if not tool.exists():
        raise _library.SimulatorError(f"{tool} is missing: the simulator is incomplete, install it again")
    environment = {**os.environ, "OPS_ACLNN_GEN": "0"}
    result = subprocess.run(
        [str(tool), str(library), str(folder)], capture_output=True, text=True, check=False, env=environment
    )
    if result.returncode != 0:
        raise CompileError(result.stderr.strip())


def _read_definition(folder: Path, op_type: str) -> Mapping[str, str]:
    parser = configparser.RawConfigParser(delimiters=("=",), strict=False)
    parser.optionxform = str  # keys keep their case
    for path in sorted(folder.glob("aic-*-ops-info.ini"))[:1]:
        parser.read(path)
    if op_type not in parser:
        raise ValueError(f"the sources define {', '.join(parser.sections())}, but not {op_type}")
    return parser[op_type]


def _parameters(info: Mapping[str, str], kind: str) -> list[_Parameter]:
    parameters = []
    while f"{kind}{len(parameters)}.name" in info:
        prefix = f"{kind}{len(parameters)}."
        value = info.get(prefix + "initValue")
        parameters.append(
            _Parameter(
                name=info[prefix + "name"],
                types=info[prefix + "dtype"].split(","),
                optional=info.get(prefix + "paramType") == "optional",
                init_value=None if value is None else int(value) & 0xFF,
            )
        )
    return parameters


def _attributes(info: Mapping[str, str]) -> list[_Attribute]:
    names = info.get("attr.list", "").split(",")
    return [
        _Attribute(name, info[f"attr_{name}.type"], info.get(f"attr_{name}.defaultValue"))
        for name in names
        if name
    ]


def _parse_default(attribute: _Attribute) -> object:
    text = attribute.default or ""
    if attribute.type == "str":
        return text
    return json.loads(text.lower() or "0")


def _numpy_type(name: str) -> np.dtype:
    if name == "bfloat16":
        import ml_dtypes

        return np.dtype(ml_dtypes.bfloat16)
    return np.dtype(name)
