// SPDX-License-Identifier: Apache-2.0
// What the definitions of the binary cross-entropy operators have in common.
#pragma once

#include <vector>

#include "binary_cross_entropy_tiling.h"
#include "register/op_def_registry.h"

namespace ops {

// Logits have a pos_weight, and kernels for every pair of input and target dtypes; probabilities have kernels
// for equal ones. Weights are float32: the exported functions cast them while they are compact.
enum class Of { kLogits, kProbabilities };

class BinaryCrossEntropyDef : public OpDef {
protected:
    BinaryCrossEntropyDef(const char* name, Of of,
                          const std::vector<ge::DataType>& dtypes = {ge::DT_FLOAT, ge::DT_FLOAT16,
                                                                     ge::DT_BF16})
        : OpDef(name), of_(of)
    {
        for (const ge::DataType self : dtypes) {
            for (const ge::DataType target : dtypes) {
                if (of == Of::kLogits || self == target) {
                    self_.push_back(self);
                    target_.push_back(target);
                }
            }
        }
    }

    void AddInput(const char* name, Option option, const std::vector<ge::DataType>& dtypes)
    {
        const std::vector<ge::Format> nd(dtypes.size(), ge::FORMAT_ND);
        this->Input(name).ParamType(option).DataType(dtypes).Format(nd).UnknownShapeFormat(nd);
    }

    void AddOutput(const char* name, const std::vector<ge::DataType>& dtypes)
    {
        const std::vector<ge::Format> nd(dtypes.size(), ge::FORMAT_ND);
        this->Output(name).ParamType(REQUIRED).DataType(dtypes).Format(nd).UnknownShapeFormat(nd);
    }

    // All that a loss has, and what a gradient has besides grad_output.
    void AddParameters(const std::vector<ge::DataType>& out)
    {
        const std::vector<ge::DataType> float32(self_.size(), ge::DT_FLOAT);
        AddInput("self", REQUIRED, self_);
        AddInput("target", REQUIRED, target_);
        AddInput("weight", OPTIONAL, float32);
        if (of_ == Of::kLogits) {
            AddInput("pos_weight", OPTIONAL, float32);
        }
        AddOutput("out", out);
        this->Attr("reduction").AttrType(REQUIRED).Int();
        this->AICore().AddConfig("ascend910b").AddConfig("ascend910_93");
    }

    template <size_t INPUT>
    static ge::graphStatus InferDataTypeLike(gert::InferDataTypeContext* context)
    {
        return context->SetOutputDataType(0, context->GetInputDataType(INPUT));
    }

    const Of of_;
    std::vector<ge::DataType> self_;
    std::vector<ge::DataType> target_;
};

// A loss, of target's dtype, with or without reduction.
class LossDef : public BinaryCrossEntropyDef {
protected:
    LossDef(const char* name, Of of) : BinaryCrossEntropyDef(name, of)
    {
        AddParameters(target_);
        this->SetInferShape(optiling::InferLossShape).SetInferDataType(InferDataTypeLike<1>);
        this->AICore().SetTiling(of == Of::kLogits ? optiling::TilingLossWithLogits : optiling::TilingLoss);
    }
};

// The sum or mean, of target's dtype, and the gradient with respect to self, of its dtype. Not in float16,
// whose gradients of a mean would underflow before a factor that was meant to prevent that comes.
class LossAndGradientDef : public BinaryCrossEntropyDef {
protected:
    explicit LossAndGradientDef(const char* name)
        : BinaryCrossEntropyDef(name, Of::kLogits, {ge::DT_FLOAT, ge::DT_BF16})
    {
        AddParameters(target_);
        AddOutput("gradient", self_);
        this->SetInferShape(optiling::InferLossAndGradientShape).SetInferDataType(InferDataTypes);
        this->AICore().SetTiling(optiling::TilingLossAndGradientWithLogits);
    }

private:
    static ge::graphStatus InferDataTypes(gert::InferDataTypeContext* context)
    {
        context->SetOutputDataType(0, context->GetInputDataType(1));
        return context->SetOutputDataType(1, context->GetInputDataType(0));
    }
};

// What multiplies that gradient in place by the grad_output of its loss, of target's dtype.
class ScaleGradientDef : public BinaryCrossEntropyDef {
protected:
    explicit ScaleGradientDef(const char* name)
        : BinaryCrossEntropyDef(name, Of::kLogits, {ge::DT_FLOAT, ge::DT_BF16})
    {
        AddInput("gradient", REQUIRED, self_);
        AddInput("grad_output", REQUIRED, target_);
        AddOutput("gradient", self_);
        this->SetInferShape(optiling::InferScaledShape).SetInferDataType(InferDataTypeLike<0>);
        this->AICore().AddConfig("ascend910b").AddConfig("ascend910_93");
        this->AICore().SetTiling(optiling::TilingScale);
    }
};

// The gradient of a loss with respect to self or to target, of its dtype.
enum class For { kSelf, kTarget };

class GradientDef : public BinaryCrossEntropyDef {
protected:
    GradientDef(const char* name, Of of, For subject) : BinaryCrossEntropyDef(name, of)
    {
        AddInput("grad_output", REQUIRED, target_);
        AddParameters(subject == For::kSelf ? self_ : target_);
        this->SetInferShape(optiling::InferGradientShape)
            .SetInferDataType(subject == For::kSelf ? InferDataTypeLike<1> : InferDataTypeLike<2>);
        this->AICore().SetTiling(of == Of::kLogits ? optiling::TilingGradientWithLogits
                                                   : optiling::TilingGradient);
    }
};

}  // namespace ops
