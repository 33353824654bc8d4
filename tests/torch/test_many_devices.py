# SPDX-License-Identifier: Apache-2.0
"""The losses of DTensors, in 2 and in 4 processes, against float64 in one process."""

import pytest

import sharded_losses as losses
from process_group import ProcessGroup

TWO, FOUR = (pytest.mark.parametrize("processes", [size], indirect=True) for size in (2, 4))


@pytest.fixture(scope="module", params=[2, 4])
def processes(request, tmp_path_factory):
    with ProcessGroup(request.param, tmp_path_factory.mktemp("group")) as group:
        yield group


# On 4 devices: 8 rows are shared evenly, 7 unevenly, of 5 the last device has none, and 3, 1 and 0 leave
# several without any.
@pytest.mark.parametrize(
    ("kind", "rows"),
    [*(("logits", rows) for rows in (8, 7, 5, 3, 1, 0)), *(("probabilities", rows) for rows in (7, 5, 0))],
)
def test_rows_of_any_number_are_sharded(processes, kind, rows):
    letters = {"input": "0", "target": "0", "weight": "R", "pos_weight": "0"}
    weights = {"weight": (5,), "pos_weight": (rows, 1)}
    if kind == "probabilities":
        del weights["pos_weight"]
    processes.run(losses.compare, kind, (rows, 5), letters, weights)


@FOUR
@pytest.mark.parametrize(
    ("weight", "pos_weight", "weight_shape", "pos_weight_shape"),
    [
        ("0", "1", (7,), (4, 7)),
        ("R", "2", (7,), (2, 1, 7)),
        ("R", "0", (4, 1), (1, 7)),
        ("R", "R", (), (1, 1, 1)),
        ("0", "0", (2, 4, 7), (2, 4, 7)),
    ],
)
def test_weights_are_broadcast_and_sharded(processes, weight, pos_weight, weight_shape, pos_weight_shape):
    letters = {"input": "2", "target": "2", "weight": weight, "pos_weight": pos_weight}
    weights = {"weight": weight_shape, "pos_weight": pos_weight_shape}
    processes.run(losses.compare, "logits", (2, 4, 7), letters, weights)


@FOUR
@pytest.mark.parametrize("letters", ["01", "10", "00", "R1"])
def test_meshes_have_two_dimensions(processes, letters):
    roles = {"input": letters, "target": letters, "weight": "R0" if letters[1] == "1" else "RR"}
    processes.run(losses.compare, "logits", (9, 6), roles, {"weight": (6,)}, (2, 2))


@TWO
def test_losses_without_dimensions_are_replicated(processes):
    processes.run(losses.compare, "logits", (), {"input": "R", "target": "R"}, {})


@TWO
@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
@pytest.mark.parametrize("kind", ["logits", "probabilities"])
def test_shards_are_computed_where_they_are(processes, kind, reduction):
    letters = {"input": "1", "target": "1", "weight": "0"}
    loss = "S(1)" if reduction == "none" else "P(sum)"
    outcome = processes.run(losses.count_collectives, kind, letters, reduction)[0]
    assert outcome == (0, loss, {"input": "S(1)", "target": "S(1)", "weight": "S(0)"})
    letters = {"input": "0", "target": "0", "weight": "R"}
    loss = "S(0)" if reduction == "none" else "P(sum)"
    outcome = processes.run(losses.count_collectives, kind, letters, reduction)[0]
    assert outcome == (0, loss, {"input": "S(0)", "target": "S(0)", "weight": "P(sum)"})


@FOUR
def test_operands_may_be_placed_differently(processes):
    processes.run(losses.mix_placements)


@FOUR
def test_operators_follow_their_rules_without_autograd(processes):
    processes.run(losses.call_operators)


@TWO
def test_modules_of_torch_reach_the_kernels(processes):
    for names in processes.run(losses.reach_the_kernels):
        assert names == [
            "aclnnBinaryCrossEntropyWithLogits",
            "aclnnBinaryCrossEntropyWithLogitsBackward",
            "aclnnBinaryCrossEntropy",
            "aclnnBinaryCrossEntropyBackward",
        ]


@FOUR
def test_the_mean_of_half_types_keeps_its_digits(processes):
    processes.run(losses.average_half_types)


@TWO
def test_second_derivatives(processes):
    processes.run(losses.differentiate_twice)


@TWO
def test_compiled_losses(processes):
    processes.run(losses.compile_it)


@pytest.mark.parametrize("how", ["data", "fully sharded", "classes"])
def test_parallel_training_is_that_of_one_process(processes, how):
    processes.run(losses.train, how)
