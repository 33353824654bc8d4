// SPDX-License-Identifier: Apache-2.0
// The short way from PyTorch to the aclnn functions, for tensors in the CPU's memory: operators of torch that
// are called as any other and do in C++ what _tensors.py does in Python by ctypes, which takes several times
// as long as a kernel on few elements.
//
// They take what is usual: float32, float16 and bfloat16, up to eight dimensions, and contiguous tensors
// where a result is to look like one. Everything else, and every failure, they answer with None; then Python
// does it, or finds the words for why it cannot be done.
#include <dlfcn.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "acl/acl.h"
#include "aclnn_binary_cross_entropy.h"
#include "aclnn_binary_cross_entropy_backward.h"
#include "aclnn_binary_cross_entropy_scale_gradient.h"
#include "aclnn_binary_cross_entropy_target_backward.h"
#include "aclnn_binary_cross_entropy_with_logits.h"
#include "aclnn_binary_cross_entropy_with_logits_backward.h"
#include "aclnn_binary_cross_entropy_with_logits_loss_and_gradient.h"
#include "aclnn_binary_cross_entropy_with_logits_target_backward.h"
#include "stable_abi.h"

extern "C" {
uint32_t ascend_sim_limit_threads(uint32_t threads);  // simulator/operators/thread_limit.h
using ThreadTeam = void (*)(uint32_t threads, void (*body)(void* context), void* context);
ThreadTeam ascend_sim_use_thread_team(ThreadTeam team);  // simulator/core/launch.h
}

namespace {

// ---- functions of other libraries

#define TORCH_FUNCTIONS(DO)              \
    DO(aoti_torch_device_type_cpu)       \
    DO(aoti_torch_layout_strided)        \
    DO(aoti_torch_dtype_float32)         \
    DO(aoti_torch_dtype_float16)         \
    DO(aoti_torch_dtype_bfloat16)        \
    DO(aoti_torch_get_device_type)       \
    DO(aoti_torch_get_layout)            \
    DO(aoti_torch_get_dtype)             \
    DO(aoti_torch_get_dim)               \
    DO(aoti_torch_get_numel)             \
    DO(aoti_torch_get_sizes)             \
    DO(aoti_torch_get_strides)           \
    DO(aoti_torch_get_data_ptr)          \
    DO(aoti_torch_is_contiguous)         \
    DO(aoti_torch_empty_strided)         \
    DO(aoti_torch_delete_tensor_object)  \
    DO(aoti_torch_library_init_fragment) \
    DO(aoti_torch_library_init_impl)     \
    DO(aoti_torch_library_def)           \
    DO(aoti_torch_library_impl)
#define RUNTIME_FUNCTIONS(DO)    \
    DO(aclCreateTensor)          \
    DO(aclDestroyTensor)         \
    DO(ascend_sim_limit_threads) \
    DO(ascend_sim_use_thread_team)
#define OPERATOR_FUNCTIONS(DO)                                           \
    DO(aclnnBinaryCrossEntropyGetWorkspaceSize)                          \
    DO(aclnnBinaryCrossEntropy)                                          \
    DO(aclnnBinaryCrossEntropyBackwardGetWorkspaceSize)                  \
    DO(aclnnBinaryCrossEntropyBackward)                                  \
    DO(aclnnBinaryCrossEntropyTargetBackwardGetWorkspaceSize)            \
    DO(aclnnBinaryCrossEntropyTargetBackward)                            \
    DO(aclnnBinaryCrossEntropyWithLogitsGetWorkspaceSize)                \
    DO(aclnnBinaryCrossEntropyWithLogits)                                \
    DO(aclnnBinaryCrossEntropyWithLogitsBackwardGetWorkspaceSize)        \
    DO(aclnnBinaryCrossEntropyWithLogitsBackward)                        \
    DO(aclnnBinaryCrossEntropyWithLogitsTargetBackwardGetWorkspaceSize)  \
    DO(aclnnBinaryCrossEntropyWithLogitsTargetBackward)                  \
    DO(aclnnBinaryCrossEntropyWithLogitsLossAndGradientGetWorkspaceSize) \
    DO(aclnnBinaryCrossEntropyWithLogitsLossAndGradient)                 \
    DO(aclnnBinaryCrossEntropyScaleGradientGetWorkspaceSize)             \
    DO(aclnnBinaryCrossEntropyScaleGradient)

// A pointer to each, of the declared type and by its name.
struct Functions {
#define DECLARE(name) decltype(&::name) name;
    TORCH_FUNCTIONS(DECLARE)
    RUNTIME_FUNCTIONS(DECLARE)
    OPERATOR_FUNCTIONS(DECLARE)
    DECLARE(torch_get_num_threads)  // null if torch is older
    DECLARE(torch_parallel_for)     // likewise, or if its threads may not be there
#undef DECLARE
} functions;

// Returns the name of a function that is missing, or null.
const char* FindFunctions(void* torch, void* runtime, void* operators)
{
#define FIND_IN(library, name)                                                          \
    functions.name = reinterpret_cast<decltype(functions.name)>(dlsym(library, #name)); \
    if (functions.name == nullptr) {                                                    \
        return #name;                                                                   \
    }
#define FIND_IN_TORCH(name) FIND_IN(torch, name)
#define FIND_IN_RUNTIME(name) FIND_IN(runtime, name)
#define FIND_IN_OPERATORS(name) FIND_IN(operators, name)
    TORCH_FUNCTIONS(FIND_IN_TORCH)
    RUNTIME_FUNCTIONS(FIND_IN_RUNTIME)
    OPERATOR_FUNCTIONS(FIND_IN_OPERATORS)
#define LOOK_IN_TORCH(name) functions.name = reinterpret_cast<decltype(functions.name)>(dlsym(torch, #name))
    LOOK_IN_TORCH(torch_get_num_threads);
    LOOK_IN_TORCH(torch_parallel_for);
#undef LOOK_IN_TORCH
#undef FIND_IN_OPERATORS
#undef FIND_IN_RUNTIME
#undef FIND_IN_TORCH
#undef FIND_IN
    return nullptr;
}

// ---- tensors

struct DeleteTorchTensor {
    void operator()(AtenTensorHandle tensor) const { functions.aoti_torch_delete_tensor_object(tensor); }
};
using TorchTensor = std::unique_ptr<AtenTensorOpaque, DeleteTorchTensor>;

struct DestroyAclTensor {
    void operator()(aclTensor* tensor) const { functions.aclDestroyTensor(tensor); }
};
using AclTensor = std::unique_ptr<aclTensor, DestroyAclTensor>;

constexpr int64_t kMaxDimensions = 8;  // of aclnn functions

// What is to be known of a tensor of torch.
struct View {
    void* data;
    int64_t rank;
    int64_t* sizes;
    int64_t* strides;
    int32_t dtype;
    aclDataType type;
};

// Returns false unless the aclnn functions take the tensor.
bool Look(AtenTensorHandle tensor, View& view)
{
    int32_t device = 0, layout = 0;
    if (functions.aoti_torch_get_device_type(tensor, &device) != 0 ||
        device != functions.aoti_torch_device_type_cpu() ||
        functions.aoti_torch_get_layout(tensor, &layout) != 0 ||
        layout != functions.aoti_torch_layout_strided() ||
        functions.aoti_torch_get_dtype(tensor, &view.dtype) != 0 ||
        functions.aoti_torch_get_dim(tensor, &view.rank) != 0 || view.rank > kMaxDimensions ||
        functions.aoti_torch_get_sizes(tensor, &view.sizes) != 0 ||
        functions.aoti_torch_get_strides(tensor, &view.strides) != 0 ||
        functions.aoti_torch_get_data_ptr(tensor, &view.data) != 0) {
        return false;
    }
    if (view.dtype == functions.aoti_torch_dtype_float32()) {
        view.type = ACL_FLOAT;
    } else if (view.dtype == functions.aoti_torch_dtype_float16()) {
        view.type = ACL_FLOAT16;
    } else if (view.dtype == functions.aoti_torch_dtype_bfloat16()) {
        view.type = ACL_BF16;
    } else {
        return false;
    }
    return true;
}

// Null if a tensor with elements has no memory.
AclTensor MakeAclTensor(const View& view)
{
    int64_t storage = 1;  // elements from the first to the last, both included
    for (int64_t d = 0; d < view.rank; ++d) {
        storage = view.sizes[d] == 0 || storage == 0 ? 0 : storage + (view.sizes[d] - 1) * view.strides[d];
    }
    if (view.data == nullptr && storage > 0) {
        return nullptr;
    }
    return AclTensor(functions.aclCreateTensor(view.sizes, view.rank, view.type, view.strides, 0,
                                               ACL_FORMAT_ND, &storage, 1, view.data));
}

TorchTensor MakeEmpty(int64_t rank, const int64_t* sizes, const int64_t* strides, int32_t dtype)
{
    AtenTensorHandle tensor = nullptr;
    functions.aoti_torch_empty_strided(rank, sizes, strides, dtype, functions.aoti_torch_device_type_cpu(), 0,
                                       &tensor);
    return TorchTensor(tensor);
}

TorchTensor MakeEmptyLike(AtenTensorHandle tensor, const View& view)
{
    bool contiguous = false;
    if (functions.aoti_torch_is_contiguous(tensor, &contiguous) != 0 || !contiguous) {
        return nullptr;
    }
    return MakeEmpty(view.rank, view.sizes, view.strides, view.dtype);
}

bool HaveSameShape(const View& one, const View& other)
{
    return one.rank == other.rank && std::equal(one.sizes, one.sizes + one.rank, other.sizes);
}

bool BroadcastsTo(const View& weight, const View& full)
{
    const int64_t leading = full.rank - weight.rank;
    if (leading < 0) {
        return false;
    }
    for (int64_t d = 0; d < weight.rank; ++d) {
        if (weight.sizes[d] != 1 && weight.sizes[d] != full.sizes[leading + d]) {
            return false;
        }
    }
    return true;
}

// ---- the operators

enum class Result { kLoss, kLikeInput, kLikeTarget };
enum Reduction : int64_t { kNone, kMean, kSum };

// What is known of an operator when this is compiled.
struct Operator {
    int gradients;  // tensors before input and target, 0 or 1
    int weights;    // tensors after them, which may be absent
    bool mixed;     // whether target may be of another type than input
    int results;
    Result result[2];

    constexpr int Tensors() const { return gradients + 2 + weights; }
};

// What a thread team has to run.
struct Task {
    void (*body)(void* context);
    void* context;
};

void RunOnThreadsOfTorch(uint32_t threads, void (*body)(void* context), void* context)
{
    Task task = {body, context};
    const auto run = [](int64_t, int64_t, void* pointer) {
        const Task& same = *static_cast<Task*>(pointer);
        same.body(same.context);
    };
    if (functions.torch_parallel_for(0, threads, 1, run, &task) != 0) {
        body(context);
    }
}

// While it lives, the aclnn functions that this thread calls take as many threads as torch's own would, and
// the same ones.
class ThreadsOfTorch {
public:
    ThreadsOfTorch()
    {
        uint32_t threads = 0;
        if (functions.torch_get_num_threads != nullptr) {
            functions.torch_get_num_threads(&threads);
        }
        before_ = functions.ascend_sim_limit_threads(threads);
        team_before_ = functions.ascend_sim_use_thread_team(
            functions.torch_parallel_for != nullptr ? RunOnThreadsOfTorch : nullptr);
    }
    ~ThreadsOfTorch()
    {
        functions.ascend_sim_use_thread_team(team_before_);
        functions.ascend_sim_limit_threads(before_);
    }
    ThreadsOfTorch(const ThreadsOfTorch&) = delete;
    ThreadsOfTorch& operator=(const ThreadsOfTorch&) = delete;

private:
    uint32_t before_;
    ThreadTeam team_before_;
};

using Execute = aclnnStatus(void*, uint64_t, aclOpExecutor*, aclrtStream);

bool RunPrepared(Execute* execute, uint64_t size, aclOpExecutor* executor)
{
    constexpr size_t kAlignment = 512;  // what aclrtMalloc gives
    const size_t rounded = (size + kAlignment - 1) / kAlignment * kAlignment;
    const std::unique_ptr<void, decltype(&std::free)> workspace(
        rounded == 0 ? nullptr : std::aligned_alloc(kAlignment, rounded), &std::free);
    return (rounded == 0 || workspace != nullptr) && execute(workspace.get(), size, executor, nullptr) == 0;
}

// Computes the results of an operator; false if it does not take the arguments.
template <const Operator& op, class Prepare, size_t... Tensor, size_t... Output>
bool Compute(Prepare* prepare, Execute* execute, const TorchTensor* tensors, int64_t reduction,
             TorchTensor* results, std::index_sequence<Tensor...>, std::index_sequence<Output...>)
{
    View views[op.Tensors()] = {};
    for (int i = 0; i < op.Tensors(); ++i) {
        if (tensors[i] != nullptr && !Look(tensors[i].get(), views[i])) {
            return false;
        }
    }
    constexpr int kInput = op.gradients, kTarget = kInput + 1;
    const View &input = views[kInput], &target = views[kTarget];
    if (!HaveSameShape(input, target) || (input.dtype != target.dtype && !op.mixed)) {
        return false;
    }
    for (int i = kTarget + 1; i < op.Tensors(); ++i) {
        if (tensors[i] != nullptr && !BroadcastsTo(views[i], input)) {
            return false;
        }
    }
    View outputs[op.results] = {};
    for (int i = 0; i < op.results; ++i) {
        if (op.result[i] == Result::kLikeInput) {
            results[i] = MakeEmptyLike(tensors[kInput].get(), input);
        } else if (op.result[i] == Result::kLikeTarget || reduction == kNone) {
            results[i] = MakeEmptyLike(tensors[kTarget].get(), target);
        } else {
            results[i] = MakeEmpty(0, nullptr, nullptr, target.dtype);
        }
        if (results[i] == nullptr || !Look(results[i].get(), outputs[i])) {
            return false;
        }
    }
    const AclTensor inputs[] = {tensors[Tensor] == nullptr ? nullptr : MakeAclTensor(views[Tensor])...};
    const AclTensor written[] = {MakeAclTensor(outputs[Output])...};
    const ThreadsOfTorch threads;
    uint64_t size = 0;
    aclOpExecutor* executor = nullptr;
    return ((inputs[Tensor] != nullptr || tensors[Tensor] == nullptr) && ...) &&
           ((written[Output] != nullptr) && ...) &&
           prepare(inputs[Tensor].get()..., reduction, written[Output].get()..., &size, &executor) == 0 &&
           RunPrepared(execute, size, executor);
}

TorchTensor Take(StableIValue value)
{
    return TorchTensor(reinterpret_cast<AtenTensorHandle>(value));
}

TorchTensor TakeOptional(StableIValue value)
{
    const std::unique_ptr<StableIValue> pointer(reinterpret_cast<StableIValue*>(value));
    return pointer == nullptr ? nullptr : Take(*pointer);
}

StableIValue GiveOptional(TorchTensor tensor)
{
    return reinterpret_cast<StableIValue>(
        tensor == nullptr ? nullptr : new StableIValue(reinterpret_cast<StableIValue>(tensor.release())));
}

// As torch calls it: arguments on the stack, how many, and how many results it wants there, which are all or
// none.
template <const Operator& op, auto prepare, auto execute>
void Call(StableIValue* stack, uint64_t, uint64_t)
{
    TorchTensor tensors[op.Tensors()];
    for (int i = 0; i < op.Tensors(); ++i) {
        tensors[i] = i < op.Tensors() - op.weights ? Take(stack[i]) : TakeOptional(stack[i]);
    }
    const int64_t reduction = static_cast<int64_t>(stack[op.Tensors()]);
    TorchTensor results[op.results];
    const bool done =
        Compute<op>(functions.*prepare, functions.*execute, tensors, reduction, results,
                    std::make_index_sequence<op.Tensors()>(), std::make_index_sequence<op.results>());
    for (int i = 0; i < op.results; ++i) {
        stack[i] = GiveOptional(done ? std::move(results[i]) : nullptr);
    }
}

constexpr Operator kLoss = {0, 1, false, 1, {Result::kLoss}};
constexpr Operator kBackward = {1, 1, false, 1, {Result::kLikeInput}};
constexpr Operator kTargetBackward = {1, 1, false, 1, {Result::kLikeTarget}};
constexpr Operator kLossWithLogits = {0, 2, true, 1, {Result::kLoss}};
constexpr Operator kBackwardWithLogits = {1, 2, true, 1, {Result::kLikeInput}};
constexpr Operator kTargetBackwardWithLogits = {1, 2, true, 1, {Result::kLikeTarget}};
constexpr Operator kLossAndGradientWithLogits = {0, 2, true, 2, {Result::kLoss, Result::kLikeInput}};

// Whether a tensor has one element, which is one.
bool IsOne(const View& view)
{
    constexpr uint16_t kOneInFloat16 = 0x3C00, kOneInBfloat16 = 0x3F80;
    if (view.rank != 0 || view.data == nullptr) {
        return false;
    }
    if (view.type == ACL_FLOAT) {
        return *static_cast<const float*>(view.data) == 1;
    }
    return *static_cast<const uint16_t*>(view.data) ==
           (view.type == ACL_FLOAT16 ? kOneInFloat16 : kOneInBfloat16);
}

bool ScaleMemory(const View& factor, const View& memory)
{
    const AclTensor outer = MakeAclTensor(factor), gradient = MakeAclTensor(memory);
    const ThreadsOfTorch threads;
    uint64_t size = 0;
    aclOpExecutor* executor = nullptr;
    return outer != nullptr && gradient != nullptr &&
           functions.aclnnBinaryCrossEntropyScaleGradientGetWorkspaceSize(outer.get(), gradient.get(), &size,
                                                                          &executor) == 0 &&
           RunPrepared(functions.aclnnBinaryCrossEntropyScaleGradient, size, executor);
}

// Scales a gradient in place, whose memory is dense in whatever order; tells whether that is done. The kernel
// does nothing, too, where the factor is one, but here it is cheaper to look than to launch.
void ScaleGradient(StableIValue* stack, uint64_t, uint64_t)
{
    const TorchTensor outer = Take(stack[0]), gradient = Take(stack[1]);
    View factor = {}, view = {};
    int64_t count = 0, stride = 1;
    bool done = false;
    if (Look(outer.get(), factor)) {
        done = IsOne(factor) ||
               (Look(gradient.get(), view) && functions.aoti_torch_get_numel(gradient.get(), &count) == 0 &&
                ScaleMemory(factor, {view.data, 1, &count, &stride, view.dtype, view.type}));
    }
    stack[0] = done;
}

struct Registration {
    const char* name;
    const char* signature;
    void (*kernel)(StableIValue*, uint64_t, uint64_t);
};

#define PLAIN "Tensor input, Tensor target, Tensor? weight, int reduction"
#define WITH_LOGITS "Tensor input, Tensor target, Tensor? weight, Tensor? pos_weight, int reduction"
#define KERNEL(op, function) Call<op, &Functions::function##GetWorkspaceSize, &Functions::function>
constexpr Registration kRegistrations[] = {
    {"binary_cross_entropy", "(" PLAIN ") -> Tensor?", KERNEL(kLoss, aclnnBinaryCrossEntropy)},
    {"binary_cross_entropy_backward", "(Tensor grad_output, " PLAIN ") -> Tensor?",
     KERNEL(kBackward, aclnnBinaryCrossEntropyBackward)},
    {"binary_cross_entropy_target_backward", "(Tensor grad_output, " PLAIN ") -> Tensor?",
     KERNEL(kTargetBackward, aclnnBinaryCrossEntropyTargetBackward)},
    {"binary_cross_entropy_with_logits", "(" WITH_LOGITS ") -> Tensor?",
     KERNEL(kLossWithLogits, aclnnBinaryCrossEntropyWithLogits)},
    {"binary_cross_entropy_with_logits_backward", "(Tensor grad_output, " WITH_LOGITS ") -> Tensor?",
     KERNEL(kBackwardWithLogits, aclnnBinaryCrossEntropyWithLogitsBackward)},
    {"binary_cross_entropy_with_logits_target_backward", "(Tensor grad_output, " WITH_LOGITS ") -> Tensor?",
     KERNEL(kTargetBackwardWithLogits, aclnnBinaryCrossEntropyWithLogitsTargetBackward)},
    {"binary_cross_entropy_with_logits_loss_and_gradient", "(" WITH_LOGITS ") -> (Tensor?, Tensor?)",
     KERNEL(kLossAndGradientWithLogits, aclnnBinaryCrossEntropyWithLogitsLossAndGradient)},
    {"scale_gradient", "(Tensor grad_output, Tensor(a!) gradient) -> bool", ScaleGradient},
};
#undef KERNEL
#undef WITH_LOGITS
#undef PLAIN

constexpr const char* kNamespace = "ascend_bce_native";
constexpr const char* kEveryDevice = "CompositeExplicitAutograd";  // None is the answer for all but the CPU
constexpr const char* kFile = "ascend_bce/torch/native.cpp";       // for torch's messages

}  // namespace

// Registers the operators of the namespace ascend_bce_native, given what dlopen returned for the libraries.
// Returns null, or the name of a function that failed or is not there. `is_forked`: torch may have started
// its threads before a fork, which OpenMP does not survive.
extern "C" __attribute__((visibility("default"))) const char* ascend_bce_torch_register(void* torch,
                                                                                        void* runtime,
                                                                                        void* operators,
                                                                                        bool is_forked)
{
    const char* missing = FindFunctions(torch, runtime, operators);
    if (missing != nullptr) {
        return missing;
    }
    if (is_forked) {
        functions.torch_parallel_for = nullptr;
    }
    // Never deleted: the operators stay as long as the process.
    TorchLibraryHandle definitions = nullptr, kernels = nullptr;
    if (functions.aoti_torch_library_init_fragment(kNamespace, kFile, 0, &definitions) != 0 ||
        functions.aoti_torch_library_init_impl(kNamespace, kEveryDevice, kFile, 0, &kernels) != 0) {
        return "aoti_torch_library_init";
    }
    for (const Registration& operation : kRegistrations) {
        const std::string schema = std::string(operation.name) + operation.signature;
        if (functions.aoti_torch_library_def(definitions, schema.c_str()) != 0 ||
            functions.aoti_torch_library_impl(kernels, operation.name, operation.kernel) != 0) {
            return operation.name;
        }
    }
    return nullptr;
}
