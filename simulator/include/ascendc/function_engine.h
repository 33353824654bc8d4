// SPDX-License-Identifier: Apache-2.0
// What AscendC's high-level functions share. The device makes each of a sequence of vector instructions and
// a temporary; here each is one instruction on the vector pipe, and its numbers are as exact as the type
// allows.
#pragma once

#include <algorithm>
#include <vector>

#include "vector_engine.h"

namespace AscendC {
namespace detail {

// The temporary of a high-level function: the device overwrites some of it, at least its first repeat.
inline std::vector<Operand> DescribeTemporary(const LocalTensor<uint8_t>& temporary)
{
    View view = MakeView(Access::kClobber, temporary);
    const uint32_t bytes = std::min(temporary.GetSize(), ONE_REPEAT_BYTE_SIZE);
    if (bytes == 0) {
        return {};
    }
    return {DescribeBytes(view, bytes)};
}

// A call on the first `elements` of its operands, views[0] being the destination.
template <size_t count, class Lane>
inline void IssueFunction(const char* name, const std::array<View, count>& views, int64_t elements, Lane lane,
                          [[maybe_unused]] const LocalTensor<uint8_t>* temporary, Where where)
{
    ResetMaskRegister();
    if (elements <= 0) {
        return;
    }
    ascend_sim::Issue(
        Pipe::kVector, name, where,
        [&] {
            std::vector<Operand> operands;
            for (const View& view : views) {
                operands.push_back(DescribeBytes(view, static_cast<size_t>(elements) * view.element_bytes));
            }
            if (temporary != nullptr) {
                const std::vector<Operand> more = DescribeTemporary(*temporary);
                operands.insert(operands.end(), more.begin(), more.end());
            }
            return operands;
        },
        [views, elements, lane] { lane(AddressesOf(views), static_cast<size_t>(elements)); });
}

}  // namespace detail
}  // namespace AscendC
