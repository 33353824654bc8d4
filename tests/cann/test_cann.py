# SPDX-License-Identifier: Apache-2.0
"""Our kernels in CANN's own CPU twin and simulator, against float64 and against our simulator.

Wants both: CANN's toolkit in this shell (its set_env.sh), and ascend-bce built without it, for our simulator.
"""

import os
import re
import subprocess
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from accuracy import INPUT_GRADIENT, LOSS
from ascend_bce.simulator import _library, compile_kernel, compile_operator
from reference import FLOAT32, input_gradient_terms, larger, loss_terms, ulp_error

ROOT = Path(__file__).parent.parent.parent
FOLDER = Path(__file__).parent
FORWARD, BACKWARD = "binary_cross_entropy_with_logits", "binary_cross_entropy_with_logits_backward"
TYPES = ("SELF", "TARGET", "GRAD_OUTPUT", "OUT")
ELEMENTS = 3000  # several tiles and cores, and a rest; CANN's simulator takes its time


@cache
def run_here(name):
    """Return inputs, and what came of the operator on our simulator."""
    inputs = make_inputs(name)
    operator = compile_operator(
        [ROOT / "op_host" / f"{name}.cpp", ROOT / "op_host" / "binary_cross_entropy_tiling.cpp"],
        ROOT / "op_kernel" / f"{name}.cpp",
        include_dirs=[ROOT / "op_kernel"],
    )
    return inputs, operator(*inputs, attributes={"reduction": 0}, checks="none")


def make_inputs(name):
    rng = np.random.default_rng(0)
    x, t = rng.normal(0, 5, ELEMENTS), rng.uniform(0, 1, ELEMENTS)
    arrays = [array.astype(np.float32) for array in (x, t)]
    weights = [np.full(1, 0.75, np.float32), rng.uniform(0.5, 2, ELEMENTS).astype(np.float32)]
    return [*([np.ones(1, np.float32)] if name == BACKWARD else []), *arrays, *weights]


def check(name, inputs, result):
    """Return the largest error of a result, and fail where it is larger than on a device it may be."""
    x, t, weight, pos_weight = (array.astype(np.float64) for array in inputs[-4:])
    row, make_terms = (LOSS, loss_terms) if name == FORWARD else (INPUT_GRADIENT, input_gradient_terms)
    terms = make_terms(x, t, weight, pos_weight)
    errors = ulp_error(result.astype(np.float64), sum(terms), FLOAT32, larger(terms))
    assert errors.max() <= row.rough[3]
    return errors.max()


def test_kernels_launched_without_cann_s_operator_compiler_compute_the_same():
    inputs, expected = run_here(FORWARD)
    kernel = compile_kernel(
        ROOT / "op_kernel" / f"{FORWARD}.cpp",
        defines={"BCE_TILING_KEY": 1} | {f"DTYPE_{role}": "float" for role in TYPES},
        include_dirs=[FOLDER],
        flags=["-include", "direct_launch.h"],
    )
    result = np.empty(ELEMENTS, np.float32)
    tiling = expected.tiling
    kernel(
        *inputs,
        result,
        workspace_bytes=tiling.workspace_bytes,
        tiling=tiling.data,
        block_dim=tiling.block_dim,
    )
    np.testing.assert_array_equal(result, expected.outputs[0])
    check(FORWARD, inputs, result)


@pytest.fixture(scope="module", params=["cpu", "sim"])
def programs(request, tmp_path_factory):
    """The folder of the kernels' programs, built by CANN for its CPU twin or its simulator."""
    home = os.environ.get("ASCEND_HOME_PATH")
    if home is None or not Path(home).is_dir():
        pytest.skip("CANN's toolkit is not in this shell: source its set_env.sh")
    build = tmp_path_factory.mktemp(request.param)
    for command in (
        ["cmake", "-S", FOLDER, "-B", build, "-G", "Unix Makefiles", f"-DCMAKE_ASC_RUN_MODE={request.param}"],
        ["cmake", "--build", build],
    ):
        result = subprocess.run(command, capture_output=True, text=True)
        assert result.returncode == 0, result.stdout + result.stderr
    return build


@pytest.mark.cann
@pytest.mark.parametrize("name", [FORWARD, BACKWARD])
def test_cann_computes_what_our_simulator_does(programs, name, tmp_path, record_property):
    inputs, ours = run_here(name)
    tiling = ours.tiling
    paths = [tmp_path / f"{i}.bin" for i in range(len(inputs))]
    for path, array in zip(paths, inputs, strict=True):
        path.write_bytes(array.tobytes())
    (tmp_path / "tiling.bin").write_bytes(tiling.data)
    output = tmp_path / "output.bin"
    numbers = [str(n) for n in (tiling.block_dim, tiling.workspace_bytes, ELEMENTS * 4)]
    command = [programs / name, *numbers[:2], tmp_path / "tiling.bin", numbers[2], output, *paths]
    result = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert result.returncode == 0, result.stdout + result.stderr
    theirs = np.frombuffer(output.read_bytes(), np.float32)
    record_property("ulp", check(name, inputs, theirs))
    record_property("other_bits", int(np.count_nonzero(theirs != ours.outputs[0])))


@pytest.mark.parametrize(("name", "inputs"), [(FORWARD, 4), (BACKWARD, 5)])
def test_the_programs_are_c_plus_plus_but_for_the_launch(name, inputs):
    source = re.sub(r"<<<[^;{}]*?>>>", "", (FOLDER / "launch.asc").read_text())
    defines = {"KERNEL": name, "KERNEL_SOURCE": f'"{name}.cpp"', "KERNEL_INPUTS": inputs, "BCE_TILING_KEY": 1}
    defines |= {f"DTYPE_{role}": "float" for role in TYPES}
    folders = [FOLDER, ROOT / "op_kernel", _library.home() / "include"]
    options = [f"-D{key}={value}" for key, value in defines.items()] + [f"-I{folder}" for folder in folders]
    command = ["g++", "-std=c++17", "-fsyntax-only", "-Wall", "-Werror", *options, "-x", "c++", "-"]
    result = subprocess.run(command, input=source, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
