// SPDX-License-Identifier: Apache-2.0
// Calls of aclnn functions as a framework's compiled code makes them, with no Python around them.
//
//     native_calls count CASE...   calls each twice to warm up, then once in MeasuredCall, where callgrind
//     counts native_calls time CASE...    prints a line for each call: the nanoseconds of its parts
//
// A case is FUNCTION,DTYPE,REDUCTION,WEIGHTS,ELEMENTS, for instance forward,float32,mean,none,1024. FUNCTION
// is forward, backward or fused (loss and gradient in one pass), WEIGHTS none or pos_weight, of 128 values
// that broadcast.
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
#include <vector>

#include "acl/acl.h"
#include "aclnn/aclnn_base.h"
#include "aclnn_binary_cross_entropy_with_logits.h"
#include "aclnn_binary_cross_entropy_with_logits_backward.h"
#include "aclnn_binary_cross_entropy_with_logits_loss_and_gradient.h"

namespace {

constexpr int64_t kPosWeights = 128;
constexpr int kWarmUps = 2;
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
    const aclDataType type = DataType(dtype);
    const int64_t reduction = Reduction(reduction_name);
    const int64_t count = std::stoll(elements);
    const Shape shape = weights == "none" ? Shape{count} : Shape{count / kPosWeights, kPosWeights};
    const Shape result = reduction == 0 ? shape : Shape{};

    std::vector<float> logits(count);
    std::mt19937 generator(0);
    std::normal_distribution<float> normal(0, 3);
    for (float& value : logits) {
        value = normal(generator);
    }
    const auto add = [this](const Shape& shape, aclDataType type, const std::vector<float>& values) {
        arrays_.push_back(std::make_unique<Array>(shape, type, values));
    };
    if (function == "backward") {
        add(result, type, {1});
    }
    add(shape, type, logits);
    add(shape, type, {0, 1});
    arrays_.push_back(nullptr);  // weight
    if (weights == "none") {
        arrays_.push_back(nullptr);
    } else {
        add({kPosWeights}, ACL_FLOAT, {0.25F});
    }
    if (function != "backward") {
        add(result, type, {0});
    }
    if (function != "forward") {
        add(shape, type, {0});
    }
    tensors_.resize(arrays_.size());

    if (function == "forward") {
        prepare_ = [reduction](const Tensors& t, uint64_t* bytes, aclOpExecutor** executor) {
            return aclnnBinaryCrossEntropyWithLogitsGetWorkspaceSize(t[0], t[1], t[2], t[3], reduction, t[4],
                                                                     bytes, executor);
        };
        execute_ = aclnnBinaryCrossEntropyWithLogits;
    } else if (function == "backward") {
        prepare_ = [reduction](const Tensors& t, uint64_t* bytes, aclOpExecutor** executor) {
            return aclnnBinaryCrossEntropyWithLogitsBackwardGetWorkspaceSize(
                t[0], t[1], t[2], t[3], t[4], reduction, t[5], bytes, executor);
        };
        execute_ = aclnnBinaryCrossEntropyWithLogitsBackward;
    } else if (function == "fused") {
        prepare_ = [reduction](const Tensors& t, uint64_t* bytes, aclOpExecutor** executor) {
            return aclnnBinaryCrossEntropyWithLogitsLossAndGradientGetWorkspaceSize(
                t[0], t[1], t[2], t[3], reduction, t[4], t[5], bytes, executor);
        };
        execute_ = aclnnBinaryCrossEntropyWithLogitsLossAndGradient;
    } else {
        throw std::invalid_argument("no function " + function);
    }
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

int Main(int argc, char** argv)
{
    if (argc < 3) {
        throw std::invalid_argument("usage: native_calls count|time CASE...");
    }
    for (int i = 2; i < argc; ++i) {
        Call call(argv[i]);
        for (int k = 0; k < kWarmUps; ++k) {
            call.MakeTensors();
            call.Prepare();
            call.Run();
            call.DestroyTensors();
        }
        if (std::strcmp(argv[1], "time") == 0) {
            Time(call, argv[i]);
        } else {
            MeasuredCall(call);
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
