// SPDX-License-Identifier: Apache-2.0
// The operators that op_api code takes for granted, as tasks on the host.
#include <exception>
#include <memory>

#include "aclnn_kernels/cast.h"
#include "aclnn_kernels/contiguous.h"
#include "aclnn_kernels/reshape.h"
#include "cast_copy.h"
#include "executor.h"
#include "opdev/op_log.h"
#include "opdev/shape_utils.h"
#include "opdev/tensor_view_utils.h"

namespace ascend_sim {

namespace {

class CopyTask : public Task {
public:
    CopyTask(const aclTensor* to, const aclTensor* from) : outputs_{to}, from_(from) {}

    void Bind(void*) override
    {
        DataOf(*outputs_[0], "copy", "the output");
        DataOf(*from_, "copy", "the input");
        copy_ = ViewCopy(*outputs_[0], *from_);
    }
    void Run() override
    {
        copy_.Run();
        NoteNoKernel();
    }
    const op::FVector<const aclTensor*, 16>& Outputs() const override { return outputs_; }

private:
    op::FVector<const aclTensor*, 16> outputs_;
    const aclTensor* from_;
    ViewCopy copy_;
};

class CastTask : public Task {
public:
    CastTask(const aclTensor* to, const aclTensor* from)
        : outputs_{to},
          from_(from),
          to_type_(to->GetDataType()),
          from_type_(from->GetDataType()),
          count_(static_cast<size_t>(to->Numel()))
    {
    }

    void Bind(void*) override
    {
        to_data_ = DataOf(*outputs_[0], "cast", "the output");
        from_data_ = DataOf(*from_, "cast", "the input");
    }
    void Run() override
    {
        Convert(to_data_, to_type_, from_data_, from_type_, count_);
        NoteNoKernel();
    }
    const op::FVector<const aclTensor*, 16>& Outputs() const override { return outputs_; }

private:
    op::FVector<const aclTensor*, 16> outputs_;
    const aclTensor* from_;
    const op::DataType to_type_;
    const op::DataType from_type_;
    const size_t count_;
    void* to_data_ = nullptr;
    const void* from_data_ = nullptr;
};

bool HaveNull(const void* tensor, const aclOpExecutor* executor, const char* function)
{
    if (tensor == nullptr || executor == nullptr) {
        OP_LOGE(ACLNN_ERR_INNER_NULLPTR, "l0op::%s: an argument is null.", function);
        return true;
    }
    return false;
}

}  // namespace

}  // namespace ascend_sim

namespace l0op {

using ascend_sim::HaveNull;

const aclTensor* Contiguous(const aclTensor* x, aclOpExecutor* executor)
{
    if (HaveNull(x, executor, "Contiguous")) {
        return nullptr;
    }
    if (op::IsContiguous(x)) {
        return x;
    }
    aclTensor* result = executor->AllocTensor(x->GetViewShape(), x->GetDataType(), x->GetViewFormat());
    executor->Plan().AddTask(std::make_unique<ascend_sim::CopyTask>(result, x));
    return result;
}

const aclTensor* ViewCopy(const aclTensor* x, const aclTensor* y, aclOpExecutor* executor)
{
    if (HaveNull(x, executor, "ViewCopy") || HaveNull(y, executor, "ViewCopy")) {
        return nullptr;
    }
    if (x == y) {
        return y;
    }
    if (x->GetDataType() != y->GetDataType()) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "l0op::ViewCopy: %s cannot be copied to %s; use l0op::Cast first.",
                x->ToString().GetString(), y->ToString().GetString());
        return nullptr;
    }
    const aclTensor* source = x;
    if (x->GetViewShape() != y->GetViewShape()) {
        // A scalar result may be written to a tensor of one element, whatever its dimensions.
        source = x->Numel() == y->Numel() ? Reshape(x, y->GetViewShape(), executor) : nullptr;
        if (source == nullptr) {
            OP_LOGE(ACLNN_ERR_PARAM_INVALID, "l0op::ViewCopy: %s cannot be copied to %s.",
                    x->ToString().GetString(), y->ToString().GetString());
            return nullptr;
        }
    }
    executor->Plan().AddTask(std::make_unique<ascend_sim::CopyTask>(y, source));
    return y;
}

const aclTensor* Cast(const aclTensor* self, op::DataType dst_dtype, aclOpExecutor* executor)
{
    if (HaveNull(self, executor, "Cast")) {
        return nullptr;
    }
    if (self->GetDataType() == dst_dtype) {
        return self;
    }
    if (!ascend_sim::CanConvert(self->GetDataType(), dst_dtype)) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "l0op::Cast: %s cannot be converted to %s.",
                self->ToString().GetString(), op::ToString(dst_dtype).GetString());
        return nullptr;
    }
    const aclTensor* source = Contiguous(self, executor);
    aclTensor* result = executor->AllocTensor(self->GetViewShape(), dst_dtype, self->GetViewFormat());
    executor->Plan().AddTask(std::make_unique<ascend_sim::CastTask>(result, source));
    return result;
}

const aclTensor* Reshape(const aclTensor* x, const op::Shape& shape, aclOpExecutor* executor)
{
    if (HaveNull(x, executor, "Reshape")) {
        return nullptr;
    }
    if (shape.GetShapeSize() != x->Numel()) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "l0op::Reshape: %s has another number of elements than %s.",
                x->ToString().GetString(), op::ToString(shape).GetString());
        return nullptr;
    }
    const aclTensor* source = Contiguous(x, executor);
    return executor->CreateView(source, shape, source->GetViewOffset());
}

const aclTensor* Reshape(const aclTensor* x, const aclIntArray* shape, aclOpExecutor* executor)
{
    if (HaveNull(x, executor, "Reshape") || HaveNull(shape, executor, "Reshape")) {
        return nullptr;
    }
    op::Shape dims;
    op::ToShape(shape->GetData(), shape->Size(), dims);
    return Reshape(x, dims, executor);
}

}  // namespace l0op
