// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "opdev/op_arg_def.h"
#include "opdev/op_def.h"
#include "opdev/op_executor.h"
#include "opdev/platform.h"

#define CREATE_EXECUTOR() UniqueExecutor(__func__)

// Gives the outputs the shapes that the operator infers from its inputs.
#define INFER_SHAPE(op_type, ...) InferShape(op_type##OpTypeId(), op::CollectOpArgs(__VA_ARGS__))

// Runs the operator's tiling and appends its launch to `executor`, a variable of the calling function.
#define ADD_TO_LAUNCHER_LIST_AICORE(op_type, ...) \
    AddAiCoreLaunch(op_type##OpTypeId(), executor, op::CollectOpArgs(__VA_ARGS__))
