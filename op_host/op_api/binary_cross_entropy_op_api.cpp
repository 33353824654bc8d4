// SPDX-License-Identifier: Apache-2.0
#include "binary_cross_entropy_op_api.h"

#include "aclnn_kernels/cast.h"
#include "aclnn_kernels/contiguous.h"
#include "opdev/op_log.h"
#include "opdev/shape_utils.h"
#include "opdev/tensor_view_utils.h"

namespace bce {
namespace {

constexpr size_t MAX_DIMS = 8;

}  // namespace

bool CheckTensor(const aclTensor* tensor, const char* name)
{
    const op::DataType dtype = tensor->GetDataType();
    if (dtype != op::DataType::DT_FLOAT && dtype != op::DataType::DT_FLOAT16 &&
        dtype != op::DataType::DT_BF16) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "%s is %s, but float32, float16 and bfloat16 are supported.", name,
                op::ToString(dtype).GetString());
        return false;
    }
    if (tensor->GetViewShape().GetDimNum() > MAX_DIMS) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "%s has %zu dimensions, but at most %zu are supported.", name,
                tensor->GetViewShape().GetDimNum(), MAX_DIMS);
        return false;
    }
    return true;
}

bool CheckReduction(int64_t reduction)
{
    if (reduction != REDUCTION_NONE && reduction != REDUCTION_MEAN && reduction != REDUCTION_SUM) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "reduction is %ld, but must be 0 (none), 1 (mean) or 2 (sum).",
                reduction);
        return false;
    }
    return true;
}

bool CheckSameShape(const aclTensor* tensor, const char* name, const aclTensor* other, const char* otherName)
{
    if (tensor->GetViewShape() != other->GetViewShape()) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "%s has shape %s, but must have the shape of %s, %s.", name,
                op::ToString(tensor->GetViewShape()).GetString(), otherName,
                op::ToString(other->GetViewShape()).GetString());
        return false;
    }
    return true;
}

bool CheckBroadcasts(const aclTensor* tensor, const char* name, const aclTensor* input)
{
    if (tensor == nullptr) {
        return true;
    }
    op::Shape broadcast;
    if (!op::BroadcastInferShape(tensor->GetViewShape(), input->GetViewShape(), broadcast) ||
        broadcast != input->GetViewShape()) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "%s of shape %s does not broadcast to the shape of self, %s.", name,
                op::ToString(tensor->GetViewShape()).GetString(),
                op::ToString(input->GetViewShape()).GetString());
        return false;
    }
    return true;
}

bool CheckDtype(const aclTensor* tensor, const char* name, op::DataType expected, const char* source)
{
    if (tensor->GetDataType() != expected) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "%s is %s, but must be %s as %s is.", name,
                op::ToString(tensor->GetDataType()).GetString(), op::ToString(expected).GetString(), source);
        return false;
    }
    return true;
}

const aclTensor* Compact(const aclTensor* tensor, op::DataType dtype, aclOpExecutor* executor)
{
    if (tensor == nullptr) {
        return nullptr;
    }
    op::Shape shape = tensor->GetViewShape();
    const auto& strides = tensor->GetViewStrides();
    int64_t contiguousStride = 1;
    bool expanded = false;
    bool dense = true;  // what is left without the expanded dimensions
    for (size_t d = shape.GetDimNum(); d-- > 0;) {
        if (shape.GetDim(d) > 1 && strides[d] == 0) {
            shape.SetDim(d, 1);
            expanded = true;
        } else if (shape.GetDim(d) != 1) {
            dense = dense && strides[d] == contiguousStride;
            contiguousStride *= shape.GetDim(d);
        }
    }
    const aclTensor* compact = expanded && dense
                                   ? executor->CreateView(tensor, shape, tensor->GetViewOffset())
                                   : l0op::Contiguous(tensor, executor);
    if (compact != nullptr && compact->GetDataType() != dtype) {
        compact = l0op::Cast(compact, dtype, executor);
    }
    return compact;
}

const aclTensor* DirectOutput(const aclTensor* out, op::DataType dtype, aclOpExecutor* executor)
{
    if (out->GetDataType() != dtype || !op::IsContiguous(out)) {
        return nullptr;
    }
    return executor->CreateView(out, out->GetViewShape(), out->GetViewOffset());
}

bool CopyToOutput(const aclTensor* result, const aclTensor* out, aclOpExecutor* executor)
{
    if (result->GetDataType() != out->GetDataType()) {
        result = l0op::Cast(result, out->GetDataType(), executor);
    }
    return result != nullptr && l0op::ViewCopy(result, out, executor) != nullptr;
}

}  // namespace bce
