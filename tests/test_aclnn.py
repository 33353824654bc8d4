# SPDX-License-Identifier: Apache-2.0
"""Loading the operator package, and its C ABI as any program with a C compiler sees it."""

import ctypes
import os
import subprocess
import sys

import numpy as np
import pytest

from aclnn_calls import Aclnn
from ascend_bce import _aclnn

FORWARD, BACKWARD = "aclnnBinaryCrossEntropyWithLogits", "aclnnBinaryCrossEntropyWithLogitsBackward"
NULL, INVALID = 161001, 161002


def load(**environment) -> subprocess.CompletedProcess:
    """Load the operator package in a new process."""
    script = "from ascend_bce import _aclnn; print(_aclnn.library().backend)"
    return subprocess.run(
        [sys.executable, "-c", script], env={**os.environ, **environment}, capture_output=True, text=True
    )


@pytest.mark.parametrize("backend", ["auto", "simulator"])
def test_backend_is_the_simulator_where_it_was_built(backend):
    result = load(ASCEND_BCE_BACKEND=backend)
    assert result.stdout == "simulator\n", result.stderr


def test_cann_is_refused_and_not_replaced_where_the_simulator_was_built():
    result = load(ASCEND_BCE_BACKEND="cann")
    assert result.returncode == 1
    assert (
        "BackendError: ASCEND_BCE_BACKEND=cann, but this ascend-bce was built for the simulator"
        in result.stderr
    )


def test_unknown_backend_is_refused():
    result = load(ASCEND_BCE_BACKEND="gpu")
    assert result.returncode == 1
    assert "ASCEND_BCE_BACKEND=gpu is not a backend; set it to auto, cann or simulator" in result.stderr


@pytest.fixture(scope="module")
def aclnn():
    return Aclnn(_aclnn.SIMULATOR, _aclnn.OPERATORS)


def arrays(*shape, dtype=np.float32):
    return np.linspace(-2, 2, int(np.prod(shape))).reshape(shape).astype(dtype)


def call_forward(aclnn, self, target, weight, pos_weight, reduction, out):
    tensors = map(aclnn.tensor, (self, target, weight, pos_weight))
    return aclnn.call(FORWARD, *tensors, ctypes.c_int64(reduction), aclnn.tensor(out))


def test_forward_through_the_c_abi(aclnn):
    x, t, out = arrays(3, 4), np.full((3, 4), 0.25, np.float32), np.empty((3, 4), np.float32)
    outcome = call_forward(aclnn, x, t, None, None, 0, out)
    assert outcome.status == 0, outcome.error
    exact = np.log1p(np.exp(-x.astype(np.float64))) * 0.25 + np.log1p(np.exp(x.astype(np.float64))) * 0.75
    np.testing.assert_allclose(out, exact, rtol=1e-6)


NAMES = {
    FORWARD: ("self", "target", "weightOptional", "posWeightOptional", "out"),
    BACKWARD: ("gradOutput", "self", "target", "weightOptional", "posWeightOptional", "out"),
}


@pytest.mark.parametrize(
    ("function", "missing"),
    [(function, name) for function, names in NAMES.items() for name in names if "Optional" not in name],
)
def test_null_tensors_are_161001(aclnn, function, missing):
    tensors = [
        aclnn.tensor(None if name == missing or "Optional" in name else arrays(4)) for name in NAMES[function]
    ]
    outcome = aclnn.call(function, *tensors[:-1], ctypes.c_int64(0), tensors[-1])
    assert outcome.status == NULL
    assert missing in outcome.error


@pytest.mark.parametrize("missing", ["workspaceSize", "executor"])
def test_null_results_are_161001(aclnn, missing):
    size, executor = ctypes.c_uint64(), ctypes.c_void_p()
    x, absent = aclnn.tensor(arrays(4)), ctypes.c_void_p()
    results = {"workspaceSize": ctypes.byref(size), "executor": ctypes.byref(executor), missing: None}
    prepare = aclnn.operators[FORWARD + "GetWorkspaceSize"]
    assert prepare(x, x, absent, absent, ctypes.c_int64(0), x, *results.values()) == NULL


INVALID_CALLS = {
    "shapes differ": (arrays(4), arrays(5), None, None, 0, arrays(4)),
    "out has another shape": (arrays(4), arrays(4), None, None, 0, arrays(3)),
    "out is not scalar": (arrays(4), arrays(4), None, None, 1, arrays(2)),
    "weight does not broadcast": (arrays(4), arrays(4), arrays(3), None, 0, arrays(4)),
    "posWeight does not broadcast": (arrays(4), arrays(4), None, arrays(3), 0, arrays(4)),
    "weight has more dimensions": (arrays(4), arrays(4), arrays(1, 4), None, 0, arrays(4)),
    "reduction 3": (arrays(4), arrays(4), None, None, 3, arrays(4)),
    "reduction -1": (arrays(4), arrays(4), None, None, -1, arrays(4)),
    "self is int32": (arrays(4, dtype=np.int32), arrays(4), None, None, 0, arrays(4)),
    "target is double": (arrays(4), arrays(4, dtype=np.float64), None, None, 0, arrays(4)),
    "nine dimensions": (arrays(*[1] * 9), arrays(*[1] * 9), None, None, 0, arrays(*[1] * 9)),
}


@pytest.mark.parametrize("arguments", INVALID_CALLS.values(), ids=INVALID_CALLS)
def test_invalid_arguments_are_161002_with_a_text(aclnn, arguments):
    outcome = call_forward(aclnn, *arguments)
    assert outcome.status == INVALID
    assert outcome.error


def test_errors_of_python_calls_carry_code_and_text():
    function = _aclnn.library().function(FORWARD, inputs=4, attributes=1, outputs=1)
    x = arrays(4)
    operand = (x.ctypes.data, (4,), (1,), _aclnn.FLOAT32)
    with pytest.raises(
        _aclnn.AclnnError, match=rf"{FORWARD} failed with 161002 \(invalid parameter\): "
    ) as caught:
        function([operand, operand, None, None], [7], [operand], lambda size: pytest.fail("not reached"))
    assert caught.value.code == INVALID
    with pytest.raises(_aclnn.BackendError, match="does not export aclnnSomethingElse"):
        _aclnn.library().function("aclnnSomethingElse", inputs=1, attributes=0, outputs=1)
