// SPDX-License-Identifier: Apache-2.0
// Calls of aclnn functions as a framework's compiled code makes them, with no Python around them.
//
//     native_calls call CASE...    calls each once: the build records the calls of kernels so
//     native_calls count CASE...   calls each to warm up, then five times in MeasuredCall, where
//                                  callgrind counts
//     native_calls time CASE...    prints a line for each call: the nanoseconds of its parts
//
// A case is FUNCTION,DTYPE,REDUCTION,WEIGHTS,ELEMENTS, for instance forward,float32,mean,none,1024. A field
// of several values with | between them stands for a case of each.
//
//     FUNCTION    forward, backward, target_backward or fused (loss and gradient in one pass), of logits;
//                 probability_forward, probability_backward, probability_target_backward; scale (a gradient
//                 by a grad_output, whatever REDUCTION and WEIGHTS are)
//     DTYPE       of both inputs, or SELF/TARGET, for instance float16/float32; for scale, the gradient's and
//                 the grad_output's
//     REDUCTION   none, mean or sum
//     WEIGHTS     none; of rows of 128 elements: pos_weight (128 values that broadcast), full_pos_weight (one
//                 for each element), weight (one for each row), full_weight, scalar_weight (one for all),
//                 both (weight and pos_weight). Probabilities have no pos_weight
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>
#include <random>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "acl/acl.h"
#include "aclnn/aclnn_base.h"
#include "aclnn_binary_cross_entropy.h"
#include "aclnn_binary_cross_entropy_backward.h"
#include "aclnn_binary_cross_entropy_scale_gradient.h"
#include "aclnn_binary_cross_entropy_target_backward.h"
#include "aclnn_binary_cross_entropy_with_logits.h"
#include "aclnn_binary_cross_entropy_with_logits_backward.h"
#include "aclnn_binary_cross_entropy_with_logits_loss_and_gradient.h"
#include "aclnn_binary_cross_entropy_with_logits_target_backward.h"

namespace {

constexpr int64_t kRow = 128;
constexpr int kWarmUps = 4;  // calls get their programs when they come again
constexpr int kCountedCalls = 5;
constexpr int kTimedCalls = 4000;

using Shape = std::vector<int64_t>;

int64_t ElementCount(const Shape& shape)
{
    int64_t count = 1;
    for (int64_t size : shape) {
        count *= size;
    }
    return count;
}

aclDataType DataType(const std::string& name)
{
    if (name == "float32") {
        return ACL_FLOAT;
    }
    if (name == "float16") {
        return ACL_FLOAT16;
    }
    if (name == "bfloat16") {
        return ACL_BF16;
    }
    throw std::invalid_argument("no dtype " + name);
}

int64_t Reduction(const std::string& name)
{
    if (name == "none") {
        return 0;
    }
    if (name == "mean") {
        return 1;
    }
    if (name == "sum") {
        return 2;
    }
    throw std::invalid_argument("no reduction " + name);
}

// The bits of a number in a type, cut off: what is measured does not depend on the last bit.
uint32_t Encode(float value, aclDataType type)
{
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof(bits));
    if (type == ACL_FLOAT) {
        return bits;
    }
    if (type == ACL_BF16) {
        return bits >> 16;
    }
    const int32_t exponent = static_cast<int32_t>(bits >> 23 & 0xFF) - 127 + 15;
    const uint32_t sign = bits >> 16 & 0x8000;
    return exponent <= 0 ? sign : sign | static_cast<uint32_t>(exponent) << 10 | (bits >> 13 & 0x3FF);
}

// Memory with a shape, of which every call makes a tensor of its own, as frameworks do.
class Array {
public:
    Array(Shape shape, aclDataType type, const std::vector<float>& values)
        : shape_(std::move(shape)), strides_(shape_.size()), count_(ElementCount(shape_)), type_(type)
    {
        int64_t stride = 1;
        for (size_t i = shape_.size(); i-- > 0; stride *= shape_[i]) {
            strides_[i] = stride;
        }
        const size_t bytes = type == ACL_FLOAT ? 4 : 2;
        if (aclrtMalloc(&data_, count_ * bytes, ACL_MEM_MALLOC_HUGE_FIRST) != ACL_SUCCESS) {
            throw std::runtime_error(aclGetRecentErrMsg());
        }
        for (int64_t i = 0; i < count_; ++i) {
            const uint32_t bits = Encode(values[i % values.size()], type);
            std::memcpy(static_cast<uint8_t*>(data_) + i * bytes, &bits, bytes);  // little-endian
        }
    }
    Array(const Array&) = delete;
    Array& operator=(const Array&) = delete;
    ~Array() { aclrtFree(data_); }

    aclTensor* MakeTensor() const
    {
        return aclCreateTensor(shape_.data(), shape_.size(), type_, strides_.data(), 0, ACL_FORMAT_ND,
                               &count_, 1, data_);
    }

private:
    Shape shape_;
    Shape strides_;
    int64_t count_;
    aclDataType type_;
    void* data_ = nullptr;
};

using Execute = aclnnStatus (*)(void*, uint64_t, aclOpExecutor*, aclrtStream);

class Call {
public:
    explicit Call(const std::string& text);

    void MakeTensors()
    {
        for (size_t i = 0; i < arrays_.size(); ++i) {
            tensors_[i] = arrays_[i] == nullptr ? nullptr : arrays_[i]->MakeTensor();
        }
    }
    void Prepare()
    {
        Check(prepare_(tensors_, &workspace_bytes_, &executor_));
        workspace_.resize(workspace_bytes_);
    }
    void Run() { Check(execute_(workspace_.data(), workspace_bytes_, executor_, nullptr)); }
    void DestroyTensors()
    {
        for (aclTensor* tensor : tensors_) {
            if (tensor != nullptr) {
                aclDestroyTensor(tensor);
            }
        }
    }

private:
    using Tensors = std::vector<aclTensor*>;

    // What a function reads besides the reduction, in the order of its parameters, and what it writes.
    template <size_t INPUTS, size_t OUTPUTS, typename Prepare>
    void Use(Prepare prepare, Execute execute, int64_t reduction)
    {
        prepare_ = [=](const Tensors& tensors, uint64_t* bytes, aclOpExecutor** executor) {
            return Call::Pass(prepare, tensors, reduction, bytes, executor,
                              std::make_index_sequence<INPUTS>(), std::make_index_sequence<OUTPUTS>());
        };
        execute_ = execute;
    }
    template <typename Prepare, size_t... INPUT, size_t... OUTPUT>
    static aclnnStatus Pass(Prepare prepare, const Tensors& tensors, int64_t reduction, uint64_t* bytes,
                            aclOpExecutor** executor, std::index_sequence<INPUT...>,
                            std::index_sequence<OUTPUT...>)
    {
        return prepare(tensors[INPUT]..., reduction, tensors[sizeof...(INPUT) + OUTPUT]..., bytes, executor);
    }
    void UseScale()
    {
        prepare_ = [](const Tensors& tensors, uint64_t* bytes, aclOpExecutor** executor) {
            return aclnnBinaryCrossEntropyScaleGradientGetWorkspaceSize(tensors[0], tensors[1], bytes,
                                                                        executor);
        };
        execute_ = aclnnBinaryCrossEntropyScaleGradient;
    }

    void AddInputs(bool logits, const Shape& shape, aclDataType self, aclDataType target);
    void AddWeights(bool logits, const Shape& shape, const std::string& weights);
    void Add(const Shape& shape, aclDataType type, const std::vector<float>& values)
    {
        arrays_.push_back(std::make_unique<Array>(shape, type, values));
    }
    void AddNone() { arrays_.push_back(nullptr); }

    static void Check(aclnnStatus status)
    {
        if (status != ACL_SUCCESS) {
            throw std::runtime_error(aclGetRecentErrMsg());
        }
    }

    std::vector<std::unique_ptr<Array>> arrays_;
    Tensors tensors_;
    std::function<aclnnStatus(const Tensors&, uint64_t*, aclOpExecutor**)> prepare_;
    Execute execute_;
    std::vector<uint8_t> workspace_;
    uint64_t workspace_bytes_ = 0;
    aclOpExecutor* executor_ = nullptr;
};

Call::Call(const std::string& text)
{
    std::istringstream stream(text);
    std::string function, dtype, reduction_name, weights, elements;
    for (std::string* field : {&function, &dtype, &reduction_name, &weights, &elements}) {
        std::getline(stream, *field, ',');
    }
    const size_t slash = dtype.find('/');
    const aclDataType self = DataType(dtype.substr(0, slash));
    const aclDataType target = slash == std::string::npos ? self : DataType(dtype.substr(slash + 1));
    const int64_t reduction = Reduction(reduction_name);
    const int64_t count = std::stoll(elements);
    if (weights != "none" && count % kRow != 0) {
        throw std::invalid_argument(elements + " elements are no rows of " + std::to_string(kRow));
    }
    const Shape shape = weights == "none" ? Shape{count} : Shape{count / kRow, kRow};
    const Shape result = reduction == 0 ? shape : Shape{};

    const bool logits = function.rfind("probability_", 0) != 0;
    if (function == "scale") {
        Add({}, target, {0.5F});  // 1 would leave nothing to do
        Add(shape, self, {1});
        UseScale();
    } else if (function == "forward" || function == "probability_forward") {
        AddInputs(logits, shape, self, target);
        AddWeights(logits, shape, weights);
        Add(result, target, {0});
        if (logits) {
            Use<4, 1>(aclnnBinaryCrossEntropyWithLogitsGetWorkspaceSize, aclnnBinaryCrossEntropyWithLogits,
                      reduction);
        } else {
            Use<3, 1>(aclnnBinaryCrossEntropyGetWorkspaceSize, aclnnBinaryCrossEntropy, reduction);
        }
    } else if (function == "backward" || function == "probability_backward") {
        Add(result, target, {1});
        AddInputs(logits, shape, self, target);
        AddWeights(logits, shape, weights);
        Add(shape, self, {0});
        if (logits) {
            Use<5, 1>(aclnnBinaryCrossEntropyWithLogitsBackwardGetWorkspaceSize,
                      aclnnBinaryCrossEntropyWithLogitsBackward, reduction);
        } else {
            Use<4, 1>(aclnnBinaryCrossEntropyBackwardGetWorkspaceSize, aclnnBinaryCrossEntropyBackward,
                      reduction);
        }
    } else if (function == "target_backward" || function == "probability_target_backward") {
        Add(result, target, {1});
        AddInputs(logits, shape, self, target);
        AddWeights(logits, shape, weights);
        Add(shape, target, {0});
        if (logits) {
            Use<5, 1>(aclnnBinaryCrossEntropyWithLogitsTargetBackwardGetWorkspaceSize,
                      aclnnBinaryCrossEntropyWithLogitsTargetBackward, reduction);
        } else {
            Use<4, 1>(aclnnBinaryCrossEntropyTargetBackwardGetWorkspaceSize,
                      aclnnBinaryCrossEntropyTargetBackward, reduction);
        }
    } else if (function == "fused") {
        AddInputs(logits, shape, self, target);
        AddWeights(logits, shape, weights);
        Add(result, target, {0});
        Add(shape, self, {0});
        Use<4, 2>(aclnnBinaryCrossEntropyWithLogitsLossAndGradientGetWorkspaceSize,
                  aclnnBinaryCrossEntropyWithLogitsLossAndGradient, reduction);
    } else {
        throw std::invalid_argument("no function " + function);
    }
    tensors_.resize(arrays_.size());
}

void Call::AddInputs(bool logits, const Shape& shape, aclDataType self, aclDataType target)
{
    std::vector<float> inputs(ElementCount(shape));
    std::mt19937 generator(0);
    std::normal_distribution<float> normal(0, 3);
    std::uniform_real_distribution<float> uniform(0.01F, 0.99F);
    for (float& value : inputs) {
        value = logits ? normal(generator) : uniform(generator);
    }
    Add(shape, self, inputs);
    Add(shape, target, {0, 1});
}

void Call::AddWeights(bool logits, const Shape& shape, const std::string& weights)
{
    if (weights == "weight" || weights == "both") {
        Add({shape[0], 1}, ACL_FLOAT, {0.5F, 0.75F});
    } else if (weights == "full_weight") {
        Add(shape, ACL_FLOAT, {0.5F, 0.75F, 1.25F});
    } else if (weights == "scalar_weight") {
        Add({}, ACL_FLOAT, {0.5F});
    } else if (weights == "none" || weights == "pos_weight" || weights == "full_pos_weight") {
        AddNone();
    } else {
        throw std::invalid_argument("no weights " + weights);
    }
    const bool pos_weight = weights == "pos_weight" || weights == "both";
    const bool full_pos_weight = weights == "full_pos_weight";
    if ((pos_weight || full_pos_weight) && !logits) {
        throw std::invalid_argument("probabilities have no pos_weight");
    }
    if (pos_weight || full_pos_weight) {
        Add(full_pos_weight ? shape : Shape{kRow}, ACL_FLOAT, {0.25F});
    } else if (logits) {
        AddNone();
    }
}

// The cases that one stands for: each combination of the values with | between them.
std::vector<std::string> Expand(const std::string& text)
{
    const size_t bar = text.find('|');
    if (bar == std::string::npos) {
        return {text};
    }
    const size_t before = text.rfind(',', bar);
    const size_t begin = before == std::string::npos ? 0 : before + 1;
    const size_t end = std::min(text.find(',', bar), text.size());
    std::istringstream values(text.substr(begin, end - begin));
    std::vector<std::string> cases;
    for (std::string value; std::getline(values, value, '|');) {
        for (std::string& each : Expand(text.substr(0, begin) + value + text.substr(end))) {
            cases.push_back(std::move(each));
        }
    }
    return cases;
}

}  // namespace

// Found by their names in what callgrind writes.
extern "C" {
__attribute__((noinline)) void MeasuredPhase1(Call& call)
{
    call.Prepare();
}
__attribute__((noinline)) void MeasuredPhase2(Call& call)
{
    call.Run();
}
__attribute__((noinline)) void MeasuredCall(Call& call)
{
    call.MakeTensors();
    MeasuredPhase1(call);
    MeasuredPhase2(call);
    call.DestroyTensors();
}
}

namespace {

void Time(Call& call, const char* name)
{
    using Clock = std::chrono::steady_clock;
    const auto nanoseconds = [](Clock::time_point from, Clock::time_point to) {
        return static_cast<long>(std::chrono::nanoseconds(to - from).count());
    };
    for (int i = 0; i < kTimedCalls; ++i) {
        const auto start = Clock::now();
        call.MakeTensors();
        const auto made = Clock::now();
        MeasuredPhase1(call);
        const auto prepared = Clock::now();
        MeasuredPhase2(call);
        const auto executed = Clock::now();
        call.DestroyTensors();
        const auto end = Clock::now();
        std::printf("%s %ld %ld %ld\n", name, nanoseconds(start, made) + nanoseconds(executed, end),
                    nanoseconds(made, prepared), nanoseconds(prepared, executed));
    }
}

void CallOnce(Call& call)
{
    call.MakeTensors();
    call.Prepare();
    call.Run();
    call.DestroyTensors();
}

int Main(int argc, char** argv)
{
    const std::string mode = argc < 3 ? "" : argv[1];
    if (mode != "call" && mode != "count" && mode != "time") {
        throw std::invalid_argument("usage: native_calls call|count|time CASE...");
    }
    for (int i = 2; i < argc; ++i) {
        for (const std::string& text : Expand(argv[i])) {
            Call call(text);
            for (int k = 0; k < (mode == "call" ? 1 : kWarmUps); ++k) {
                CallOnce(call);
            }
            if (mode == "time") {
                Time(call, text.c_str());
            } else if (mode == "count") {
                for (int k = 0; k < kCountedCalls; ++k) {
                    MeasuredCall(call);
                }
            }
        }
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv)
{
    try {
        return Main(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "native_calls: %s\n", error.what());
        return 1;
    }
}
