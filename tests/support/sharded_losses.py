# SPDX-License-Identifier: Apache-2.0
"""What the processes of tests/torch/test_many_devices.py do, on every rank alike."""

from collections.abc import Sequence
from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.distributed.tensor import DTensor, Partial, Placement, Replicate, Shard, distribute_tensor
from torch.distributed.tensor.debug import CommDebugMode
from torch.distributed.tensor.device_mesh import DeviceMesh, init_device_mesh

import ascend_bce.torch as ours
from torch_launches import recorded_launches

OURS = {"logits": ours.binary_cross_entropy_with_logits, "probabilities": ours.binary_cross_entropy}
THEIRS = {"logits": F.binary_cross_entropy_with_logits, "probabilities": F.binary_cross_entropy}
ROLES = ("input", "target", "weight", "pos_weight")


@cache
def make_mesh(*sizes: int) -> DeviceMesh:
    """Make a mesh of all processes, in one dimension unless sizes are given.

    The same one every time: torch.compile mixes up equal ones.
    """
    return init_device_mesh("cpu", sizes or (torch.distributed.get_world_size(),))


def placements(letters: str) -> list[Placement]:
    """Make placements of letters: "R", or the number of a dimension to shard."""
    return [Replicate() if letter == "R" else Shard(int(letter)) for letter in letters]


def make_operands(kind: str, shape: Sequence[int], weights: dict[str, Sequence[int]]) -> dict[str, Tensor]:
    """Make the same float32 operands in every process."""
    generator = torch.Generator().manual_seed(0)
    operands = {
        "input": torch.randn(shape, generator=generator) * 3,
        "target": torch.rand(shape, generator=generator),
    }
    if kind == "probabilities":
        operands["input"] = operands["input"].sigmoid()
    for role, size in weights.items():
        operands[role] = torch.rand(size, generator=generator) + 0.5
    return operands


def call(function, operands: dict[str, Tensor], reduction: str) -> Tensor:
    """Call a loss."""
    input, target, *_ = operands.values()
    weights = {role: operands[role] for role in ROLES[2:] if role in operands}
    return function(input, target, reduction=reduction, **weights)


def exact(kind: str, operands: dict[str, Tensor], reduction: str) -> tuple[Tensor, dict[str, Tensor]]:
    """Compute the loss and its gradients in one process in float64, by its formula."""
    operands = {role: tensor.double().requires_grad_() for role, tensor in operands.items()}
    x, t = operands["input"], operands["target"]
    positive, negative = (
        (F.softplus(-x), F.softplus(x)) if kind == "logits" else (-torch.log(x), -torch.log1p(-x))
    )
    losses = operands.get("weight", 1) * (operands.get("pos_weight", 1) * t * positive + (1 - t) * negative)
    loss = {"none": losses, "mean": losses.mean(), "sum": losses.sum()}[reduction]
    loss.sum().backward()
    return loss.detach(), {role: tensor.grad for role, tensor in operands.items()}


def assert_right(actual: Tensor, expected: Tensor, name: str, rtol: float = 2e-6, atol: float = 1e-6) -> None:
    """Compare a DTensor with what it should be in full."""
    assert isinstance(actual, DTensor), name
    actual = actual.full_tensor().double()
    torch.testing.assert_close(
        actual, expected, rtol=rtol, atol=atol, equal_nan=True, msg=lambda text: f"{name}: {text}"
    )


def compare(
    kind: str,
    shape: Sequence[int],
    letters: dict[str, str],
    weights: dict[str, Sequence[int]],
    mesh_sizes: Sequence[int] = (),
) -> None:
    """Compare every reduction of a sharded loss and its gradients with the exact ones.

    Args:
        kind: "logits" or "probabilities".
        shape: Of input and target.
        letters: Placements of the operands by role, a letter for each dimension of the mesh.
        weights: Shapes of weight and pos_weight.
        mesh_sizes: The mesh; one dimension of all processes by default.
    """
    mesh = make_mesh(*mesh_sizes)
    plain = make_operands(kind, shape, weights)
    for reduction in "none", "mean", "sum":
        operands = {
            role: distribute_tensor(tensor, mesh, placements(letters[role])).requires_grad_()
            for role, tensor in plain.items()
        }
        loss = call(OURS[kind], operands, reduction)
        loss.sum().backward()
        expected, gradients = exact(kind, plain, reduction)
        assert_right(loss, expected, f"{reduction} loss")
        for role, tensor in operands.items():
            assert_right(tensor.grad, gradients[role], f"gradient of {role}, {reduction}")
        if reduction == "none":  # sharding changes no bit
            assert torch.equal(loss.full_tensor(), call(OURS[kind], plain, reduction))


def count_collectives(kind: str, letters: dict[str, str], reduction: str) -> tuple[int, str, dict[str, str]]:
    """Return how many collectives a loss and its gradients need, and how these are placed."""
    weights = {role: (8,) for role in letters if role in ROLES[2:]}
    operands = {
        role: distribute_tensor(tensor, make_mesh(), placements(letters[role])).requires_grad_()
        for role, tensor in make_operands(kind, (8, 8), weights).items()
    }
    with CommDebugMode() as communication:
        loss = call(OURS[kind], operands, reduction)
        loss.sum().backward()
    gradients = {role: str(tensor.grad.placements[0]) for role, tensor in operands.items()}
    return communication.get_total_counts(), str(loss.placements[0]), gradients


def mix_placements() -> None:
    """Compare losses whose operands are placed differently, and as partial results, with the exact one."""
    mesh = make_mesh()
    size = mesh.size()
    plain = make_operands("logits", (8, 8), {"weight": (8,)})
    expected, _ = exact("logits", plain, "mean")
    for letters in ("0", "1", "R"), ("1", "0", "0"), ("R", "0", "0"), ("R", "R", "0"):
        operands = {
            role: distribute_tensor(tensor, mesh, placements(letter))
            for (role, tensor), letter in zip(plain.items(), letters, strict=True)
        }
        assert_right(call(ours.binary_cross_entropy_with_logits, operands, "mean"), expected, str(letters))
    operands["input"] = DTensor.from_local(plain["input"] / size, mesh, [Partial()])
    assert_right(call(ours.binary_cross_entropy_with_logits, operands, "mean"), expected, "partial logits")


def call_operators() -> None:
    """Compare every operator of torch.ops.ascend_bce, called without autograd, with the exact values."""
    mesh = make_mesh()
    for kind, name in (
        ("logits", "binary_cross_entropy_with_logits"),
        ("probabilities", "binary_cross_entropy"),
    ):
        plain = make_operands(kind, (7, 3), {"weight": (3,)})
        operands = [distribute_tensor(tensor, mesh, [Shard(0)]) for tensor in plain.values()][:2]
        operands.append(distribute_tensor(plain["weight"], mesh, [Replicate()]))
        operands += [None] if kind == "logits" else []
        operators = [
            getattr(torch.ops.ascend_bce, name + end) for end in ("", "_backward", "_target_backward")
        ]
        for number, reduction in enumerate(("none", "mean", "sum")):
            loss, gradients = exact(kind, plain, reduction)
            outer = torch.ones((7, 3) if reduction == "none" else ())
            outer = distribute_tensor(outer, mesh, [Shard(0) if reduction == "none" else Replicate()])
            for mode in torch.no_grad, torch.inference_mode:
                with mode():
                    assert_right(operators[0](*operands, number), loss, f"{name}, {reduction}")
                    for operator, role in zip(operators[1:], ("input", "target"), strict=True):
                        gradient = operator(outer, *operands, number)
                        assert_right(gradient, gradients[role], f"{name}, {reduction}, {role}")


def reach_the_kernels() -> list[str]:
    """Check modules of torch under install(), and return the names of the aclnn functions they launch."""
    mesh = make_mesh()
    with recorded_launches() as names:
        for kind, module in ("logits", torch.nn.BCEWithLogitsLoss), ("probabilities", torch.nn.BCELoss):
            plain = make_operands(kind, (5, 3), {"weight": (3,)})
            expected, gradients = exact(kind, plain, "mean")
            x, t = (distribute_tensor(plain[role], mesh, [Shard(0)]) for role in ROLES[:2])
            x.requires_grad_()
            model = torch.distributed.tensor.distribute_module(module(plain["weight"]), mesh)
            with ours.install():
                loss = model(x, t)
                loss.backward()
            assert_right(loss, expected, str(module))
            assert_right(x.grad, gradients["input"], str(module))
    return names


def average_half_types() -> None:
    """Check the mean of losses whose sum float16 does not hold, and that it keeps their digits."""
    for dtype in torch.float16, torch.bfloat16:
        x = torch.linspace(-60, 60, 4096 * 2 + 2, dtype=dtype).reshape(-1, 2)
        t = torch.zeros_like(x)
        sharded = [distribute_tensor(tensor, make_mesh(), [Shard(0)]) for tensor in (x, t)]
        loss = ours.binary_cross_entropy_with_logits(*sharded)
        assert loss.dtype is dtype
        precision = torch.finfo(dtype).eps
        expected = F.softplus(x.double()).mean()
        assert_right(loss, expected, str(dtype), rtol=2 * precision, atol=0)


def differentiate_twice() -> None:
    """Compare second derivatives of sharded losses with torch's in float64."""
    plain = make_operands("logits", (5, 3), {"pos_weight": (3,)})
    for reduction in "mean", "sum":

        def squared_gradient(function, operands, reduction=reduction):
            loss = call(function, operands, reduction)
            (gradient,) = torch.autograd.grad(loss, operands["input"], create_graph=True)
            gradient.square().sum().backward()
            return operands["input"].grad

        sharded = {
            role: distribute_tensor(tensor, make_mesh(), [Shard(tensor.dim() - 1)]).requires_grad_()
            for role, tensor in plain.items()
        }
        double = {role: tensor.double() for role, tensor in plain.items()}
        double["input"].requires_grad_()
        actual = squared_gradient(OURS["logits"], sharded)
        assert_right(actual, squared_gradient(THEIRS["logits"], double), reduction)


def compile_it() -> None:
    """Compare a compiled loss of DTensors, and its gradient, with the exact ones."""
    plain = make_operands("logits", (7, 3), {"pos_weight": (3,)})
    expected, gradients = exact("logits", plain, "mean")
    x, t = (distribute_tensor(plain[role], make_mesh(), [Shard(0)]) for role in ROLES[:2])
    x.requires_grad_()
    pos_weight = distribute_tensor(plain["pos_weight"], make_mesh(), [Replicate()])
    compiled = torch.compile(ours.binary_cross_entropy_with_logits, backend="aot_eager", fullgraph=True)
    loss = compiled(x, t, pos_weight=pos_weight)
    loss.backward()
    assert_right(loss, expected, "loss")
    assert_right(x.grad, gradients["input"], "gradient")


def train(how: str) -> None:
    """Compare the parameters of a model after some steps of parallel training with those of a single process.

    Args:
        how: "data" (DistributedDataParallel), "fully sharded" (fully_shard), "classes" (the last layer and
            its labels sharded by classes).
    """
    mesh = make_mesh()
    rank, size = mesh.get_rank(), mesh.size()
    generator = torch.Generator().manual_seed(1)
    inputs = torch.randn(2 * size, 6, generator=generator)
    labels = torch.rand(2 * size, 5, generator=generator).round()
    mine = slice(2 * rank, 2 * rank + 2) if how != "classes" else slice(None)

    def make_model() -> torch.nn.Sequential:
        torch.manual_seed(2)
        return torch.nn.Sequential(torch.nn.Linear(6, 8), torch.nn.Tanh(), torch.nn.Linear(8, 5))

    def fit(model, inputs, labels, loss_function) -> None:
        optimizer = torch.optim.AdamW(model.parameters(), lr=0.05)
        for _ in range(3):
            optimizer.zero_grad()
            loss_function(model(inputs), labels).backward()
            optimizer.step()

    model, targets = make_model(), labels[mine]
    loss_function = ours.BCEWithLogitsLoss(pos_weight=torch.linspace(1, 3, 5))
    parallel = model
    if how == "data":
        parallel = torch.nn.parallel.DistributedDataParallel(model)
    elif how == "fully sharded":
        torch.distributed.fsdp.fully_shard(model, mesh=mesh)
    else:
        last = torch.distributed.tensor.parallel.ColwiseParallel(use_local_output=False)
        torch.distributed.tensor.parallel.parallelize_module(model, mesh, {"2": last})
        targets = distribute_tensor(labels, mesh, [Shard(1)])
        loss_function.pos_weight = distribute_tensor(loss_function.pos_weight, mesh, [Shard(0)])
    fit(parallel, inputs[mine], targets, loss_function)

    reference = make_model()
    fit(reference, inputs, labels, torch.nn.BCEWithLogitsLoss(pos_weight=torch.linspace(1, 3, 5)))
    for actual, expected in zip(model.parameters(), reference.parameters(), strict=True):
        actual = actual.full_tensor() if isinstance(actual, DTensor) else actual
        torch.testing.assert_close(actual, expected, rtol=1e-4, atol=1e-5)
