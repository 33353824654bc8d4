// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <cstring>
#include <map>
#include <mutex>
#include <string>

#include "acl/acl_op_compiler.h"
#include "aclnn/aclnn_base.h"
#include "device.h"
#include "opdev/common_types.h"
#include "opdev/data_type_utils.h"
#include "opdev/op_errno.h"
#include "opdev/shape_utils.h"

struct aclTensorDesc {
    op::DataType data_type;
    op::Shape shape;
    aclFormat format;
};

// Frameworks check only that there is one.
struct aclopAttr {};
struct AllocatorDesc {};

struct aclDataBuffer {
    void* data;
    size_t bytes;
};

extern "C" {
aclnnStatus aclnnDivGetWorkspaceSize(const aclTensor* self, const aclTensor* other, aclTensor* out,
                                     uint64_t* workspaceSize, aclOpExecutor** executor);
aclnnStatus aclnnDiv(void* workspace, uint64_t workspaceSize, aclOpExecutor* executor, aclrtStream stream);
}

namespace {

std::mutex options_mutex;
std::map<aclCompileOpt, std::string> options = {{ACL_OP_JIT_COMPILE, "disable"}};

// Empty if nobody has set the option.
std::string OptionText(aclCompileOpt opt)
{
    const std::lock_guard<std::mutex> lock(options_mutex);
    return options[opt];
}

aclError FailOperator(const char* function, const char* op_type)
{
    const std::string text =
        std::string(function) + ": operator type " + (op_type == nullptr ? "(null)" : op_type) +
        " is not simulated; frameworks come here when no library has the operator's aclnn function";
    // At once, because frameworks that call it on a thread of theirs tell much later.
    std::fprintf(stderr, "ascend-simulator: %s\n", text.c_str());
    return ascend_sim::Fail(ACL_ERROR_RT_FEATURE_NOT_SUPPORT, text);
}

aclTensor MakeTensor(const aclTensorDesc& desc, const aclDataBuffer& buffer)
{
    return aclTensor(desc.shape, desc.data_type, op::Format::FORMAT_ND, buffer.data);
}

aclError RunOperator(const char* function, const char* op_type, const aclTensorDesc* const* input_descs,
                     const aclDataBuffer* const* inputs, const aclTensorDesc* const* output_descs,
                     const aclDataBuffer* const* outputs, aclrtStream stream)
{
    if (op_type == nullptr || std::strcmp(op_type, "RealDiv") != 0) {
        return FailOperator(function, op_type);
    }
    const aclTensor dividend = MakeTensor(*input_descs[0], *inputs[0]);
    const aclTensor divisor = MakeTensor(*input_descs[1], *inputs[1]);
    aclTensor quotient = MakeTensor(*output_descs[0], *outputs[0]);
    uint64_t workspace_bytes = 0;
    aclOpExecutor* executor = nullptr;
    const aclnnStatus status =
        aclnnDivGetWorkspaceSize(&dividend, &divisor, &quotient, &workspace_bytes, &executor);
    return status == ACLNN_SUCCESS ? aclnnDiv(nullptr, workspace_bytes, executor, stream) : status;
}

}  // namespace

extern "C" {

aclTensorDesc* aclCreateTensorDesc(aclDataType dataType, int numDims, const int64_t* dims, aclFormat format)
{
    auto* desc = new aclTensorDesc{op::ToOpDataType(dataType), {}, format};
    op::ToShape(dims, static_cast<uint64_t>(numDims), desc->shape);
    return desc;
}

void aclDestroyTensorDesc(const aclTensorDesc* desc)
{
    delete desc;
}

aclDataType aclGetTensorDescType(const aclTensorDesc* desc)
{
    return op::ToAclDataType(desc->data_type);
}

aclFormat aclGetTensorDescFormat(const aclTensorDesc* desc)
{
    return desc->format;
}

size_t aclGetTensorDescNumDims(const aclTensorDesc* desc)
{
    return desc->shape.GetDimNum();
}

aclError aclGetTensorDescDimV2(const aclTensorDesc* desc, size_t index, int64_t* dimSize)
{
    *dimSize = desc->shape[index];
    return ACL_SUCCESS;
}

aclDataBuffer* aclCreateDataBuffer(void* data, size_t size)
{
    return new aclDataBuffer{data, size};
}

aclError aclDestroyDataBuffer(const aclDataBuffer* dataBuffer)
{
    delete dataBuffer;
    return ACL_SUCCESS;
}

aclError aclUpdateDataBuffer(aclDataBuffer* dataBuffer, void* data, size_t size)
{
    *dataBuffer = {data, size};
    return ACL_SUCCESS;
}

void* aclGetDataBufferAddr(const aclDataBuffer* dataBuffer)
{
    return dataBuffer->data;
}

aclopAttr* aclopCreateAttr(void)
{
    return new aclopAttr;
}

void aclopDestroyAttr(const aclopAttr* attr)
{
    delete attr;
}

aclrtAllocatorDesc aclrtAllocatorCreateDesc(void)
{
    return new AllocatorDesc;
}

aclError aclrtAllocatorDestroyDesc(aclrtAllocatorDesc allocatorDesc)
{
    delete static_cast<AllocatorDesc*>(allocatorDesc);
    return ACL_SUCCESS;
}

aclError aclopCompileAndExecute(const char* opType, int, const aclTensorDesc* const inputDesc[],
                                const aclDataBuffer* const inputs[], int,
                                const aclTensorDesc* const outputDesc[], aclDataBuffer* const outputs[],
                                const aclopAttr*, int, int, const char*, aclrtStream stream)
{
    return RunOperator("aclopCompileAndExecute", opType, inputDesc, inputs, outputDesc, outputs, stream);
}

aclError aclopCompileAndExecuteV2(const char* opType, int, aclTensorDesc* inputDesc[],
                                  aclDataBuffer* inputs[], int, aclTensorDesc* outputDesc[],
                                  aclDataBuffer* outputs[], aclopAttr*, int, int, const char*,
                                  aclrtStream stream)
{
    return RunOperator("aclopCompileAndExecuteV2", opType, inputDesc, inputs, outputDesc, outputs, stream);
}

aclError aclSetCompileopt(aclCompileOpt opt, const char* value)
{
    if (value == nullptr) {
        return ascend_sim::Fail(ACL_ERROR_INVALID_PARAM, "aclSetCompileopt: the value is null");
    }
    const std::lock_guard<std::mutex> lock(options_mutex);
    options[opt] = value;
    return ACL_SUCCESS;
}

aclError aclGetCompileopt(aclCompileOpt opt, char* value, size_t length)
{
    const std::string text = OptionText(opt);
    if (value == nullptr || length <= text.size()) {
        return ascend_sim::Fail(
            ACL_ERROR_INVALID_PARAM,
            "aclGetCompileopt: the value is null or shorter than aclGetCompileoptSize says");
    }
    std::memcpy(value, text.c_str(), text.size() + 1);
    return ACL_SUCCESS;
}

size_t aclGetCompileoptSize(aclCompileOpt opt)
{
    return OptionText(opt).size() + 1;
}

}  // extern "C"
