# SPDX-License-Identifier: Apache-2.0
"""How the tests of MindSpore's losses run: in a process of their own, each in both modes where it says so."""

import pytest

mindspore = pytest.importorskip("mindspore")


@pytest.fixture(autouse=True)
def _in_scratch_folder(tmp_path, monkeypatch):
    """MindSpore writes a folder rank_0 into the working directory when a graph does not compile."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(params=["pynative", "graph"])
def compiled(request):
    """Give a function that returns a function as it is, or compiled into a graph."""
    return (lambda function: function) if request.param == "pynative" else mindspore.jit
