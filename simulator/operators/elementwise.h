// SPDX-License-Identifier: Apache-2.0
// Operators that compute every element of their output from the same one of their operands, as tasks on the
// host: what CANN's own operator library does around a user's operators. Made to be short, not fast.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "executor.h"

namespace ascend_sim {

// A tensor that broadcasts to the output, or a scalar.
class ElementOperand {
public:
    explicit ElementOperand(const aclTensor* tensor) : tensor_(tensor) {}
    ElementOperand(ElementOperand&&) = default;
    explicit ElementOperand(const aclScalar* scalar)
    {
        if (scalar != nullptr) {
            scalar_ = *scalar;  // a copy: the caller may destroy it before phase 2
        }
    }

    // Keeps what it needs of the tensor, broadcast to a shape, with the address it has now.
    void Bind(const op::Shape& shape);

    const aclTensor* tensor() const { return tensor_; }
    // Null for a scalar.
    const aclTensor* bound() const { return bound_.get(); }
    const std::optional<aclScalar>& scalar() const { return scalar_; }
    bool IsNull() const { return tensor_ == nullptr && !scalar_; }
    op::DataType GetDataType() const
    {
        return tensor_ != nullptr ? tensor_->GetDataType() : scalar_->GetDataType();
    }

private:
    const aclTensor* tensor_ = nullptr;
    std::unique_ptr<aclTensor> bound_;
    std::optional<aclScalar> scalar_;
};

// A view of the same elements that lives without the tensor, repeated along the dimensions that the shape has
// more of.
std::unique_ptr<aclTensor> BroadcastView(const aclTensor& tensor, const op::Shape& shape);

// An operand's values as T, which is double or int64_t: one for every element of the output, or a single one.
template <class T>
class Column {
public:
    explicit Column(const ElementOperand& operand);

    T operator[](size_t i) const { return values_[i * step_]; }

private:
    std::vector<T> values_;
    size_t step_;
};

// Writes values to a tensor, converted to its data type.
template <class T>
void Store(const aclTensor& out, const std::vector<T>& values);

// Whether every one of them holds integers or bool, so that int64_t is the type to compute in. Otherwise it
// is double: results of + - * / and roots are rounded once, to the output's type.
bool AreIntegral(const ElementOperand* operands, size_t count, const aclTensor& out);

// 0 if the operands and the output fit each other, otherwise the code of the error, whose text it sets.
aclnnStatus CheckElementwise(const ElementOperand* operands, size_t count, const aclTensor* out);

template <class Function, size_t N>
class ElementwiseTask : public Task {
public:
    ElementwiseTask(Function function, std::array<ElementOperand, N> operands, const aclTensor* out)
        : function_(function),
          operands_(std::move(operands)),
          outputs_{out},
          is_integral_(AreIntegral(operands_.data(), N, *out))
    {
    }

    void Bind(void*) override
    {
        const aclTensor& out = *outputs_[0];
        DataOf(out, "operator", "the output");
        out_ = BroadcastView(out, out.GetViewShape());
        for (ElementOperand& operand : operands_) {
            operand.Bind(out.GetViewShape());
        }
    }
    void Run() override
    {
        if (is_integral_) {
            Compute<int64_t>(std::make_index_sequence<N>());
        } else {
            Compute<double>(std::make_index_sequence<N>());
        }
        NoteNoKernel();
    }
    const op::FVector<const aclTensor*, 16>& Outputs() const override { return outputs_; }

private:
    template <class T, size_t... I>
    void Compute(std::index_sequence<I...>)
    {
        [[maybe_unused]] const std::array<Column<T>, N> columns = {Column<T>(operands_[I])...};
        std::vector<T> values(static_cast<size_t>(out_->Numel()));
        for (size_t i = 0; i < values.size(); ++i) {
            values[i] = static_cast<T>(function_(columns[I][i]...));
        }
        Store(*out_, values);
    }

    Function function_;
    std::array<ElementOperand, N> operands_;
    op::FVector<const aclTensor*, 16> outputs_;
    const bool is_integral_;
    std::unique_ptr<aclTensor> out_;
};

// Phase 1 of an operator whose output's elements are `function` of the operands' ones.
template <class Function, class... Operands>
aclnnStatus PrepareElementwise(uint64_t* workspace_size, aclOpExecutor** executor, const aclTensor* out,
                               Function function, Operands... operands)
{
    constexpr size_t kCount = sizeof...(Operands);
    std::array<ElementOperand, kCount> all = {ElementOperand(operands)...};
    const aclnnStatus status = CheckElementwise(all.data(), kCount, out);
    if (status != ACLNN_SUCCESS) {
        return status;
    }
    auto plan = std::make_unique<aclOpExecutor>();
    plan->Plan().AddTask(std::make_unique<ElementwiseTask<Function, kCount>>(function, std::move(all), out));
    *workspace_size = plan->GetWorkspaceSize();
    *executor = plan.release();
    return ACLNN_SUCCESS;
}

}  // namespace ascend_sim
