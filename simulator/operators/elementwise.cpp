// SPDX-License-Identifier: Apache-2.0
#include "elementwise.h"

#include <algorithm>

#include "cast_copy.h"
#include "opdev/op_log.h"
#include "opdev/shape_utils.h"
#include "opdev/tensor_view_utils.h"

namespace ascend_sim {

namespace {

template <class T>
constexpr op::DataType kTypeOf = std::is_same_v<T, double> ? op::DataType::DT_DOUBLE : op::DataType::DT_INT64;

// Memory for the elements of a tensor, and the tensor that it makes.
class Temporary {
public:
    Temporary(const op::Shape& shape, op::DataType type)
        : memory_(static_cast<size_t>(ge::GetSizeInBytes(shape.GetShapeSize(), type)) / sizeof(double) + 1),
          tensor_(shape, type, op::Format::FORMAT_ND, memory_.data())
    {
    }

    const aclTensor& tensor() const { return tensor_; }
    void* data() { return memory_.data(); }

private:
    std::vector<double> memory_;
    aclTensor tensor_;
};

}  // namespace

std::unique_ptr<aclTensor> BroadcastView(const aclTensor& tensor, const op::Shape& shape)
{
    const op::Shape& own = tensor.GetViewShape();
    const size_t leading = shape.GetDimNum() - own.GetDimNum();
    op::Strides strides;
    for (size_t i = 0; i < shape.GetDimNum(); ++i) {
        const bool repeated = i < leading || own[i - leading] == 1;
        strides.push_back(repeated ? 0 : tensor.GetViewStrides()[i - leading]);
    }
    auto view =
        std::make_unique<aclTensor>(shape, tensor.GetDataType(), tensor.GetViewFormat(), tensor.GetData());
    view->SetViewStrides(strides);
    return view;
}

void ElementOperand::Bind(const op::Shape& shape)
{
    if (tensor_ != nullptr) {
        DataOf(*tensor_, "operator", "an input");
        bound_ = BroadcastView(*tensor_, shape);
    }
}

template <class T>
Column<T>::Column(const ElementOperand& operand)
{
    const aclTensor* tensor = operand.bound();
    const size_t count = tensor == nullptr ? 1 : static_cast<size_t>(tensor->Numel());
    values_.resize(count);
    step_ = tensor == nullptr ? 0 : 1;
    if (tensor == nullptr) {
        Convert(values_.data(), kTypeOf<T>, operand.scalar()->GetData(), operand.GetDataType(), 1);
    } else if (count > 0) {
        Temporary dense(tensor->GetViewShape(), tensor->GetDataType());
        ViewCopy(dense.tensor(), *tensor).Run();
        Convert(values_.data(), kTypeOf<T>, dense.data(), tensor->GetDataType(), count);
    }
}

template <class T>
void Store(const aclTensor& out, const std::vector<T>& values)
{
    Temporary dense(out.GetViewShape(), out.GetDataType());
    Convert(dense.data(), out.GetDataType(), values.data(), kTypeOf<T>, values.size());
    ViewCopy(out, dense.tensor()).Run();
}

template class Column<double>;
template class Column<int64_t>;
template void Store(const aclTensor&, const std::vector<double>&);
template void Store(const aclTensor&, const std::vector<int64_t>&);

bool AreIntegral(const ElementOperand* operands, size_t count, const aclTensor& out)
{
    return op::IsIntegralType(out.GetDataType(), true) &&
           std::all_of(operands, operands + count, [](const ElementOperand& operand) {
               return op::IsIntegralType(operand.GetDataType(), true);
           });
}

aclnnStatus CheckElementwise(const ElementOperand* operands, size_t count, const aclTensor* out)
{
    if (out == nullptr ||
        std::any_of(operands, operands + count, [](const ElementOperand& o) { return o.IsNull(); })) {
        OP_LOGE(ACLNN_ERR_PARAM_NULLPTR, "a tensor or scalar is null.");
        return ACLNN_ERR_PARAM_NULLPTR;
    }
    op::Shape shape;
    for (size_t i = 0; i < count; ++i) {
        const op::DataType type = operands[i].GetDataType();
        if (!CanConvert(type, out->GetDataType())) {
            OP_LOGE(ACLNN_ERR_PARAM_INVALID, "operand %zu is %s and out %s; one of them is not simulated.", i,
                    op::ToString(type).GetString(), op::ToString(out->GetDataType()).GetString());
            return ACLNN_ERR_PARAM_INVALID;
        }
        const aclTensor* tensor = operands[i].tensor();
        if (tensor != nullptr && !op::BroadcastInferShape(shape, tensor->GetViewShape(), shape)) {
            OP_LOGE(ACLNN_ERR_PARAM_INVALID, "operand %zu has shape %s, which does not broadcast with %s.", i,
                    op::ToString(tensor->GetViewShape()).GetString(), op::ToString(shape).GetString());
            return ACLNN_ERR_PARAM_INVALID;
        }
    }
    op::Shape whole;
    if (!op::BroadcastInferShape(shape, out->GetViewShape(), whole) || whole != out->GetViewShape()) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "the operands give shape %s, but out has %s.",
                op::ToString(shape).GetString(), op::ToString(out->GetViewShape()).GetString());
        return ACLNN_ERR_PARAM_INVALID;
    }
    return ACLNN_SUCCESS;
}

}  // namespace ascend_sim
