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
constexpr int64_t REDUCTION_NONE = 0;
constexpr int64_t REDUCTION_SUM = 2;
constexpr op::DataType FLOAT32 = op::DataType::DT_FLOAT;

bool IsNull(const void* parameter, const char* name)
{
    if (parameter == nullptr) {
        OP_LOGE(ACLNN_ERR_PARAM_NULLPTR, "%s is null, but must be a tensor.", name);
    }
    return parameter == nullptr;
}

// Dtype and number of dimensions; null passes.
bool CheckTensor(const aclTensor* tensor, const char* name)
{
    if (tensor == nullptr) {
        return true;
    }
    const op::DataType dtype = tensor->GetDataType();
    if (dtype != FLOAT32 && dtype != op::DataType::DT_FLOAT16 && dtype != op::DataType::DT_BF16) {
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

bool CheckNotHalf(const aclTensor* tensor, const char* name)
{
    if (tensor->GetDataType() == op::DataType::DT_FLOAT16) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "%s is float16, but float32 and bfloat16 are supported.", name);
        return false;
    }
    return true;
}

bool CheckReduction(int64_t reduction)
{
    if (reduction < REDUCTION_NONE || reduction > REDUCTION_SUM) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "reduction is %ld, but must be 0 (none), 1 (mean) or 2 (sum).",
                reduction);
        return false;
    }
    return true;
}

bool CheckSameShape(const aclTensor* tensor, const char* name, const aclTensor* self)
{
    if (tensor->GetViewShape() != self->GetViewShape()) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "%s has shape %s, but must have the shape of self, %s.", name,
                op::ToString(tensor->GetViewShape()).GetString(),
                op::ToString(self->GetViewShape()).GetString());
        return false;
    }
    return true;
}

// Null passes.
bool CheckBroadcasts(const aclTensor* tensor, const char* name, const aclTensor* self)
{
    op::Shape broadcast;
    if (tensor != nullptr &&
        (!op::BroadcastInferShape(tensor->GetViewShape(), self->GetViewShape(), broadcast) ||
         broadcast != self->GetViewShape())) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "%s of shape %s does not broadcast to the shape of self, %s.", name,
                op::ToString(tensor->GetViewShape()).GetString(),
                op::ToString(self->GetViewShape()).GetString());
        return false;
    }
    return true;
}

// `tensor` contiguous and of `dtype`. Null is the error.
const aclTensor* Whole(const aclTensor* tensor, op::DataType dtype, aclOpExecutor* executor)
{
    const aclTensor* whole = l0op::Contiguous(tensor, executor);
    return whole == nullptr || whole->GetDataType() == dtype ? whole : l0op::Cast(whole, dtype, executor);
}

// The same for an operand that broadcasts: dimensions that were expanded with stride 0 are shrunk back to 1,
// so that it stays compact. False is the error; null stays null.
bool Compact(const aclTensor* tensor, op::DataType dtype, aclOpExecutor* executor, const aclTensor*& compact)
{
    compact = nullptr;
    if (tensor == nullptr) {
        return true;
    }
    op::Shape shape = tensor->GetViewShape();
    const auto& strides = tensor->GetViewStrides();
    int64_t denseStride = 1;
    bool expanded = false;
    bool dense = true;  // without the expanded dimensions
    for (size_t d = shape.GetDimNum(); d-- > 0;) {
        if (shape.GetDim(d) > 1 && strides[d] == 0) {
            shape.SetDim(d, 1);
            expanded = true;
        } else if (shape.GetDim(d) != 1) {
            dense = dense && strides[d] == denseStride;
            denseStride *= shape.GetDim(d);
        }
    }
    compact = expanded && dense
                  ? Whole(executor->CreateView(tensor, shape, tensor->GetViewOffset()), dtype, executor)
                  : Whole(tensor, dtype, executor);
    return compact != nullptr;
}

// What the kernel writes: `out` itself where its memory and dtype allow, else a tensor of the executor's.
const aclTensor* Result(const aclTensor* out, op::DataType dtype, aclOpExecutor* executor)
{
    if (out->GetDataType() == dtype && op::IsContiguous(out)) {
        return executor->CreateView(out, out->GetViewShape(), out->GetViewOffset());
    }
    return executor->AllocTensor(out->GetViewShape(), dtype, op::Format::FORMAT_ND);
}

bool CopyToOutput(const aclTensor* result, const aclTensor* out, aclOpExecutor* executor)
{
    if (result->GetDataType() == out->GetDataType() && op::IsContiguous(out)) {
        return true;  // it is there already
    }
    if (result->GetDataType() != out->GetDataType()) {
        result = l0op::Cast(result, out->GetDataType(), executor);
    }
    return result != nullptr && l0op::ViewCopy(result, out, executor) != nullptr;
}

}  // namespace

aclnnStatus CheckLoss(const aclTensor* self, const aclTensor* target, const aclTensor* weight,
                      const aclTensor* posWeight, int64_t reduction, const aclTensor* out)
{
    if (IsNull(self, "self") || IsNull(target, "target") || IsNull(out, "out")) {
        return ACLNN_ERR_PARAM_NULLPTR;
    }
    if (!CheckTensor(self, "self") || !CheckTensor(target, "target") || !CheckTensor(weight, "weight") ||
        !CheckTensor(posWeight, "posWeight") || !CheckTensor(out, "out") || !CheckReduction(reduction) ||
        !CheckSameShape(target, "target", self) || !CheckBroadcasts(weight, "weight", self) ||
        !CheckBroadcasts(posWeight, "posWeight", self)) {
        return ACLNN_ERR_PARAM_INVALID;
    }
    if (out->GetDataType() != target->GetDataType()) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "out is %s, but must be %s as target is.",
                op::ToString(out->GetDataType()).GetString(),
                op::ToString(target->GetDataType()).GetString());
        return ACLNN_ERR_PARAM_INVALID;
    }
    if (reduction != REDUCTION_NONE && out->GetViewShape().GetShapeSize() != 1) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "out has shape %s, but a reduced loss has one element.",
                op::ToString(out->GetViewShape()).GetString());
        return ACLNN_ERR_PARAM_INVALID;
    }
    return reduction != REDUCTION_NONE || CheckSameShape(out, "out", self) ? ACLNN_SUCCESS
                                                                           : ACLNN_ERR_PARAM_INVALID;
}

aclnnStatus CheckGradient(const aclTensor* gradOutput, const aclTensor* self, const aclTensor* target,
                          const aclTensor* weight, const aclTensor* posWeight, int64_t reduction,
                          const aclTensor* out)
{
    if (IsNull(gradOutput, "gradOutput") || IsNull(self, "self") || IsNull(target, "target") ||
        IsNull(out, "out")) {
        return ACLNN_ERR_PARAM_NULLPTR;
    }
    const bool valid =
        CheckTensor(gradOutput, "gradOutput") && CheckTensor(self, "self") && CheckTensor(target, "target") &&
        CheckTensor(weight, "weight") && CheckTensor(posWeight, "posWeight") && CheckTensor(out, "out") &&
        CheckReduction(reduction) && CheckSameShape(target, "target", self) &&
        CheckSameShape(out, "out", self) && CheckBroadcasts(gradOutput, "gradOutput", self) &&
        CheckBroadcasts(weight, "weight", self) && CheckBroadcasts(posWeight, "posWeight", self);
    return valid ? ACLNN_SUCCESS : ACLNN_ERR_PARAM_INVALID;
}

aclnnStatus CheckLossAndGradient(const aclTensor* self, const aclTensor* target, const aclTensor* weight,
                                 const aclTensor* posWeight, int64_t reduction, const aclTensor* out,
                                 const aclTensor* gradient)
{
    const aclnnStatus checked = CheckLoss(self, target, weight, posWeight, reduction, out);
    if (checked != ACLNN_SUCCESS || IsNull(gradient, "gradient")) {
        return checked != ACLNN_SUCCESS ? checked : ACLNN_ERR_PARAM_NULLPTR;
    }
    if (reduction == REDUCTION_NONE) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "reduction is 0 (none), but must be 1 (mean) or 2 (sum).");
        return ACLNN_ERR_PARAM_INVALID;
    }
    if (!CheckNotHalf(self, "self") || !CheckNotHalf(target, "target") ||
        !CheckSameShape(gradient, "gradient", self)) {
        return ACLNN_ERR_PARAM_INVALID;
    }
    if (gradient->GetDataType() != self->GetDataType()) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "gradient is %s, but must be %s as self is.",
                op::ToString(gradient->GetDataType()).GetString(),
                op::ToString(self->GetDataType()).GetString());
        return ACLNN_ERR_PARAM_INVALID;
    }
    return ACLNN_SUCCESS;
}

aclnnStatus CheckScale(const aclTensor* gradOutput, const aclTensor* gradient)
{
    if (IsNull(gradOutput, "gradOutput") || IsNull(gradient, "gradient")) {
        return ACLNN_ERR_PARAM_NULLPTR;
    }
    if (!CheckTensor(gradOutput, "gradOutput") || !CheckTensor(gradient, "gradient") ||
        !CheckNotHalf(gradOutput, "gradOutput") || !CheckNotHalf(gradient, "gradient")) {
        return ACLNN_ERR_PARAM_INVALID;
    }
    if (gradOutput->GetViewShape().GetShapeSize() != 1) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "gradOutput has shape %s, but must have one element.",
                op::ToString(gradOutput->GetViewShape()).GetString());
        return ACLNN_ERR_PARAM_INVALID;
    }
    if (!op::IsContiguous(gradient)) {
        OP_LOGE(ACLNN_ERR_PARAM_INVALID, "gradient has gaps or another order, but must be contiguous.");
        return ACLNN_ERR_PARAM_INVALID;
    }
    return ACLNN_SUCCESS;
}

aclnnStatus PrepareLoss(LaunchLoss launch, Dtypes dtypes, const aclTensor* self, const aclTensor* target,
                        const aclTensor* weight, const aclTensor* posWeight, int64_t reduction,
                        const aclTensor* out, aclOpExecutor* executor)
{
    if (reduction == REDUCTION_NONE && self->IsEmpty()) {
        return ACLNN_SUCCESS;
    }
    op::DataType input = self->GetDataType();
    op::DataType label = target->GetDataType();
    if (dtypes == Dtypes::kEqual && input != label) {  // float32 holds both exactly
        input = label = FLOAT32;
    }
    const aclTensor* inputs = Whole(self, input, executor);
    const aclTensor* labels = Whole(target, label, executor);
    const aclTensor* weights = nullptr;
    const aclTensor* posWeights = nullptr;
    if (inputs == nullptr || labels == nullptr || !Compact(weight, FLOAT32, executor, weights) ||
        !Compact(posWeight, FLOAT32, executor, posWeights)) {
        return ACLNN_ERR_INNER_NULLPTR;
    }
    const aclTensor* result = Result(out, label, executor);
    if (result == nullptr ||
        launch(inputs, labels, weights, posWeights, reduction, result, executor) == nullptr ||
        !CopyToOutput(result, out, executor)) {
        return ACLNN_ERR_INNER_NULLPTR;
    }
    return ACLNN_SUCCESS;
}

aclnnStatus PrepareGradient(LaunchGradient launch, Dtypes dtypes, GradientOf like,
                            const aclTensor* gradOutput, const aclTensor* self, const aclTensor* target,
                            const aclTensor* weight, const aclTensor* posWeight, int64_t reduction,
                            const aclTensor* out, aclOpExecutor* executor)
{
    if (self->IsEmpty()) {
        return ACLNN_SUCCESS;
    }
    // The kernels read gradOutput in target's dtype and write in self's or target's. Where the caller has
    // others, what is read becomes float32, which is exact, so that the result is still rounded once.
    op::DataType input = self->GetDataType();
    op::DataType label = target->GetDataType();
    if (gradOutput->GetDataType() != label) {
        label = FLOAT32;
    }
    if (like == GradientOf::kSelf && out->GetDataType() != input) {
        input = FLOAT32;
    }
    if (like == GradientOf::kTarget && out->GetDataType() != label) {
        label = FLOAT32;
    }
    if (dtypes == Dtypes::kEqual && input != label) {
        input = label = FLOAT32;
    }
    const aclTensor* inputs = Whole(self, input, executor);
    const aclTensor* labels = Whole(target, label, executor);
    const aclTensor* gradients = nullptr;
    const aclTensor* weights = nullptr;
    const aclTensor* posWeights = nullptr;
    if (inputs == nullptr || labels == nullptr || !Compact(gradOutput, label, executor, gradients) ||
        !Compact(weight, FLOAT32, executor, weights) || !Compact(posWeight, FLOAT32, executor, posWeights)) {
        return ACLNN_ERR_INNER_NULLPTR;
    }
    const aclTensor* result = Result(out, like == GradientOf::kSelf ? input : label, executor);
    if (result == nullptr ||
        launch(gradients, inputs, labels, weights, posWeights, reduction, result, executor) == nullptr ||
        !CopyToOutput(result, out, executor)) {
        return ACLNN_ERR_INNER_NULLPTR;
    }
    return ACLNN_SUCCESS;
}

aclnnStatus PrepareLossAndGradient(LaunchLossAndGradient launch, const aclTensor* self,
                                   const aclTensor* target, const aclTensor* weight,
                                   const aclTensor* posWeight, int64_t reduction, const aclTensor* out,
                                   const aclTensor* gradient, aclOpExecutor* executor)
{
    const aclTensor* inputs = Whole(self, self->GetDataType(), executor);
    const aclTensor* labels = Whole(target, target->GetDataType(), executor);
    const aclTensor* weights = nullptr;
    const aclTensor* posWeights = nullptr;
    if (inputs == nullptr || labels == nullptr || !Compact(weight, FLOAT32, executor, weights) ||
        !Compact(posWeight, FLOAT32, executor, posWeights)) {
        return ACLNN_ERR_INNER_NULLPTR;
    }
    const aclTensor* loss = Result(out, target->GetDataType(), executor);
    const aclTensor* result = Result(gradient, self->GetDataType(), executor);
    if (loss == nullptr || result == nullptr ||
        launch(inputs, labels, weights, posWeights, reduction, loss, result, executor) == nullptr ||
        !CopyToOutput(loss, out, executor) || !CopyToOutput(result, gradient, executor)) {
        return ACLNN_ERR_INNER_NULLPTR;
    }
    return ACLNN_SUCCESS;
}

aclnnStatus PrepareScale(LaunchScale launch, const aclTensor* gradOutput, const aclTensor* gradient,
                         aclOpExecutor* executor)
{
    if (gradient->IsEmpty()) {
        return ACLNN_SUCCESS;
    }
    const aclTensor* scale = Whole(gradOutput, gradOutput->GetDataType(), executor);
    const aclTensor* scaled = Result(gradient, gradient->GetDataType(), executor);
    return scale != nullptr && scaled != nullptr && launch(scaled, scale, executor) != nullptr
               ? ACLNN_SUCCESS
               : ACLNN_ERR_INNER_NULLPTR;
}

}  // namespace bce
