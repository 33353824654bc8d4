// SPDX-License-Identifier: Apache-2.0
// The arguments of a checked launch, so that no two of them touch.
//
// A kernel passes on addresses and nothing else, and checks know by an address which argument it was computed
// from. Where one argument ends and another begins, an address is meant as either's: a tensor made there with
// a wrong offset would count as the other argument's. So arguments that another one begins behind are copied
// to memory of their own for as long as the launch lasts.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "../core/launch.h"

namespace ascend_sim {

class SeparateArguments {
public:
    explicit SeparateArguments(const std::vector<KernelArgument>& arguments);

    const std::vector<KernelArgument>& arguments() const { return arguments_; }

    // The launch has ended: what it has written goes where the caller has it, and so do the findings'
    // addresses.
    void Finish(std::vector<Finding>& findings) const;

private:
    // Arguments that overlap share their memory in the copy, too.
    struct Copy {
        uint8_t* original;
        size_t bytes;
        std::unique_ptr<uint8_t[]> memory;
        uint8_t* data;  // in `memory`
    };

    void Move(uintptr_t begin, uintptr_t end);

    std::vector<KernelArgument> arguments_;
    std::vector<Copy> copies_;
};

}  // namespace ascend_sim
