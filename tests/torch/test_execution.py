# SPDX-License-Identifier: Apache-2.0
"""How the losses run: same bits everywhere, the checked build, memory, threads, fork."""

import multiprocessing
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from ascend_bce.simulator import _library as simulator
from ascend_bce.torch import binary_cross_entropy_with_logits
from torch_problems import REDUCTIONS, problems


def loss_and_gradient(problem, reduction):
    """Return the bits of a loss and of its gradient."""
    input = problem.input.detach().requires_grad_()
    loss = binary_cross_entropy_with_logits(
        input, problem.target, problem.weight, reduction=reduction, pos_weight=problem.pos_weight
    )
    (gradient,) = torch.autograd.grad(loss, input, torch.ones_like(loss))
    return bits(loss.detach()), bits(gradient)


def bits(tensor):
    return tensor.contiguous().view(torch.int32 if tensor.dtype == torch.float32 else torch.int16)


@pytest.fixture(autouse=True)
def restored_settings():
    yield
    set_checks("none")
    set_soc("Host")


def set_checks(checks):
    simulator.call("ascend_sim_set_checks", checks.encode())


def set_soc(soc):
    simulator.call("ascend_sim_set_soc", soc.encode())


@settings(max_examples=300)
@given(problem=problems(), reduction=st.sampled_from(REDUCTIONS))
def test_checked_build_finds_nothing_and_gives_the_same_bits(problem, reduction):
    set_checks("none")
    fast = loss_and_gradient(problem, reduction)
    set_checks("all")
    checked = loss_and_gradient(problem, reduction)
    for one, other in zip(fast, checked, strict=True):
        assert torch.equal(one, other)


# Lengths on both sides of what one core, one tile and one chunk of the reduction hold.
@pytest.mark.parametrize(
    "shape", [(1,), (1000,), (8193,), (70_001,), (1_000_003,), (700, 701), (64, 3, 33, 35)]
)
@pytest.mark.parametrize("soc", ["Ascend910B1", "Ascend910B3"])
def test_every_soc_gives_the_same_bits(soc, shape):
    torch.manual_seed(0)
    x, t = torch.randn(shape) * 5, torch.rand(shape)
    weight, pos_weight = torch.rand(shape[-1:]), torch.rand(shape[:1] + (1,) * (len(shape) - 1)) * 9
    for weights in (None, None), (weight, None), (None, pos_weight), (weight, pos_weight):
        for reduction in REDUCTIONS:
            results = []
            for name in "Host", soc:
                set_soc(name)
                input = x.clone().requires_grad_()
                loss = binary_cross_entropy_with_logits(
                    input, t, weights[0], reduction=reduction, pos_weight=weights[1]
                )
                (gradient,) = torch.autograd.grad(loss, input, torch.ones_like(loss))
                results.append((bits(loss.detach()), bits(gradient)))
            for one, other in zip(*results, strict=True):
                assert torch.equal(one, other), (reduction, weights)


DIGEST = """
import hashlib, torch
from ascend_bce.torch import binary_cross_entropy_with_logits
torch.manual_seed(0)
digest = hashlib.sha256()
for shape in (5,), (8193,), (300_007,), (100, 1001):
    x, t, w = torch.randn(shape).mul_(5).requires_grad_(), torch.rand(shape), torch.rand(shape[-1:])
    for reduction in "none", "mean", "sum":
        loss = binary_cross_entropy_with_logits(x, t, w, reduction=reduction)
        (gradient,) = torch.autograd.grad(loss, x, torch.ones_like(loss))
        digest.update(loss.detach().numpy().tobytes() + gradient.numpy().tobytes())
print(digest.hexdigest())
"""


def test_threads_and_soc_of_the_environment_change_no_bit():
    def digest(**environment):
        result = subprocess.run(
            [sys.executable, "-c", DIGEST], env={**os.environ, **environment}, capture_output=True, text=True
        )
        assert result.returncode == 0, result.stderr
        return result.stdout

    expected = digest(OMP_NUM_THREADS="1")
    assert digest(OMP_NUM_THREADS="2") == expected
    assert digest(OMP_NUM_THREADS="3", ASCEND_SIM_SOC="Ascend910B1") == expected
    assert digest(ASCEND_SIM_SOC="Ascend910B3", ASCEND_SIM_CHECKS="all") == expected


THREADS = """
import os, sys, torch
from ascend_bce.torch import _native, binary_cross_entropy_with_logits
if sys.argv[1] == "by ctypes":
    _native.operators.update(dict.fromkeys(_native.NAMES, _native.take_nothing))
x, t = torch.zeros(2**20, requires_grad=True), torch.zeros(2**20)
def made_by_losses():
    before = len(os.listdir("/proc/self/task"))
    for _ in range(20):
        for reduction, outer in ("mean", torch.tensor(2.0)), ("none", t):
            loss = binary_cross_entropy_with_logits(x, t, reduction=reduction)
            torch.autograd.grad(loss, x, outer)  # what torch adds to nothing takes no threads of its own
    return len(os.listdir("/proc/self/task")) - before
torch.set_num_threads(1)
print(made_by_losses())
torch.set_num_threads(4)
print(made_by_losses())
"""


@pytest.mark.parametrize("way", ["native", "by ctypes"])
def test_the_number_of_threads_is_torch_s(way):
    def made(threads):
        result = subprocess.run(
            [sys.executable, "-c", THREADS, way],
            env={**os.environ, "OMP_NUM_THREADS": str(threads)}, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return [int(line) for line in result.stdout.split()]

    with_one, with_four = made(3)
    assert with_one == 0
    assert with_four > 0
    assert made(1) == [0, 0]


LENT_THREADS = """
import os, torch
from ascend_bce.torch import binary_cross_entropy_with_logits
x, t = torch.zeros(2**20, requires_grad=True), torch.zeros(2**20)
torch.exp(t)
before = len(os.listdir("/proc/self/task"))
for _ in range(20):  # not sums: where their blocks wait for one that is late, the simulator adds a thread
    torch.autograd.grad(binary_cross_entropy_with_logits(x, t, reduction="none"), x, t)
print(before, len(os.listdir("/proc/self/task")))
"""


def test_the_threads_are_torch_s():
    result = subprocess.run(
        [sys.executable, "-c", LENT_THREADS],
        env={**os.environ, "OMP_NUM_THREADS": "3"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    before, after = result.stdout.split()
    assert before == after


def test_python_threads_have_numbers_of_threads_of_their_own():
    torch.manual_seed(0)
    x, t = torch.randn(200_003), torch.rand(200_003)
    expected = binary_cross_entropy_with_logits(x, t)

    def differing(threads):
        torch.set_num_threads(threads)
        return sum(not torch.equal(binary_cross_entropy_with_logits(x, t), expected) for _ in range(50))

    threads = torch.get_num_threads()
    try:
        with ThreadPoolExecutor(3) as pool:
            assert list(pool.map(differing, (1, 2, 3))) == [0, 0, 0]
    finally:
        torch.set_num_threads(threads)


PEAK = """
import resource, torch
from ascend_bce.torch import binary_cross_entropy_with_logits
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
x, t = torch.full([2**26], 0.5), torch.full([2**26], 0.25)
small = binary_cross_entropy_with_logits(x[:4096], t[:4096])
before = peak()
loss = binary_cross_entropy_with_logits(x, t)
print(peak() - before, loss.item(), small.item())
"""


def test_a_mean_over_64_million_elements_needs_less_than_8_megabytes():
    result = subprocess.run([sys.executable, "-c", PEAK], capture_output=True, text=True, check=True)
    kilobytes, loss, small = result.stdout.split()
    assert int(kilobytes) < 8 * 1024
    assert float(loss) == pytest.approx(float(small), rel=1e-6)


def test_calls_from_several_threads_do_not_disturb_each_other():
    torch.manual_seed(0)
    arguments = [(torch.randn(n), torch.rand(n)) for n in (10, 5000, 20_000, 100_003)]
    expected = [binary_cross_entropy_with_logits(*pair) for pair in arguments]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(25):
            losses = pool.map(lambda pair: binary_cross_entropy_with_logits(*pair), arguments)
            assert all(torch.equal(one, other) for one, other in zip(losses, expected, strict=True))


def _loss_in_child(queue, x, t):
    queue.put(binary_cross_entropy_with_logits(x, t).item())


FIRST_CALL_IN_CHILD = """
import multiprocessing, sys, torch
from ascend_bce.torch import binary_cross_entropy_with_logits
x = torch.zeros(1_000_000)
torch.exp(x)  # whose threads the child does not have
child = multiprocessing.get_context("fork").Process(target=binary_cross_entropy_with_logits, args=(x, x))
child.start()
child.join(60)
print(child.exitcode)
child.kill()
"""


def test_a_forked_process_can_call_it_first():
    result = subprocess.run(
        [sys.executable, "-c", FIRST_CALL_IN_CHILD],
        env={**os.environ, "OMP_NUM_THREADS": "2"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert result.stdout == "0\n"


def test_a_forked_process_can_call_it():
    x, t = torch.randn(200_000), torch.rand(200_000)
    expected = binary_cross_entropy_with_logits(x, t).item()
    context = multiprocessing.get_context("fork")
    queue = context.SimpleQueue()
    child = context.Process(target=_loss_in_child, args=(queue, x, t), daemon=True)
    child.start()
    child.join(60)
    assert child.exitcode == 0
    assert queue.get() == expected
