// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <utility>

#include "export.h"

namespace ascend_sim {

// Something a kernel did that the device would not forgive.
struct Finding {
    std::string code;     // short and stable, e.g. "gm-out-of-bounds"
    std::string message;  // what, on which tensor, why, and how to mend it
    std::string kernel;
    std::string file;  // of the kernel's call; empty in the fast build, which keeps no lines
    int line = 0;
    uint32_t block = 0;
};

// "code: message" with kernel, block, file and line, as users read it.
ASCEND_SIM_EXPORT std::string FormatFinding(const Finding& finding);

// Carries a finding out of the kernel to Launch().
class ASCEND_SIM_EXPORT FindingError : public std::exception {
public:
    explicit FindingError(Finding finding) : finding_(std::move(finding)) {}
    const char* what() const noexcept override { return finding_.message.c_str(); }
    const Finding& finding() const { return finding_; }

private:
    Finding finding_;
};

}  // namespace ascend_sim
