# SPDX-License-Identifier: Apache-2.0
"""That `install` puts the losses in torch's place, where they can stand there, and gives it back."""

import inspect

import pytest
import torch

from ascend_bce.torch import install

functional = torch.nn.functional
NAMES = ("binary_cross_entropy", "binary_cross_entropy_with_logits")
THEIRS = {name: getattr(functional, name) for name in NAMES}


def is_torchs_own():
    return all(getattr(functional, name) is THEIRS[name] for name in NAMES)


@pytest.mark.parametrize("module", [torch.nn.BCELoss, torch.nn.BCEWithLogitsLoss])
def test_a_model_that_knows_nothing_of_it_runs_on_our_kernels(launches, module):
    x, t = torch.rand(4, 3, requires_grad=True), torch.rand(4, 3)
    model = module(weight=torch.rand(3))
    expected = model(x, t)
    assert not launches
    handle = install()
    loss = model(x, t)
    loss.backward()
    assert len(launches) == 2
    handle.remove()
    assert is_torchs_own()
    model(x, t)
    assert len(launches) == 2
    torch.testing.assert_close(loss, expected)


def test_it_is_a_context_manager_and_removed_on_errors(launches):
    def fail():
        functional.binary_cross_entropy_with_logits(torch.rand(3), torch.rand(3))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), install():
        fail()
    assert len(launches) == 1
    assert is_torchs_own()


def test_all_arguments_may_be_given_by_position(launches):
    x, t, weight, pos_weight = torch.rand(4, 3)
    with install():
        loss = functional.binary_cross_entropy_with_logits(x, t, weight, None, None, "sum", pos_weight)
    assert len(launches) == 1
    torch.testing.assert_close(loss, THEIRS[NAMES[1]](x, t, weight, reduction="sum", pos_weight=pos_weight))
    with install():
        for name in NAMES:
            assert inspect.signature(getattr(functional, name)) == inspect.signature(THEIRS[name])
            assert getattr(functional, name).__doc__ == THEIRS[name].__doc__


def test_torch_computes_what_the_kernels_do_not_take(launches):
    x, t = torch.rand(4, 3), torch.rand(4, 3)
    with install():
        for arguments in (
            (x.double(), t.double()),
            (x.to("meta"), t.to("meta")),
            (x, t.double()),
        ):
            loss = functional.binary_cross_entropy_with_logits(*arguments)
            assert loss.dtype == arguments[1].dtype
        with pytest.raises(RuntimeError, match="all elements of input should be between 0 and 1"):
            functional.binary_cross_entropy(x + 1, t)
        with pytest.raises(ValueError, match="must be the same as input size"):
            functional.binary_cross_entropy_with_logits(x, t[0])
        launches.clear()
        with pytest.raises(RuntimeError, match="all elements of target should be between 0 and 1"):
            functional.binary_cross_entropy(x, t + 1)
    assert not launches


def test_subclasses_of_tensor_are_told_torchs_own_function():
    seen = []

    class Recorder(torch.Tensor):
        @classmethod
        def __torch_function__(cls, function, types, arguments=(), options=None):
            seen.append(function)
            return super().__torch_function__(function, types, arguments, options or {})

    with install():
        functional.binary_cross_entropy_with_logits(torch.rand(3).as_subclass(Recorder), torch.rand(3))
    assert seen[0] is THEIRS["binary_cross_entropy_with_logits"]


def test_devices_are_those_asked_for(launches):
    with install(devices=[]):
        functional.binary_cross_entropy_with_logits(torch.rand(3), torch.rand(3))
    assert not launches
    with install(devices=["cpu"]):
        functional.binary_cross_entropy_with_logits(torch.rand(3), torch.rand(3))
    assert len(launches) == 1
    with pytest.raises(ValueError, match="the backend simulator serves cpu, not cuda, npu"):
        install(devices=["npu", "cuda", "cpu"])
    assert is_torchs_own()


def test_handles_may_be_removed_in_any_order_and_again(launches):
    first, second = install(), install()
    first.remove()
    first.remove()
    functional.binary_cross_entropy_with_logits(torch.rand(3), torch.rand(3))
    assert len(launches) == 1
    second.remove()
    functional.binary_cross_entropy_with_logits(torch.rand(3), torch.rand(3))
    assert len(launches) == 1


def test_compiled_models_reach_it(launches):
    torch._dynamo.reset()
    x, t = torch.rand(4, 3, requires_grad=True), torch.rand(4, 3)
    with install():
        loss = torch.compile(torch.nn.BCEWithLogitsLoss(), fullgraph=True, backend="aot_eager")(x, t)
        loss.backward()
    assert len(launches) == 2
    torch.testing.assert_close(loss, THEIRS["binary_cross_entropy_with_logits"](x, t))
