# SPDX-License-Identifier: Apache-2.0
"""Operators from definition to call: generated aclnn functions, the runtime, the .run package."""

import ctypes
import os
import re
import shutil
import subprocess
import sys
from ctypes import c_bool, c_char_p, c_double, c_float, c_int64, c_uint64, c_void_p
from pathlib import Path

import numpy as np
import pytest

from aclnn_calls import Aclnn
from ascend_bce.simulator import _library

NULL, INVALID = 161001, 161002
INNER, TILING_FAILED = 561000, 561002
OPERATORS = Path("vendors/test_ops/op_api/lib/libcust_opapi.so")


@pytest.fixture(scope="module")
def aclnn(package_build: Path) -> Aclnn:
    return Aclnn(_library.home() / "lib" / "libascend_simulator.so", package_build / OPERATORS)


@pytest.fixture
def checked(aclnn: Aclnn):
    assert aclnn.runtime.ascend_sim_set_checks(b"all") == 0
    yield
    assert aclnn.runtime.ascend_sim_set_checks(b"none") == 0


def scaled_add(aclnn: Aclnn, x, y, z, alpha: float = 1.0):
    return aclnn.call("aclnnScaledAdd", aclnn.tensor(x), aclnn.tensor(y), c_double(alpha), aclnn.tensor(z))


def numbers(*shape: int, dtype: type = np.float32) -> np.ndarray:
    return np.asarray(np.random.default_rng(len(shape)).standard_normal(shape), dtype)


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
@pytest.mark.parametrize("shape", [(1,), (255,), (256,), (257,), (33, 517), (2, 1, 3, 1, 2, 2, 1, 5), ()])
def test_values(aclnn, shape, dtype):
    x, y, z = numbers(*shape, dtype=dtype), numbers(*shape, dtype=dtype), np.full(shape, 7, dtype)
    outcome = scaled_add(aclnn, x, y, z, 0.5)
    assert outcome.status == 0, outcome.error
    np.testing.assert_array_equal(z, x * dtype(0.5) + y)


def test_checked_kernels_give_the_same(aclnn, checked):
    x, z = numbers(1000), np.zeros(1000, np.float32)
    assert scaled_add(aclnn, x, x, z, 2).status == 0
    np.testing.assert_array_equal(z, x * 2 + x)


def test_absent_optional_input_and_attribute(aclnn):
    x, z = numbers(1000), np.zeros(1000, np.float32)
    assert scaled_add(aclnn, x, None, z, -3).status == 0
    np.testing.assert_array_equal(z, x * -3)


VIEWS = {
    "transposed": lambda a: a.T,
    "every other": lambda a: a[::2, 1::3],
    "reversed": lambda a: a[::-1, ::-1],
    "a column": lambda a: a[:, 3],
    "permuted": lambda a: a.reshape(12, 5, 30).transpose(1, 2, 0),
    "offset": lambda a: a[3:, :],
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS.keys())
def test_strided_inputs_and_outputs(aclnn, view):
    whole_x, whole_z = numbers(60, 30), np.full((60, 30), 7, np.float32)
    x, z = view(whole_x), view(whole_z)
    assert scaled_add(aclnn, x, x, z).status == 0
    expected = np.full((60, 30), 7, np.float32)
    view(expected)[...] = x + x
    np.testing.assert_array_equal(whole_z, expected)


def test_broadcast_strides_of_an_input(aclnn):
    x, z = np.broadcast_to(numbers(1, 37), (50, 37)), np.zeros((50, 37), np.float32)
    assert scaled_add(aclnn, x, x, z).status == 0
    np.testing.assert_array_equal(z, x + x)


def test_empty_tensors_need_no_launch(aclnn):
    x = np.zeros((0, 3), np.float32)
    outcome = scaled_add(aclnn, x, x, np.zeros((0, 3), np.float32))
    assert (outcome.status, outcome.workspace) == (0, 0), outcome.error


def test_null_arguments(aclnn):
    x = numbers(3)
    outcome = scaled_add(aclnn, None, x, x.copy())
    assert outcome.status == NULL
    assert "aclnnScaledAdd: argument x must not be null" in outcome.error
    assert "argument out" in scaled_add(aclnn, x, x, None).error
    size = c_uint64()
    phase1 = aclnn.operators.aclnnScaledAddGetWorkspaceSize
    assert phase1(aclnn.tensor(x), None, c_double(1), aclnn.tensor(x), None, ctypes.byref(size)) == NULL
    assert phase1(aclnn.tensor(x), None, c_double(1), aclnn.tensor(x), ctypes.byref(size), None) == NULL
    assert aclnn.operators.aclnnScaledAdd(None, c_uint64(0), None, None) == NULL


def test_tensor_without_memory(aclnn):
    x = aclnn.tensor(numbers(3))
    aclnn.runtime.aclSetRawTensorAddr(x, None)
    outcome = aclnn.call("aclnnScaledAdd", x, None, c_double(1), aclnn.tensor(np.zeros(3, np.float32)))
    assert outcome.status == NULL
    assert "ScaledAdd: x has no memory" in outcome.error


def test_unsupported_data_types_name_the_supported_ones(aclnn):
    x = numbers(3, dtype=np.float64)
    outcome = scaled_add(aclnn, x, None, x.copy())
    assert outcome.status == INVALID
    assert "ScaledAdd does not support the data types x=DT_DOUBLE, y=absent, z=DT_DOUBLE" in outcome.error
    assert "x=DT_FLOAT16, y=DT_FLOAT16, z=DT_FLOAT16" in outcome.error
    mixed = scaled_add(aclnn, numbers(3), numbers(3, dtype=np.float16), numbers(3))
    assert mixed.status == INVALID


def test_error_text_is_forgotten_once_read(aclnn):
    scaled_add(aclnn, None, None, None)
    assert aclnn.error() == ""


def test_reference_with_attributes(aclnn):
    x = numbers(1500)
    expected = np.maximum(x, 0)
    assert aclnn.call("aclnnReluInPlace", aclnn.tensor(x), None, None).status == 0
    np.testing.assert_array_equal(x, expected)
    floors = c_void_p(aclnn_array(aclnn, [0.25]))
    assert aclnn.call("aclnnReluInPlace", aclnn.tensor(x), floors, c_char_p(b"right")).status == 0
    np.testing.assert_array_equal(x, np.maximum(expected, 0.25))


def aclnn_array(aclnn: Aclnn, values: list[float]) -> int:
    aclnn.runtime.aclCreateFloatArray.restype = c_void_p
    return aclnn.runtime.aclCreateFloatArray((c_float * len(values))(*values), c_uint64(len(values)))


def test_reference_that_is_strided(aclnn):
    whole = numbers(20, 30)
    expected = whole.copy()
    expected[::3, ::2] = np.maximum(expected[::3, ::2], 0)
    assert aclnn.call("aclnnReluInPlace", aclnn.tensor(whole[::3, ::2]), None, None).status == 0
    np.testing.assert_array_equal(whole, expected)


def test_failing_tiling(aclnn):
    floors = c_void_p(aclnn_array(aclnn, [1, 2]))
    outcome = aclnn.call("aclnnReluInPlace", aclnn.tensor(numbers(3)), floors, None)
    assert outcome.status == TILING_FAILED
    assert "the tiling function of ReluInPlace failed" in outcome.error


def test_finding_of_a_checked_kernel_is_an_error(aclnn, checked):
    outcome = aclnn.call("aclnnReluInPlace", aclnn.tensor(numbers(10)), None, c_char_p(b"faulty"))
    assert (outcome.status, outcome.phase) == (INNER, 2)
    for part in ("gm-out-of-bounds", "relu_in_place", "relu_in_place_kernel.cpp", "`x`"):
        assert part in outcome.error


def template_scale(aclnn: Aclnn, x: np.ndarray, y: np.ndarray, factor: int, negate: bool):
    return aclnn.call("aclnnTemplateScale", aclnn.tensor(x), c_int64(factor), c_bool(negate), aclnn.tensor(y))


@pytest.mark.parametrize(
    ("dtype", "factor", "negate"),
    [(np.float16, 2, False), (np.float32, 3, False), (np.float32, 3, True), (np.float32, 10, True)],
)
def test_template_tiling_key_picks_the_instance(aclnn, dtype, factor, negate):
    x, y = numbers(64, dtype=dtype), np.zeros(64, dtype)
    outcome = template_scale(aclnn, x, y, factor, negate)
    assert outcome.status == 0, outcome.error
    np.testing.assert_array_equal(y, x * dtype(-factor if negate else factor))


def test_template_arguments_that_are_not_selected(aclnn):
    outcome = template_scale(aclnn, numbers(64), numbers(64), 2, False)
    assert outcome.status == TILING_FAILED
    assert "selects T=0, FACTOR=2, NEGATE=0" in outcome.error


def test_strided_tensor_without_auto_contiguous(aclnn):
    outcome = template_scale(aclnn, numbers(8, 16).T, numbers(16, 8), 3, False)
    assert outcome.status == INVALID
    assert "TemplateScale: x is not contiguous" in outcome.error
    assert "AutoContiguous()" in outcome.error


def test_several_launches_share_a_workspace(aclnn):
    x, y, out = numbers(300, 7), numbers(7, 300).T, np.zeros((7, 300), np.float32).T
    outcome = aclnn.call("aclnnAddTwice", aclnn.tensor(x), aclnn.tensor(y), aclnn.tensor(out))
    assert outcome.status == 0, outcome.error
    np.testing.assert_array_equal(out, (x * 2 + y) * 3 + y)
    tensor = -(-x.nbytes // 512) * 512
    assert outcome.workspace == 3 * tensor, "y made contiguous and two results"


def test_workspace_that_is_too_small_or_missing(aclnn):
    arguments = [aclnn.tensor(array) for array in (numbers(9), numbers(9), np.zeros(9, np.float32))]
    size, executor = c_uint64(), c_void_p()
    phase1 = aclnn.operators.aclnnAddTwiceGetWorkspaceSize
    assert phase1(*arguments, ctypes.byref(size), ctypes.byref(executor)) == 0
    memory = np.zeros(size.value, np.uint8).ctypes.data_as(c_void_p)
    assert aclnn.operators.aclnnAddTwice(memory, c_uint64(size.value - 1), executor, None) == INVALID
    assert f"the GetWorkspaceSize call asked for {size.value}" in aclnn.error()
    assert aclnn.operators.aclnnAddTwice(None, size, executor, None) == NULL
    assert aclnn.operators.aclnnAddTwice(memory, size, executor, None) == 0


def test_repeatable_executor_with_other_addresses(aclnn):
    x, z = numbers(40), np.zeros(40, np.float32)
    other_x, other_z = x[::-1].copy(), z.copy()
    x_tensor, z_tensor = aclnn.tensor(x), aclnn.tensor(z)
    size, executor = c_uint64(), c_void_p()
    phase1 = aclnn.operators.aclnnScaledAddGetWorkspaceSize
    assert phase1(x_tensor, None, c_double(2), z_tensor, ctypes.byref(size), ctypes.byref(executor)) == 0
    assert aclnn.runtime.aclSetAclOpExecutorRepeatable(executor) == 0
    assert aclnn.operators.aclnnScaledAdd(None, size, executor, None) == 0
    address = aclnn.runtime.aclSetInputTensorAddr
    assert address(executor, c_uint64(0), x_tensor, other_x.ctypes.data_as(c_void_p)) == 0
    assert address(executor, c_uint64(0), z_tensor, other_z.ctypes.data_as(c_void_p)) == 0
    assert aclnn.operators.aclnnScaledAdd(None, size, executor, None) == 0
    assert aclnn.runtime.aclDestroyAclOpExecutor(executor) == 0
    np.testing.assert_array_equal(z, x * 2)
    np.testing.assert_array_equal(other_z, other_x * 2)


def test_operator_that_no_package_has(aclnn):
    x = aclnn.tensor(numbers(3))
    size, executor = c_uint64(), c_void_p()
    status = aclnn.operators.aclnnNotThereGetWorkspaceSize(x, x, ctypes.byref(size), ctypes.byref(executor))
    assert status == TILING_FAILED
    assert "operator type NotThere is in no loaded package" in aclnn.error()


def test_tensors_that_make_no_sense(aclnn):
    create = aclnn.runtime.aclCreateTensor
    dims, strides = (ctypes.c_int64 * 1)(3), (ctypes.c_int64 * 1)(-1)
    rest = (ctypes.c_int(2), dims, c_uint64(1), c_void_p(64))
    assert not create(dims, c_uint64(1), ctypes.c_int(0), strides, ctypes.c_int64(0), *rest)
    assert "before the memory's begin" in aclnn.error()
    assert not create((ctypes.c_int64 * 1)(-1), c_uint64(1), ctypes.c_int(0), None, ctypes.c_int64(0), *rest)
    assert "must not be negative" in aclnn.error()
    assert not create(dims, c_uint64(26), ctypes.c_int(0), None, ctypes.c_int64(0), *rest)
    huge = (ctypes.c_int64 * 2)(1 << 40, 1 << 40)
    assert not create(huge, c_uint64(2), ctypes.c_int(0), None, ctypes.c_int64(0), *rest)
    assert not create(dims, c_uint64(1), ctypes.c_int(13), None, ctypes.c_int64(0), *rest), "strings"


def convert(aclnn: Aclnn, source: np.ndarray, target: np.ndarray, source_type=None, target_type=None):
    outcome = aclnn.call("aclnnConvert", aclnn.tensor(source, source_type), aclnn.tensor(target, target_type))
    assert outcome.status == 0, outcome.error


NUMPY_TYPES = [
    "float32", "float16", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"
]  # fmt: skip


@pytest.mark.parametrize("source", NUMPY_TYPES)
@pytest.mark.parametrize("target", NUMPY_TYPES)
def test_conversions(aclnn, source, target):
    values = np.array([0, 1, -1, 1.5, -2.5, 100, 127, 2049, 65519], np.float64)
    kind = np.dtype(source)
    if kind.kind != "f":
        information = np.iinfo(kind)
        values = np.trunc(np.clip(values, information.min, information.max))
    values = values.astype(source)
    if np.dtype(target).kind != "f":  # what does not fit saturates, which NumPy does not say
        information = np.iinfo(target)
        wide = values.astype(np.float64)
        expected = np.trunc(wide).clip(information.min, information.max).astype(target)
        if kind.kind != "f":
            expected = values.astype(target)
    else:
        with np.errstate(over="ignore"):
            expected = values.astype(target)
    result = np.zeros(values.shape, target)
    convert(aclnn, values, result)
    np.testing.assert_array_equal(result, expected)


def test_conversion_saturates_and_takes_nan_for_0(aclnn):
    values = np.array([np.nan, np.inf, -np.inf, 1e30, -1e30, 2.0**31, -(2.0**31)], np.float32)
    result = np.zeros(values.shape, np.int32)
    convert(aclnn, values, result)
    low, high = np.iinfo(np.int32).min, np.iinfo(np.int32).max
    np.testing.assert_array_equal(result, [0, high, low, high, low, high, low])


def test_conversion_to_half_rounds_once(aclnn):
    # Just above halfway between two halves, by less than a float32 can tell.
    above = 1 + 2.0**-40
    values = np.array([1 + 2.0**-11 * above, 1 + 2.0**-11, 65519.999, 65520, 2.0**-25, 2.0**-25 * above])
    result = np.zeros(values.shape, np.float16)
    convert(aclnn, values, result)
    np.testing.assert_array_equal(result, [1 + 2.0**-10, 1, 65504, np.inf, 0, 2.0**-24])


def test_conversion_to_and_from_bfloat16(aclnn):
    torch = pytest.importorskip("torch")
    random = np.random.default_rng(0).integers(0, 2**32, 2**16, np.uint32)
    bits = np.concatenate([np.arange(2**16, dtype=np.uint32) << 16, random])
    values = bits.view(np.float32)
    result = np.zeros(values.shape, np.uint16)
    convert(aclnn, values, result, target_type="bfloat16")
    expected = torch.from_numpy(values).bfloat16()
    finite = ~np.isnan(values)
    np.testing.assert_array_equal(result[finite], expected.view(torch.int16).numpy().view(np.uint16)[finite])
    assert np.isnan((result[~finite].astype(np.uint32) << 16).view(np.float32)).all()
    back = np.zeros(values.shape, np.float32)
    convert(aclnn, result, back, source_type="bfloat16")
    np.testing.assert_array_equal(back[finite], expected.float().numpy()[finite])


def test_conversion_to_bool(aclnn):
    result = np.zeros(4, np.bool_)
    convert(aclnn, np.array([0, -0.0, 0.25, np.nan], np.float32), result)
    np.testing.assert_array_equal(result, [False, False, True, True])


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.uint32, np.uint64])
def test_copies_of_every_element_size(aclnn, dtype):
    whole = np.arange(200 * 130, dtype=np.uint64).astype(dtype).reshape(200, 130)
    result = np.zeros((130, 200), dtype)
    convert(aclnn, whole.T, result)
    np.testing.assert_array_equal(result, whole.T)


def test_scalar_results_fit_tensors_of_one_element(aclnn):
    result = np.zeros((1, 1), np.float32)
    convert(aclnn, np.array(2.5, np.float32), result)
    assert result[0, 0] == 2.5
    outcome = aclnn.call("aclnnConvert", aclnn.tensor(numbers(3)), aclnn.tensor(np.zeros(4, np.float32)))
    assert outcome.status == INVALID


def symbols(library: Path) -> set[str]:
    command = ["nm", "-D", "--defined-only", library]
    listing = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {line.split()[-1] for line in listing.splitlines() if " T " in line}


def test_exported_functions_are_those_of_the_definitions(package_build):
    generated = ["ReluInPlace", "ScaledAdd", "TemplateScale"]
    by_hand = ["AddTwice", "Convert"]
    functions = {f"aclnn{name}{phase}" for name in generated + by_hand for phase in ("GetWorkspaceSize", "")}
    assert symbols(package_build / OPERATORS) == functions | {"aclnnNotThereGetWorkspaceSize"}


def test_generated_signature_is_canns(package_build):
    header = (package_build / "vendors/test_ops/op_api/include/aclnn_scaled_add.h").read_text()
    parameters = header.split("aclnnScaledAddGetWorkspaceSize(")[1].split(")")[0]
    assert [parameter.strip() for parameter in parameters.split(",")] == [
        "const aclTensor *x", "const aclTensor *yOptional", "double alphaValue", "const aclTensor *out",
        "uint64_t *workspaceSize", "aclOpExecutor **executor",
    ]  # fmt: skip


def test_layout_of_the_package(package_build):
    vendor = package_build / "vendors" / "test_ops"
    implementation = vendor / "op_impl" / "ai_core" / "tbe"
    architecture = os.uname().machine
    for path in (
        vendor / "version.info",
        vendor / "op_api" / "include" / "scaled_add_tiling.h",
        vendor / "op_proto" / "inc" / "op_proto.h",
        vendor / "op_proto" / "lib" / "linux" / architecture / "libcust_opsproto_rt2.0.so",
        implementation / "op_tiling" / "lib" / "linux" / architecture / "libcust_opmaster_rt2.0.so",
        implementation / "config" / "ascend910b" / "aic-ascend910b-ops-info.json",
        implementation / "config" / "ascend910_93" / "aic-ascend910_93-ops-info.json",
    ):
        assert path.is_file(), path


@pytest.fixture(scope="module")
def run_file(package_build: Path) -> Path:
    (run,) = package_build.glob("custom_opp_*.run")
    return run


def install(run_file: Path, *options: str, **environment: str) -> subprocess.CompletedProcess:
    clean = {key: value for key, value in os.environ.items() if not key.startswith("ASCEND_")}
    return subprocess.run([run_file, *options], env=clean | environment, capture_output=True, text=True)


CALL = """
import sys
import numpy as np
from pathlib import Path
from ctypes import c_double
sys.path.insert(0, sys.argv[1])
from aclnn_calls import Aclnn
aclnn = Aclnn(Path(sys.argv[2]), Path(sys.argv[3]))
x = np.arange(1000, dtype=np.float32)
z = np.zeros_like(x)
outcome = aclnn.call("aclnnScaledAdd", aclnn.tensor(x), None, c_double(2), aclnn.tensor(z))
assert outcome.status == 0, outcome.error
assert (z == 2 * x).all()
"""


def test_run_package_installs_and_works(run_file, tmp_path):
    result = install(run_file, f"--install-path={tmp_path}")
    assert result.returncode == 0, result.stderr
    vendor = tmp_path / "vendors" / "test_ops"
    environment = (vendor / "bin" / "set_env.bash").read_text()
    assert f"export ASCEND_CUSTOM_OPP_PATH={vendor}:${{ASCEND_CUSTOM_OPP_PATH}}" in environment
    assert (vendor / "op_impl/ai_core/tbe/test_ops_impl/dynamic/scaled_add.cpp").is_file(), "kernel sources"
    simulator = _library.home() / "lib" / "libascend_simulator.so"
    tests = Path(__file__).parents[1] / "support"
    call = [sys.executable, "-c", CALL, tests, simulator, tmp_path / OPERATORS]
    result = subprocess.run(call, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr


def test_run_package_comes_first_in_the_load_order(run_file, tmp_path):
    config = tmp_path / "vendors" / "config.ini"
    assert install(run_file, "--quiet", ASCEND_OPP_PATH=str(tmp_path)).returncode == 0
    assert config.read_text() == "load_priority=test_ops\n"
    config.write_text("load_priority=one,test_ops,two\n")
    result = install(run_file, "--quiet", f"--install-path={tmp_path}")
    assert (result.returncode, result.stdout) == (0, "")
    assert config.read_text() == "load_priority=test_ops,one,two\n"


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (["--install-path=here"], "is not an absolute path"),
        (["--install-path=/a:/b"], "is several folders"),
        (["--instal=/a"], "unknown option --instal=/a"),
        ([], "where to?"),
    ],
)
def test_run_package_refuses(run_file, options, text):
    result = install(run_file, *options)
    assert result.returncode == 1
    assert text in result.stderr


def test_run_package_helps(run_file):
    result = install(run_file, "--help")
    assert result.returncode == 0
    assert "--install-path=<folder>" in result.stdout


def test_damaged_run_package_is_refused(run_file, tmp_path):
    damaged = tmp_path / "damaged.run"
    content = bytearray(run_file.read_bytes())
    content[-100] ^= 1
    damaged.write_bytes(content)
    damaged.chmod(0o755)
    result = install(damaged, f"--install-path={tmp_path}")
    assert result.returncode == 1
    assert "is damaged" in result.stderr
    assert not (tmp_path / "vendors").exists()


def test_a_package_built_with_other_headers_is_refused(package_build, tmp_path):
    shutil.copytree(package_build / "vendors" / "test_ops", tmp_path / "vendors" / "test_ops")
    library = tmp_path / OPERATORS
    content = library.read_bytes()
    (headers,) = re.findall(rb"(?<![0-9a-f])([0-9a-f]{16})\0", content)
    library.write_bytes(content.replace(headers, b"0" * 16))

    other = Aclnn(_library.home() / "lib" / "libascend_simulator.so", library)
    outcome = scaled_add(other, numbers(8), numbers(8), np.zeros(8, np.float32))
    assert outcome.status == TILING_FAILED
    assert f"{tmp_path}/vendors/test_ops was built with the headers of another version" in outcome.error
    assert f"({'0' * 16}, this one has {headers.decode()}): build it again" in outcome.error
