# SPDX-License-Identifier: Apache-2.0
"""Operators from their sources: definition, inference, tiling and launch as CANN does them."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest

from ascend_bce.simulator import CompileError, Operator, SimulatorError, _library, compile_operator

PACKAGE = Path(__file__).parent / "package"


def operator(name: str, kernel: str = "", soc: str = "Ascend910B1") -> Operator:
    return compile_operator(
        PACKAGE / "op_host" / f"{name}.cpp", PACKAGE / "op_kernel" / f"{kernel or name}.cpp", soc=soc
    )


@pytest.fixture(scope="module")
def scaled_add() -> Operator:
    return operator("scaled_add")


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_operator_with_optional_input_and_attribute(scaled_add: Operator, dtype: type) -> None:
    x = np.arange(1000, dtype=dtype).reshape(10, 100)
    y = np.ones_like(x)
    run = scaled_add(x, y, attributes={"alpha_value": 0.5})
    assert run.findings == []
    (z,) = run.outputs
    assert z.dtype == dtype
    np.testing.assert_array_equal(z, x * dtype(0.5) + y)
    # 4 tiles of 256 elements on 48 cores, the key of a launch with y.
    assert (run.tiling.block_dim, run.tiling.tiling_key) == (4, 0)
    assert scaled_add.tile(x, None).tiling_key == 1


def test_launch_options_and_results_in_place(scaled_add: Operator) -> None:
    x, z = np.ones((2, 16384), np.float32)
    assert scaled_add(x, x, outputs=[z], checks="none").outputs[0] is z
    assert (z == 2).all()
    single = np.zeros_like(x)
    run = scaled_add(x, x, outputs=[single], blocks=[3])
    assert run.tiling.block_dim == 48
    assert 0 < np.count_nonzero(single) < single.size


def test_the_tiling_is_that_of_the_soc() -> None:
    x = np.ones(100_000, np.float32)
    assert operator("scaled_add", soc="Ascend910B4").tile(x, None).block_dim == 40


def test_a_thread_s_limit_holds_for_the_cores_that_are_threads() -> None:
    x = np.ones(100_000, np.float32)
    host, device = operator("scaled_add", soc="Host"), operator("scaled_add")
    threads = host.tile(x, None).block_dim
    limit_threads = _library.load().ascend_sim_limit_threads
    try:
        assert limit_threads(1) == 0
        assert [one.tile(x, None).block_dim for one in (host, device)] == [1, 48]
        with ThreadPoolExecutor(1) as other:
            assert other.submit(lambda: host.tile(x, None).block_dim).result() == threads
        assert limit_threads(threads + 1) == 1
        assert host.tile(x, None).block_dim == threads
    finally:
        limit_threads(0)
    assert host.tile(x, None).block_dim == threads


def test_kernel_template_chosen_by_the_tiling() -> None:
    scale = operator("template_scale")
    x = np.arange(64, dtype=np.float32)
    y = np.zeros_like(x)
    for factor, negate in ((3, False), (10, True)):
        run = scale(x, outputs=[y], attributes={"factor": factor, "negate": negate})
        assert run.findings == []
        np.testing.assert_array_equal(y, x * (-factor if negate else factor))
    with pytest.raises(ValueError, match="infers no shapes"):
        scale(x, attributes={"factor": 3, "negate": False})
    with pytest.raises(ValueError, match="needs the attribute factor"):
        scale(x, outputs=[y])


SUM_DEFINITION = """
#include "register/op_def_registry.h"
static ge::graphStatus Tiling(gert::TilingContext* context)
{
    context->SetBlockDim(4);
    context->GetWorkspaceSizes(1)[0] = 256;
    const int64_t mode = *context->GetAttrs()->GetInt(0);
    return mode < 0 ? ge::GRAPH_SUCCESS : context->SetScheduleMode(static_cast<uint32_t>(mode));
}
namespace ops {
class Sum : public OpDef {
public:
    explicit Sum(const char* name) : OpDef(name)
    {
        Input("x").ParamType(REQUIRED).DataType({ge::DT_FLOAT}).Format({ge::FORMAT_ND});
        Output("y").ParamType(REQUIRED).DataType({ge::DT_FLOAT}).Format({ge::FORMAT_ND});
        Attr("mode").AttrType(OPTIONAL).Int(-1);
        AICore().SetTiling(Tiling).AddConfig("ascend910b");
    }
};
OP_ADD(Sum);
}  // namespace ops
"""


def test_schedule_mode_of_the_tiling_is_seen_by_sync_all(tmp_path: Path) -> None:
    """Without SetScheduleMode the launch may begin with some of its cores only."""
    definition = tmp_path / "sum.cpp"
    definition.write_text(SUM_DEFINITION)
    zoo = Path(__file__).parents[1] / "zoo" / "sync-all-schedule-mode"
    sum_all = compile_operator(definition, zoo / "clean-batch-mode" / "kernel.cpp")
    x = np.arange(256, dtype=np.float32)
    for attributes, codes in (
        ({}, {"sync-all-schedule-mode"}),
        ({"mode": 0}, {"sync-all-schedule-mode"}),
        ({"mode": 1}, set()),
    ):
        y = np.zeros(1, np.float32)
        run = sum_all(x, outputs=[y], attributes=attributes)
        assert {finding.code for finding in run.findings} == codes
        assert y[0] == x.sum()


NODE_DEFINITION = """
#include <cstring>
#include "register/op_def_registry.h"
struct Seen {
    uint32_t is_node, inputs, outputs, definition_inputs, of_y, of_z, type_of_second, format_of_result;
};
static ge::graphStatus Tiling(gert::TilingContext* context)
{
    const gert::ComputeNodeInfo* node = context->GetComputeNodeInfo();
    auto* seen = context->GetTilingData<Seen>();
    seen->is_node = std::strcmp(node->GetNodeType(), "Node") == 0;
    seen->inputs = node->GetInputsNum();
    seen->outputs = node->GetOutputsNum();
    seen->definition_inputs = node->GetIrInputsNum();
    seen->of_y = node->GetInputInstanceInfo(1)->GetInstanceNum();
    seen->of_z = node->GetInputInstanceInfo(2)->GetInstanceNum();
    seen->type_of_second = node->GetInputTdInfo(1)->GetDataType();
    seen->format_of_result = ge::GetPrimaryFormat(node->GetOutputTdInfo(0)->GetStorageFormat());
    const bool ends = node->GetInputTdInfo(2) == nullptr && node->GetOutputTdInfo(1) == nullptr;
    context->SetBlockDim(1);
    return ends && *node->GetAttrs()->GetInt(0) == 5 ? ge::GRAPH_SUCCESS : ge::GRAPH_FAILED;
}
namespace ops {
class Node : public OpDef {
public:
    explicit Node(const char* name) : OpDef(name)
    {
        Input("x").ParamType(REQUIRED).DataType({ge::DT_FLOAT}).Format({ge::FORMAT_ND});
        Input("y").ParamType(OPTIONAL).DataType({ge::DT_FLOAT}).Format({ge::FORMAT_ND});
        Input("z").ParamType(REQUIRED).DataType({ge::DT_INT32}).Format({ge::FORMAT_ND});
        Output("out").ParamType(REQUIRED).DataType({ge::DT_FLOAT}).Format({ge::FORMAT_ND});
        Attr("five").AttrType(OPTIONAL).Int(5);
        AICore().SetTiling(Tiling).AddConfig("ascend910b");
    }
};
OP_ADD(Node);
}  // namespace ops
"""


def test_the_tiling_sees_its_node(tmp_path: Path) -> None:
    definition = tmp_path / "node.cpp"
    definition.write_text(NODE_DEFINITION)
    node = compile_operator(definition, PACKAGE / "op_kernel" / "scaled_add.cpp")
    x, z = np.zeros(8, np.float32), np.zeros(8, np.int32)
    int32, nd = 3, 2  # as CANN numbers them
    seen = np.frombuffer(node.tile(x, None, z, outputs=[x]).data, np.uint32)
    assert seen.tolist() == [1, 2, 1, 3, 0, 1, int32, nd]


def test_mistakes(scaled_add: Operator, tmp_path: Path) -> None:
    x = np.zeros(8, np.float32)
    with pytest.raises(ValueError, match="ScaledAdd has the inputs x, y, but 1 were passed"):
        scaled_add(x)
    with pytest.raises(
        ValueError, match=r"does not take \(bfloat16, none\); its inputs are \(float32, float32\)"
    ):
        scaled_add(x.astype(ml_dtypes.bfloat16), None)
    with pytest.raises(ValueError, match="no attribute beta; it has: alpha_value"):
        scaled_add(x, x, attributes={"beta": 1})
    with pytest.raises(SimulatorError, match=r"does not support the data types x=DT_FLOAT"):
        scaled_add(x, x, outputs=[np.zeros(8, np.int32)])
    with pytest.raises(SimulatorError, match="input x is null"):
        scaled_add(None, x)
    empty = tmp_path / "empty.cpp"
    empty.write_text("")
    with pytest.raises(ValueError, match="are: none; name one"):
        compile_operator(empty, empty)
    with pytest.raises(CompileError, match="no operator is registered"):
        compile_operator(empty, empty, op_type="Add")
