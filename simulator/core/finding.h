// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "export.h"

namespace ascend_sim {

// The tensor a finding is about.
struct FindingTensor {
    std::string space;  // "GM" or "UB"; empty: the finding is about no tensor
    std::string name;   // of the launch argument; UB tensors have none
    uintptr_t address = 0;
    size_t bytes = 0;
    int32_t buffer = -1;  // number of the UB buffer in its TPipe; -1: none
    std::string file;     // where the kernel made it
    int line = 0;
};

// Something a kernel did that the device would not forgive.
struct Finding {
    std::string code;     // short and stable, e.g. "gm-out-of-bounds"
    std::string message;  // what was done
    std::string mend;     // how to mend this case; empty: as every finding of this code
    std::string kernel;
    std::string file;  // of the kernel's call; empty in the fast build, which keeps no lines
    int line = 0;
    uint32_t block = 0;  // the lowest block it was found in
    uint64_t visit = 0;  // it was found when that block reached the line for the visit-th time; 0: unknown
    bool stops = false;  // whether the block could not go on
    FindingTensor tensor;
    uint64_t occurrences = 1;  // at this line and on this tensor, over all blocks
    uint32_t blocks = 1;       // how many blocks it was found in
    uint32_t block_dim = 1;    // of the launch
};

// What is true of every finding of one code. Each has a page, docs/simulator/findings/<code>.md.
struct FindingCode {
    const char* code;
    const char* check;  // the check that looks for it; null: found whatever is checked
    const char* why;    // why the device would fail
    const char* mend;
};

// Every code there is, by name.
ASCEND_SIM_EXPORT const std::vector<FindingCode>& FindingCodes();
const FindingCode* FindCode(const std::string& code);

// All of it, as users read it: what, where, on which tensor, why, how to mend, how to see it again.
ASCEND_SIM_EXPORT std::string FormatFinding(const Finding& finding);

// A JSON object.
ASCEND_SIM_EXPORT std::string ToJson(const Finding& finding);
ASCEND_SIM_EXPORT std::string ToJson(const std::vector<Finding>& findings);

// Thrown by AscendC calls outside a launch.
class ASCEND_SIM_EXPORT FindingError : public std::exception {
public:
    explicit FindingError(Finding finding) : finding_(std::move(finding)) {}
    const char* what() const noexcept override { return finding_.message.c_str(); }
    const Finding& finding() const { return finding_; }

private:
    Finding finding_;
};

}  // namespace ascend_sim
