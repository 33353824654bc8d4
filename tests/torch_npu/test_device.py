# SPDX-License-Identifier: Apache-2.0
"""The simulated device as torch_npu sees it."""

import subprocess
import sys

import pytest
import torch

from npu_streams import held

GIGABYTE = 2**30
DTYPES = [torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int32, torch.uint8, torch.bool]


def test_devices():
    assert torch.npu.is_available()
    assert torch.npu.device_count() == 2
    assert torch.npu.get_device_name(1) == "Ascend910B1"
    assert torch.npu.mem_get_info(1)[1] == GIGABYTE


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_tensors_come_back_as_they_were(dtype):
    tensor = torch.randint(0, 2, (3, 5)).to(dtype)
    assert torch.equal(tensor.to("npu").cpu(), tensor)
    assert torch.equal(tensor.to("npu:0").to("npu:1").cpu(), tensor)


@pytest.mark.parametrize("to", DTYPES, ids=str)
def test_casts_are_those_of_the_cpu(to):
    values = torch.tensor([0.0, 1.0, 2.5, 3.1415927, 100.7])
    assert torch.equal(values.to("npu").to(to).cpu(), values.to(to))


def test_strided_views():
    tensor = torch.arange(60.0).reshape(3, 4, 5)
    on_device = tensor.to("npu")
    for view in (
        lambda t: t.transpose(0, 2),
        lambda t: t[:, ::2, 1:4],
        lambda t: t[1].expand(2, 4, 5),
        lambda t: t.permute(2, 0, 1)[::2],
    ):
        assert torch.equal(view(on_device).contiguous().cpu(), view(tensor).contiguous())
        assert torch.equal(view(on_device).cpu(), view(tensor))
    on_device.transpose(0, 2)[::2].copy_(torch.zeros(3, 4, 3))
    tensor.transpose(0, 2)[::2].copy_(torch.zeros(3, 4, 3))
    assert torch.equal(on_device.cpu(), tensor)


def test_memory_is_counted():
    torch.npu.empty_cache()
    free = torch.npu.mem_get_info()[0]
    tensor = torch.empty(2**26, dtype=torch.uint8, device="npu")
    assert torch.npu.memory_allocated() >= 2**26
    assert free - torch.npu.mem_get_info()[0] >= 2**26
    del tensor
    torch.npu.empty_cache()
    assert torch.npu.mem_get_info()[0] == free


def test_memory_ends():
    with pytest.raises(torch.OutOfMemoryError, match="NPU out of memory"):
        torch.empty(2 * GIGABYTE, dtype=torch.uint8, device="npu")
    assert torch.zeros(3, device="npu").cpu().tolist() == [0, 0, 0]


def test_stream_does_its_work_in_order_and_alone():
    stream = torch.npu.Stream()
    source, result = torch.arange(1000.0, device="npu"), torch.zeros(1000, device="npu")
    torch.npu.synchronize()
    with held(stream):
        with torch.npu.stream(stream):
            result.copy_(source)
            result[::2].copy_(source[1::2])
        assert not stream.query()
        # The default stream goes on meanwhile.
        assert result.cpu().count_nonzero() == 0
    stream.synchronize()
    assert stream.query()
    expected = torch.arange(1000.0)
    expected[::2] = expected[1::2].clone()
    assert torch.equal(result.cpu(), expected)


def test_event_makes_a_stream_wait():
    first, second = torch.npu.Stream(), torch.npu.Stream()
    source, between = torch.ones(1000, device="npu"), torch.zeros(1000, device="npu")
    result = torch.zeros(1000, device="npu")
    torch.npu.synchronize()
    done = torch.npu.Event()
    with held(first):
        with torch.npu.stream(first):
            between.copy_(source)
            done.record()
        with torch.npu.stream(second):
            second.wait_event(done)
            result.copy_(between)
        assert not done.query()
        assert not second.query()
    second.synchronize()
    assert done.query()
    assert torch.equal(result.cpu(), torch.ones(1000))


def test_events_tell_the_time():
    start, end = torch.npu.Event(enable_timing=True), torch.npu.Event(enable_timing=True)
    start.record()
    torch.zeros(1000, device="npu").copy_(torch.ones(1000, device="npu"))
    end.record()
    end.synchronize()
    assert start.elapsed_time(end) > 0


def test_pinned_memory_is_copied_when_the_stream_comes_to_it():
    stream = torch.npu.Stream()
    source, result = torch.zeros(1000).pin_memory(), torch.zeros(1000, device="npu")
    torch.npu.synchronize()
    with held(stream):
        with torch.npu.stream(stream):
            result.copy_(source, non_blocking=True)
        source.fill_(7)
    stream.synchronize()
    assert torch.equal(result.cpu(), torch.full((1000,), 7.0))


def test_other_operators_are_computed_by_the_cpu():
    torch.manual_seed(0)
    a, b = torch.randn(6, 4), torch.randn(4, 5)
    for compute in (
        torch.mm,
        lambda a, b: torch.nn.functional.softmax(a @ b, dim=1),
        lambda a, b: torch.topk(a.t() + b[:, :1], 3),
        lambda a, b: a.clone().add_(b[:, :1].t()).sum(0),
        lambda a, b: torch.cat([a.flatten(), b.flatten()]).sort().values[::3],
        lambda a, b: a.argmax() + b.isnan().any(),
        lambda a, b: torch.add(a, 1, out=torch.empty(0, device=a.device)),
    ):
        torch.testing.assert_close(
            torch.utils._pytree.tree_map(lambda t: t.cpu(), compute(a.npu(), b.npu())),
            compute(a, b),
            rtol=0,
            atol=0,
        )


def test_generators_of_one_seed_draw_the_same():
    first, second = (
        torch.rand(5, device="npu", generator=torch.Generator("npu").manual_seed(3)) for _ in range(2)
    )
    assert torch.equal(first.cpu(), second.cpu())


def test_operator_that_is_not_simulated_says_its_name(tmp_path):
    # In a process of its own: after an error a task queue of torch_npu does nothing any more.
    script = tmp_path / "script.py"
    script.write_text(
        "import torch, torch_npu\n"
        "torch_npu.npu_fast_gelu(torch.ones(3, device='npu'))\n"
        "torch.npu.synchronize()  # a task queue tells of errors later\n"
    )
    ran = subprocess.run(
        [sys.executable, "-m", "ascend_bce", "npu-sim", script], capture_output=True, text=True
    )
    assert ran.returncode == 1, ran.stderr
    error = ran.stderr[ran.stderr.index("RuntimeError") :]
    assert "operator type FastGelu is not simulated" in error


@pytest.mark.one_queue
def test_command_runs_a_script(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import sys, torch, torch_npu\n"
        "print(sys.argv[1:], torch.npu.device_count(), torch.npu.mem_get_info(2)[1],\n"
        "      torch.npu.get_device_name(2), torch.ones(2, device='npu:2').sum().item())\n"
    )
    options = ["--devices", "3", "--memory", "100000000", "--soc", "Ascend910B3"]
    ran = subprocess.run(
        [sys.executable, "-m", "ascend_bce", "npu-sim", *options, script, "--an", "option"],
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == "['--an', 'option'] 3 100000000 Ascend910B3 2.0\n"
