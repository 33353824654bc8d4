# SPDX-License-Identifier: Apache-2.0
"""The loss in two processes of MindSpore, by data and by classes, against NumPy in float64."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import numpy as np

import mindspore_parallel as parallel
from reference import input_gradient_terms, loss_terms


def exact_gradient(inputs, labels, weights):
    """Return the gradient of the mean loss for the weights."""
    logits = inputs.astype(np.float64) @ weights.T
    return sum(input_gradient_terms(logits, labels)).T @ inputs / labels.size


def test_two_processes_compute_what_one_does(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        Path(sys.executable).parent / "msrun", "--worker_num=2", "--local_worker_num=2", "--join=True",
        f"--master_port={port}", f"--log_dir={tmp_path / 'logs'}", parallel.__file__, tmp_path,
    ]  # fmt: skip
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    result = subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=600
    )
    logs = "\n".join(path.read_text() for path in (tmp_path / "logs").glob("worker*"))
    assert result.returncode == 0, result.stdout + result.stderr + logs

    inputs, labels, weights = parallel.make_data()
    shared = [np.load(tmp_path / f"classes{rank}.npy") for rank in (0, 1)]
    loss = np.mean(sum(loss_terms(inputs.astype(np.float64) @ weights.T, labels)))
    gradient = np.vstack([part[1:] for part in shared])
    for part in shared:
        np.testing.assert_allclose(part[0], loss, rtol=1e-6)
    np.testing.assert_allclose(gradient, exact_gradient(inputs, labels, weights), rtol=1e-5, atol=1e-7)

    trained = weights.astype(np.float64)
    for _ in range(parallel.STEPS):
        trained -= parallel.RATE * exact_gradient(inputs, labels, trained)
    for name in "data0-False", "data1-False", "data0-True", "data1-True":
        np.testing.assert_allclose(np.load(tmp_path / f"{name}.npy"), trained, rtol=1e-5, err_msg=name)
