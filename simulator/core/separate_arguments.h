// SPDX-License-Identifier: Apache-2.0
// The arguments of a checked launch, each with room behind it.
//
// A kernel passes on addresses and nothing else, and checks know by an address which argument it was computed
// from. Where another argument begins soon behind one, a tensor made past the end of the first, by a share
// too far or an offset in bytes instead of elements, would count as the other's. So arguments that have
// another one within their own size (and a page) behind them are copied to memory of their own for as long as
// the launch lasts; what is found does then not depend on where the caller's arrays happen to lie either.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "launch.h"

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
