// SPDX-License-Identifier: Apache-2.0
// The operators as MindSpore's `ops.Custom(func_type="aot")` calls them on the CPU: one C function for every
// operator and reduction, on contiguous tensors that MindSpore has allocated. MindSpore has no optional
// inputs here: a weight that is absent is a tensor of type bool. An exception becomes a RuntimeError with its
// text.
#include <cfenv>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <map>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include "acl/acl.h"
#include "aclnn_binary_cross_entropy.h"
#include "aclnn_binary_cross_entropy_backward.h"
#include "aclnn_binary_cross_entropy_target_backward.h"
#include "aclnn_binary_cross_entropy_with_logits.h"
#include "aclnn_binary_cross_entropy_with_logits_backward.h"
#include "aclnn_binary_cross_entropy_with_logits_target_backward.h"

namespace {

enum Reduction : int64_t { kNone, kMean, kSum };

struct DestroyTensor {
    void operator()(aclTensor* tensor) const { aclDestroyTensor(tensor); }
};
using Tensor = std::unique_ptr<aclTensor, DestroyTensor>;
using Shape = std::vector<int64_t>;

int64_t CountElements(const Shape& shape)
{
    int64_t count = 1;
    for (int64_t size : shape) {
        count *= size;
    }
    return count;
}

[[noreturn]] void ThrowRecentError()
{
    const char* text = aclGetRecentErrMsg();
    throw std::runtime_error(text == nullptr ? "an aclnn function failed without saying why" : text);
}

Tensor CheckTensor(aclTensor* tensor)
{
    if (tensor == nullptr) {
        ThrowRecentError();
    }
    return Tensor(tensor);
}

Tensor MakeTensor(void* data, const Shape& shape, aclDataType type)
{
    return CheckTensor(aclCreateTensor(shape.data(), shape.size(), type, nullptr, 0, ACL_FORMAT_ND,
                                       shape.data(), shape.size(), data));
}

// One number as a tensor of a larger shape.
Tensor MakeExpandedTensor(float* value, const Shape& shape)
{
    const Shape strides(shape.size(), 0);
    const int64_t storage = 1;
    return CheckTensor(aclCreateTensor(shape.data(), shape.size(), ACL_FLOAT, strides.data(), 0,
                                       ACL_FORMAT_ND, &storage, 1, value));
}

// The arguments of one call, inputs before the output.
struct Arguments {
    void** data;
    const int* ranks;
    int64_t** shapes;
    const char** types;

    Shape GetShape(int index) const { return {shapes[index], shapes[index] + ranks[index]}; }

    // Null for an absent weight.
    Tensor GetTensor(int index) const
    {
        static const std::map<std::string, aclDataType> kTypes = {
            {"float32", ACL_FLOAT}, {"float16", ACL_FLOAT16}, {"bfloat16", ACL_BF16}};
        const std::string type = types[index];
        if (type == "bool") {
            return nullptr;
        }
        return MakeTensor(data[index], GetShape(index), kTypes.at(type));
    }
};

void Check(aclnnStatus status)
{
    if (status != 0) {
        ThrowRecentError();
    }
}

// For the sums of this file: threads that run graphs flush subnormal numbers.
class DefaultFloatingPoint {
public:
    DefaultFloatingPoint()
    {
        std::fegetenv(&previous_);
        std::fesetenv(FE_DFL_ENV);
    }
    ~DefaultFloatingPoint() { std::fesetenv(&previous_); }

private:
    std::fenv_t previous_;
};

using Execute = aclnnStatus(void*, uint64_t, aclOpExecutor*, aclrtStream);

// Runs both phases of an aclnn function that has inputs, the reduction and one output.
template <class Prepare, class... Inputs>
void Run(Prepare* prepare, Execute* execute, Reduction reduction, const Tensor& output,
         const Inputs&... inputs)
{
    constexpr size_t kAlignment = 512;  // what aclrtMalloc gives
    uint64_t size = 0;
    aclOpExecutor* executor = nullptr;
    Check(prepare(inputs.get()..., reduction, output.get(), &size, &executor));
    const size_t rounded = (size + kAlignment - 1) / kAlignment * kAlignment;
    const std::unique_ptr<void, decltype(&std::free)> workspace(std::aligned_alloc(kAlignment, rounded),
                                                                &std::free);
    if (workspace == nullptr && rounded > 0) {
        throw std::bad_alloc();
    }
    Check(execute(workspace.get(), size, executor, nullptr));
}

// Whether a number of n bits, of a sign and a magnitude, lies outside [0, 1]; nan does not.
template <class Bits, Bits kOne, Bits kInfinity>
bool IsAnyOutside(const void* data, int64_t count)
{
    constexpr Bits kMagnitude = std::numeric_limits<Bits>::max() / 2;
    const Bits* bits = static_cast<const Bits*>(data);
    bool outside = false;
    for (int64_t i = 0; i < count; ++i) {
        const Bits magnitude = bits[i] & kMagnitude;
        outside |= magnitude > (bits[i] == magnitude ? kOne : 0) && magnitude <= kInfinity;
    }
    return outside;
}

// Refuses what MindSpore's own operator refuses: returns why, or null.
const char* RefuseProbabilities(const std::string& type, const void* data, int64_t count)
{
    const bool outside = type == "float32"   ? IsAnyOutside<uint32_t, 0x3F800000, 0x7F800000>(data, count)
                         : type == "float16" ? IsAnyOutside<uint16_t, 0x3C00, 0x7C00>(data, count)
                                             : IsAnyOutside<uint16_t, 0x3F80, 0x7F80>(data, count);
    return outside ? "binary_cross_entropy: all elements of logits must be between 0 and 1; they are "
                     "probabilities, for logits use binary_cross_entropy_with_logits"
                   : nullptr;
}

void CheckProbabilities(const Arguments& arguments)
{
    const int64_t count = CountElements(arguments.GetShape(0));
    if (const char* why = RefuseProbabilities(arguments.types[0], arguments.data[0], count)) {
        throw std::runtime_error(why);
    }
}

// input, target, weight, pos_weight -> loss
void WithLogits(const Arguments& arguments, Reduction reduction)
{
    Run(aclnnBinaryCrossEntropyWithLogitsGetWorkspaceSize, aclnnBinaryCrossEntropyWithLogits, reduction,
        arguments.GetTensor(4), arguments.GetTensor(0), arguments.GetTensor(1), arguments.GetTensor(2),
        arguments.GetTensor(3));
}

void OnProbabilities(const Arguments& arguments, Reduction reduction)
{
    CheckProbabilities(arguments);
    Run(aclnnBinaryCrossEntropyGetWorkspaceSize, aclnnBinaryCrossEntropy, reduction, arguments.GetTensor(4),
        arguments.GetTensor(0), arguments.GetTensor(1), arguments.GetTensor(2));
}

// gradient, input, target, weight, pos_weight -> gradient of input
void WithLogitsBackward(const Arguments& arguments, Reduction reduction)
{
    Run(aclnnBinaryCrossEntropyWithLogitsBackwardGetWorkspaceSize, aclnnBinaryCrossEntropyWithLogitsBackward,
        reduction, arguments.GetTensor(5), arguments.GetTensor(0), arguments.GetTensor(1),
        arguments.GetTensor(2), arguments.GetTensor(3), arguments.GetTensor(4));
}

void OnProbabilitiesBackward(const Arguments& arguments, Reduction reduction)
{
    Run(aclnnBinaryCrossEntropyBackwardGetWorkspaceSize, aclnnBinaryCrossEntropyBackward, reduction,
        arguments.GetTensor(5), arguments.GetTensor(0), arguments.GetTensor(1), arguments.GetTensor(2),
        arguments.GetTensor(3));
}

// gradient, input, target, weight, pos_weight -> gradient of target
void WithLogitsTargetBackward(const Arguments& arguments, Reduction reduction)
{
    Run(aclnnBinaryCrossEntropyWithLogitsTargetBackwardGetWorkspaceSize,
        aclnnBinaryCrossEntropyWithLogitsTargetBackward, reduction, arguments.GetTensor(5),
        arguments.GetTensor(0), arguments.GetTensor(1), arguments.GetTensor(2), arguments.GetTensor(3),
        arguments.GetTensor(4));
}

void OnProbabilitiesTargetBackward(const Arguments& arguments, Reduction reduction)
{
    Run(aclnnBinaryCrossEntropyTargetBackwardGetWorkspaceSize, aclnnBinaryCrossEntropyTargetBackward,
        reduction, arguments.GetTensor(5), arguments.GetTensor(0), arguments.GetTensor(1),
        arguments.GetTensor(2), arguments.GetTensor(3));
}

// The losses of the elements, float32, that the gradient of a weight sums up.
struct Terms {
    explicit Terms(const Shape& shape_)
        : shape(shape_), values(CountElements(shape)), tensor(MakeTensor(values.data(), shape, ACL_FLOAT))
    {
    }

    Shape shape;
    std::vector<float> values;
    Tensor tensor;
};

// Multiplies the terms by the gradient of the loss and sums them over the dimensions along which the weight
// is broadcast, in double precision and always in the same order. gradient, input, target, the other weight,
// weight -> gradient of weight; all but the weights are float32
void SumTerms(const Arguments& arguments, Reduction reduction, const Terms& terms)
{
    const float* gradient = static_cast<const float*>(arguments.data[0]);
    const Shape weight_shape = arguments.GetShape(4);
    const size_t rank = terms.shape.size();
    const size_t leading = rank - weight_shape.size();
    const int64_t count = static_cast<int64_t>(terms.values.size());

    Shape weight_strides(rank, 0);  // 0 along which it is broadcast
    int64_t stride = 1;
    for (size_t d = rank; d-- > leading;) {
        weight_strides[d] = weight_shape[d - leading] == 1 ? 0 : stride;
        stride *= weight_shape[d - leading];
    }
    std::vector<double> sums(CountElements(weight_shape), 0);
    Shape position(rank, 0);
    int64_t at = 0;
    for (int64_t i = 0; i < count; ++i) {
        sums[at] += static_cast<double>(terms.values[i]) * (reduction == kNone ? gradient[i] : 1);
        for (size_t d = rank; d-- > 0;) {
            at += weight_strides[d];
            if (++position[d] < terms.shape[d]) {
                break;
            }
            at -= weight_strides[d] * terms.shape[d];
            position[d] = 0;
        }
    }
    double scale = reduction == kNone ? 1 : gradient[0];
    if (reduction == kMean && count > 0) {
        scale /= static_cast<double>(count);
    }
    float* result = static_cast<float*>(arguments.data[5]);
    for (size_t i = 0; i < sums.size(); ++i) {
        result[i] = static_cast<float>(sums[i] * scale);
    }
}

// The loss is linear in weight: its slope is the loss without.
void WithLogitsWeightBackward(const Arguments& arguments, Reduction reduction)
{
    const Terms terms(arguments.GetShape(1));
    Run(aclnnBinaryCrossEntropyWithLogitsGetWorkspaceSize, aclnnBinaryCrossEntropyWithLogits, kNone,
        terms.tensor, arguments.GetTensor(1), arguments.GetTensor(2), Tensor(), arguments.GetTensor(3));
    SumTerms(arguments, reduction, terms);
}

void OnProbabilitiesWeightBackward(const Arguments& arguments, Reduction reduction)
{
    const Terms terms(arguments.GetShape(1));
    Run(aclnnBinaryCrossEntropyGetWorkspaceSize, aclnnBinaryCrossEntropy, kNone, terms.tensor,
        arguments.GetTensor(1), arguments.GetTensor(2), Tensor());
    SumTerms(arguments, reduction, terms);
}

// The slope in pos_weight is weight * target * softplus(-input): the loss for targets of one with the true
// targets for pos_weight.
void WithLogitsPosWeightBackward(const Arguments& arguments, Reduction reduction)
{
    const Terms terms(arguments.GetShape(1));
    float one = 1;
    const Tensor ones = MakeExpandedTensor(&one, terms.shape);
    Run(aclnnBinaryCrossEntropyWithLogitsGetWorkspaceSize, aclnnBinaryCrossEntropyWithLogits, kNone,
        terms.tensor, arguments.GetTensor(1), ones, arguments.GetTensor(3), arguments.GetTensor(2));
    SumTerms(arguments, reduction, terms);
}

}  // namespace

// For who calls the aclnn functions from Python.
extern "C" __attribute__((visibility("default"))) const char* refuse_probabilities(const char* type,
                                                                                   const void* data,
                                                                                   int64_t count)
{
    return RefuseProbabilities(type, data, count);
}

#define EXPORT_ONE(name, function, reduction)                                             \
    extern "C" __attribute__((visibility("default"))) int name(                           \
        int, void** data, int* ranks, int64_t** shapes, const char** types, void*, void*) \
    {                                                                                     \
        const DefaultFloatingPoint environment;                                           \
        function({data, ranks, shapes, types}, reduction);                                \
        return 0;                                                                         \
    }
#define EXPORT(name, function)               \
    EXPORT_ONE(name##_none, function, kNone) \
    EXPORT_ONE(name##_mean, function, kMean) \
    EXPORT_ONE(name##_sum, function, kSum)

EXPORT(with_logits, WithLogits)
EXPORT(with_logits_backward, WithLogitsBackward)
EXPORT(with_logits_target_backward, WithLogitsTargetBackward)
EXPORT(with_logits_weight_backward, WithLogitsWeightBackward)
EXPORT(with_logits_pos_weight_backward, WithLogitsPosWeightBackward)
EXPORT(on_probabilities, OnProbabilities)
EXPORT(on_probabilities_backward, OnProbabilitiesBackward)
EXPORT(on_probabilities_target_backward, OnProbabilitiesTargetBackward)
EXPORT(on_probabilities_weight_backward, OnProbabilitiesWeightBackward)
