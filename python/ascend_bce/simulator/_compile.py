# SPDX-License-Identifier: Apache-2.0
"""From AscendC source to a shared library that the simulator can launch."""

import atexit
import hashlib
import os
import re
import shlex
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

from ascend_bce.simulator import _library
from ascend_bce.simulator._kernel import Kernel
from ascend_bce.simulator._lint import lint
from ascend_bce.simulator._parameters import Parameter

_FLAGS = (
    "-std=c++17", "-O2", "-g1", "-fPIC", "-fvisibility=hidden", "-fvisibility-inlines-hidden",
    # Fast and checked kernels of one name live in one process: nothing of them may be shared.
    "-fno-gnu-unique",
    # Results must not depend on what the compiler fuses.
    "-ffp-contract=off",
    "-DASCENDC_CPU_DEBUG=1", "-D__CCE_KT_TEST__=1", "-DASCENDC_TPL_KERNEL",
)  # fmt: skip
# A kernel may be called what a function of the C library is called.
_LINK_FLAGS = ("-shared", "-Wl,-Bsymbolic")
_HOST_FLAGS = (
    "-std=c++17",
    "-O1",
    "-fPIC",
    "-shared",
    "-fvisibility=hidden",
    "-Wl,-z,lazy",
    "-ffp-contract=off",
)
# What kernels include. It takes most of the time that compiling a short one does, so a process that compiles
# more than a few has it compiled beforehand, which takes as long as it saves in four of them.
_HEADER = '#include "kernel_operator.h"\n'
_FEW = 4
_ENTRY = "ascend_sim_entry"
# Functions of the C library whose names kernels have as well, with other parameters.
_C_FUNCTIONS = ("abs", "div", "index", "remove", "rename", "select", "time")
# Entries may be templates, have C++ names, and take pointers of any type and values; what is launched is
# always this, with the address of each value.
_UNIT = """\
{source}
#include <cstdint>
#include <cstring>
#include <type_traits>
struct AscendSimArgument {{
    void* address;
    template <class T>
    operator T*() const {{ return static_cast<T*>(address); }}
    template <class T, std::enable_if_t<!std::is_pointer<T>::value, int> = 0>
    operator T() const
    {{
        T value;
        std::memcpy(static_cast<void*>(&value), address, sizeof(T));
        return value;
    }}
}};
{sizes}extern "C" __global__ void ascend_sim_entry({declared})
{{
    {entry}({passed});
}}
"""
# How large the values are, if the entry takes any.
_SIZES = """\
template <class... T>
struct AscendSimSizes {{
    uint32_t bytes[sizeof...(T) + 1];
}};
template <class... T>
constexpr AscendSimSizes<T...> AscendSimSizesOf(void (*)(T...))
{{
    return {{{{sizeof(T)..., 0}}}};
}}
extern "C" __global__ const auto ascend_sim_parameter_sizes = AscendSimSizesOf(&{entry});
"""


_compilations: Counter[tuple[str, ...]] = Counter()


class CompileError(RuntimeError):
    """The compiler refused a kernel; the text is the compiler's."""


def compile_kernel(
    source: str | os.PathLike[str],
    entry: str | None = None,
    defines: Mapping[str, object] | None = None,
    include_dirs: Sequence[str | os.PathLike[str]] = (),
    soc: str = "Ascend910B1",
    flags: Sequence[str] = (),
    debug: bool = False,
) -> Kernel:
    """Compile an AscendC kernel for the simulator.

    Args:
        source: Path of the file that defines the kernel's entry.
        entry: Name of the entry function, which may also take values besides GM addresses; may be left out if
            the file has one. For an entry that is a function template, with its arguments: `"add<half, 2>"`.
        defines: Macros, for instance `{"DTYPE_X": "float"}`.
        include_dirs: Further folders for `#include`.
        soc: The SoC to stand in for, by the name of its profile.
        flags: Further flags of the compiler.
        debug: Whether to compile for a debugger: without optimisation, with debug information.

    Returns:
        The kernel. It is compiled on its first launch, once with and once without checks as launches ask for;
        compiled kernels are kept in `$XDG_CACHE_HOME/ascend_bce` (`~/.cache/ascend_bce`). The compiler
        is `g++` or what CXX names; ASCEND_SIM_KERNEL_FLAGS adds flags.

    Raises:
        ValueError: The entry is not in the source, or there are several and none was named.
        SimulatorError: There is no such SoC profile, or no simulator.
    """
    path = Path(source).resolve()
    name, parameters = _find_entry(path, entry)
    declared = ", ".join(f"GM_ADDR a{i}" for i in range(len(parameters)))
    passed = ", ".join(f"AscendSimArgument{{a{i}}}" for i in range(len(parameters)))
    has_values = any(parameter.value_type is not None for parameter in parameters)
    unit = _UNIT.format(
        source=_source(path, name),
        sizes=_SIZES.format(entry=entry or name) if has_values else "",
        entry=entry or name,
        declared=declared,
        passed=passed,
    )
    includes_header = _HEADER.strip() in path.read_text()
    options = [f"-D{key}={value}" for key, value in (defines or {}).items()]
    options += [f"-I{Path(folder).resolve()}" for folder in (path.parent, *include_dirs)]
    options += [*flags, *(("-O0", "-g") if debug else ())]
    folders = [path.parent, *(Path(folder).resolve() for folder in include_dirs)]
    return Kernel(
        name,
        _ENTRY,
        parameters,
        soc,
        lambda checked: _build(unit, _checked_flags(checked), options, includes_header),
        lambda: lint(path, folders, name),
    )


def _checked_flags(checked: bool) -> list[str]:
    # A checked kernel spends its time in the checks: more than -O1 only takes longer to compile.
    return ["-DASCEND_SIM_CHECKED", "-O1"] if checked else []


def _source(path: Path, name: str) -> str:
    """Return how the unit takes in the kernel's source."""
    text = path.read_text()
    source = f'#include "{path}"'
    if "<<<" in text:
        # The host's part of the file launches kernels; here it is compiled only, so a plain call will do.
        called = re.sub(r"<<<[^;{}]*?>>>", lambda launch: "\n" * launch[0].count("\n"), text)
        source = f'#line 1 "{path}"\n{called}'
    if name in _C_FUNCTIONS:
        source = f'#include "kernel_operator.h"\n#define {name} ascend_kernel_{name}\n{source}'
    return source


def _find_entry(path: Path, entry: str | None) -> tuple[str, list[Parameter]]:
    """Return the name of the kernel's entry and its parameters."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", path.read_text(), flags=re.DOTALL)
    entries = {
        match[1]: [Parameter.parse(declared) for declared in match[2].split(",") if declared.strip()]
        for match in re.finditer(
            r"__global__(?:[^;{()]|\b__\w+__\s*\([^()]*\))*?\b(?!__)(\w+)\s*\(([^()]*)\)\s*\{", text
        )
    }
    if not entries:
        raise ValueError(f"{path} defines no kernel: no function with __global__ and a body was found")
    if entry is None:
        if len(entries) > 1:
            raise ValueError(f"{path} defines several kernels ({', '.join(entries)}); name one with entry=")
        return next(iter(entries.items()))
    name = entry.split("<")[0].strip()
    if name not in entries:
        raise ValueError(f"{path} does not define {name}; its kernels are {', '.join(entries)}")
    return name, entries[name]


def build_library(sources: Sequence[Path], options: list[str]) -> Path:
    """Compile host code to a library; its undefined symbols are the simulator's, or op_build's."""
    return _cached(_command(_HOST_FLAGS, options), list(map(str, sources)), "", [], list)


def _build(unit: str, checked_flags: list[str], options: list[str], includes_header: bool) -> Path:
    """Compile a translation unit of a kernel."""
    link = ["-x", "none", *_LINK_FLAGS, f"-L{_library.home() / 'lib'}", "-lascend_simulator"]
    common = tuple(_command(_FLAGS, checked_flags)) if includes_header else ()
    command = _command(_FLAGS, [*checked_flags, *options])
    return _cached(command, ["-x", "c++", "-"], unit, link, lambda: _precompiled_header(common))


def _precompiled_header(command: tuple[str, ...]) -> list[str]:
    """Return the options that make the compiler take kernel_operator.h as it was compiled before, if it was.

    Where a kernel's own options change what the header says, g++ notices, and reads the header itself.
    """
    if not command or "clang" in command[0]:  # which refuses where g++ falls back
        return []
    _compilations[command] += 1
    return ["-include", str(_precompile(command))] if _compilations[command] > _FEW else []


@cache
def _precompile(command: tuple[str, ...]) -> Path:
    folder = tempfile.TemporaryDirectory(prefix="ascend_bce_")
    atexit.register(folder.cleanup)
    header = Path(folder.name) / "kernel_operator_first.h"
    header.write_text(_HEADER)
    _run([*command, "-x", "c++-header", str(header), "-o", f"{header}.gch"], "")
    return header


def _command(flags: Sequence[str], options: list[str]) -> list[str]:
    compiler = shlex.split(os.environ.get("CXX", "g++"))
    if shutil.which(compiler[0]) is None:
        raise CompileError(
            f"{compiler[0]} was not found; install g++ (C++17), or set CXX to another compiler"
        )
    more = shlex.split(os.environ.get("ASCEND_SIM_KERNEL_FLAGS", ""))
    return [*compiler, *flags, *options, f"-I{_library.home() / 'include'}", *more]


def _cached(
    command: list[str], sources: list[str], stdin: str, link: list[str], shortcuts: Callable[[], list[str]]
) -> Path:
    """Compile a library, unless the cache has it already; `shortcuts` are options that change nothing."""
    preprocessed = _run([*command, "-E", *sources], stdin)
    key = hashlib.sha256("\0".join([preprocessed, *command]).encode()).hexdigest()[:32]
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "ascend_bce" / "kernels"
    library = cache / f"{key}.so"
    if not library.exists():
        cache.mkdir(parents=True, exist_ok=True)
        # Compiled aside and moved into place, so that processes that compile the same kernel do not meet.
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            output = Path(folder) / library.name
            _run([*command, *shortcuts(), *sources, *link, "-o", str(output)], stdin)
            output.replace(library)
    return library


def _run(command: list[str], stdin: str) -> str:
    result = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise CompileError(f"{shlex.join(command)} failed:\n{result.stderr}")
    return result.stdout
