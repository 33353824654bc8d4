# SPDX-License-Identifier: Apache-2.0
"""Loading the operator package, and its C ABI as any program with a C compiler sees it."""

import ctypes
import os
import subprocess
import sys

import numpy as np
import pytest

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


class Tensors:
    """aclTensors on NumPy arrays, kept alive together."""

    def __init__(self) -> None:
        self.library = _aclnn.library()
        self.kept = []

    def __call__(self, array: np.ndarray, data_type: int = _aclnn.FLOAT32, shape=None) -> int:
        shape = array.shape if shape is None else shape
        strides = np.cumprod([1, *shape[:0:-1]])[::-1]
        sizes = (ctypes.c_int64 * len(shape))(*shape)
        steps = (ctypes.c_int64 * len(shape))(*strides[: len(shape)])
        handle = self.library.create_tensor(
            ctypes.addressof(sizes), len(shape), data_type, ctypes.addressof(steps), 0, 2,
            ctypes.addressof(sizes), len(shape), array.ctypes.data,
        )  # fmt: skip
        assert handle
        self.kept.append((array, handle))
        return handle

    def close(self) -> None:
        for _, handle in self.kept:
            assert self.library.destroy_tensor(handle) == 0


@pytest.fixture
def tensor():
    tensors = Tensors()
    yield tensors
    tensors.close()


@pytest.fixture
def phases():
    """Both phases of a function, called with plain Python values; the first returns status and text."""
    library = _aclnn.library()

    def prepare(name: str, *arguments, size=True, executor=True):
        function = library._operators[name + "GetWorkspaceSize"]
        size_out, executor_out = ctypes.c_uint64(), ctypes.c_void_p()
        values = [
            ctypes.c_int64(argument) if position == len(arguments) - 2 else ctypes.c_void_p(argument)
            for position, argument in enumerate(arguments)
        ]
        status = function(
            *values,
            ctypes.byref(size_out) if size else None,
            ctypes.byref(executor_out) if executor else None,
        )
        return status, library.recent_error(), size_out, executor_out

    return prepare


def arrays(*shape):
    return np.linspace(-2, 2, int(np.prod(shape)), dtype=np.float32).reshape(shape)


def test_forward_through_the_c_abi(tensor, phases):
    x, t, out = arrays(3, 4), np.full((3, 4), 0.25, np.float32), np.empty((3, 4), np.float32)
    status, text, size, executor = phases(FORWARD, tensor(x), tensor(t), None, None, 0, tensor(out))
    assert status == 0, text
    workspace = np.empty(size.value, np.uint8)
    execute = _aclnn.library()._operators[FORWARD]
    assert execute(ctypes.c_void_p(workspace.ctypes.data), size, executor, None) == 0
    exact = np.log1p(np.exp(-x.astype(np.float64))) * 0.25 + np.log1p(np.exp(x.astype(np.float64))) * 0.75
    np.testing.assert_allclose(out, exact, rtol=1e-6)


@pytest.mark.parametrize("missing", [0, 1, 5])
def test_null_tensors_are_161001(tensor, phases, missing):
    arguments = [tensor(arrays(4)), tensor(arrays(4)), None, None, 0, tensor(arrays(4))]
    arguments[missing] = None
    status, text, *_ = phases(FORWARD, *arguments)
    assert status == NULL
    assert ("self", "target", "", "", "", "out")[missing] in text


@pytest.mark.parametrize("missing", [0, 1, 2, 6])
def test_null_tensors_of_the_gradient_are_161001(tensor, phases, missing):
    arguments = [tensor(arrays(4)), tensor(arrays(4)), tensor(arrays(4)), None, None, 0, tensor(arrays(4))]
    arguments[missing] = None
    status, text, *_ = phases(BACKWARD, *arguments)
    assert status == NULL
    assert ("gradOutput", "self", "target", "", "", "", "out")[missing] in text


@pytest.mark.parametrize("missing", ["size", "executor"])
def test_null_results_are_161001(tensor, phases, missing):
    arguments = [tensor(arrays(4)), tensor(arrays(4)), None, None, 0, tensor(arrays(4))]
    assert phases(FORWARD, *arguments, **{missing: False})[0] == NULL


ACL_INT32, ACL_DOUBLE = 3, 11


def invalid_calls(tensor):
    vector = lambda n=4, **options: tensor(arrays(n), **options)  # noqa: E731
    nine = (1,) * 9
    return {
        "shapes differ": (vector(), vector(5), None, None, 0, vector()),
        "out has another shape": (vector(), vector(), None, None, 0, vector(3)),
        "out is not scalar": (vector(), vector(), None, None, 1, vector(2)),
        "weight does not broadcast": (vector(), vector(), vector(3), None, 0, vector()),
        "posWeight does not broadcast": (vector(), vector(), None, vector(3), 0, vector()),
        "weight has more dimensions": (vector(), vector(), tensor(arrays(1, 4)), None, 0, vector()),
        "reduction 3": (vector(), vector(), None, None, 3, vector()),
        "reduction -1": (vector(), vector(), None, None, -1, vector()),
        "self is int32": (vector(data_type=ACL_INT32), vector(), None, None, 0, vector()),
        "target is double": (vector(), tensor(arrays(8), ACL_DOUBLE, (4,)), None, None, 0, vector()),
        "nine dimensions": (
            *[tensor(arrays(1), shape=nine)] * 2,
            None,
            None,
            0,
            tensor(arrays(1), shape=nine),
        ),
    }


@pytest.mark.parametrize("case", invalid_calls(lambda *a, **k: None))
def test_invalid_arguments_are_161002_with_a_text(tensor, phases, case):
    status, text, *_ = phases(FORWARD, *invalid_calls(tensor)[case])
    assert status == INVALID
    assert text


def test_errors_of_python_calls_carry_code_and_text():
    function = _aclnn.library().function(FORWARD, tensors=5, attributes=1)
    x = arrays(4)
    operand = (x.ctypes.data, (4,), (1,), _aclnn.FLOAT32)
    with pytest.raises(
        _aclnn.AclnnError, match=rf"{FORWARD} failed with 161002 \(invalid parameter\): "
    ) as caught:
        function([operand, operand, None, None], [7], operand, lambda size: pytest.fail("not reached"))
    assert caught.value.code == INVALID
    with pytest.raises(_aclnn.BackendError, match="does not export aclnnSomethingElse"):
        _aclnn.library().function("aclnnSomethingElse", tensors=2, attributes=0)
