// SPDX-License-Identifier: Apache-2.0
// Pipes, flags and places in the words of kernels.
#pragma once

#include <string>

#include "instruction.h"

namespace ascend_sim {

inline const char* PipeName(Pipe pipe)
{
    switch (pipe) {
        case Pipe::kScalar:
            return "S";
        case Pipe::kVector:
            return "V";
        case Pipe::kMte1:
            return "MTE1";
        case Pipe::kMte2:
            return "MTE2";
        case Pipe::kMte3:
            return "MTE3";
        case Pipe::kCube:
            return "M";
        case Pipe::kFix:
            return "FIX";
        default:
            return "ALL";
    }
}

// "MTE2_V with id 3"
inline std::string FlagName(Pipe from, Pipe to, int32_t id)
{
    return std::string(PipeName(from)) + "_" + PipeName(to) + " with id " + std::to_string(id);
}

// "add.cpp:31", the path shortened to the file name; empty in the fast build, which keeps no lines.
inline std::string DescribeWhere(Where where)
{
    if (where.line == 0) {
        return "";
    }
    const std::string file = where.file;
    const size_t slash = file.rfind('/');
    return (slash == std::string::npos ? file : file.substr(slash + 1)) + ":" + std::to_string(where.line);
}

}  // namespace ascend_sim
