# SPDX-License-Identifier: Apache-2.0
"""Fixtures of all tests that run MindSpore, on the CPU and on the simulated device."""

import mindspore
import pytest


@pytest.fixture(autouse=True)
def in_scratch_folder(tmp_path, monkeypatch):
    """MindSpore writes a folder rank_0 into the working directory when a graph does not compile."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(params=["pynative", "graph"])
def compiled(request):
    """Give a function that returns a function as it is, or compiled into a graph."""
    return (lambda function: function) if request.param == "pynative" else mindspore.jit
