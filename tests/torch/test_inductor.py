# SPDX-License-Identifier: Apache-2.0
"""Models compiled by Inductor, whose code calls the operators. That takes a C++ compiler, and time."""

import pytest
import torch
import torch._inductor.config

from torch_models import model


@torch._inductor.config.patch(compile_threads=1)  # leaves no processes behind
@pytest.mark.parametrize("dynamic", [False, True])
def test_losses_and_all_gradients(dynamic, tmp_path, monkeypatch):
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path))
    torch._dynamo.reset()
    compiled = torch.compile(model, fullgraph=True, dynamic=dynamic)
    for rows in (4, 7) if dynamic else (4,):
        torch.manual_seed(0)
        shapes = (rows, 5), (rows, 5), (5,), (rows, 1)
        tensors = [torch.rand(shape, requires_grad=True) for shape in shapes]
        results = []
        for function in compiled, model:
            loss = function(*tensors)
            results.append((loss, torch.autograd.grad(loss, tensors)))
        torch.testing.assert_close(*results)
