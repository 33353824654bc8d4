// SPDX-License-Identifier: Apache-2.0
// The seam between the AscendC headers and the execution core.
//
// Every AscendC call becomes one instruction on one pipe of one core. In the fast build the call runs at once
// and nothing below exists at run time; in the checked build (ASCEND_SIM_CHECKED) the call hands the core an
// Instruction, which observers look at before the core executes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace ascend_sim {

#ifdef ASCEND_SIM_CHECKED
inline constexpr bool kChecked = true;
#else
inline constexpr bool kChecked = false;
#endif

// The line of kernel code that made a call. Taken by default arguments at the call site, so it needs no debug
// information; an empty struct in the fast build.
struct Where {
#ifdef ASCEND_SIM_CHECKED
    const char* file = "";
    int line = 0;
    static constexpr Where Here(const char* file = __builtin_FILE(), int line = __builtin_LINE())
    {
        return Where{file, line};
    }
#else
    static constexpr Where Here() { return Where{}; }
#endif
};

// The in-order instruction streams of an AI vector core.
enum class Pipe : uint8_t { kScalar, kVector, kMte1, kMte2, kMte3, kCube, kFix, kAll };

// kClobber: written, but with values that the device does not promise.
enum class Access : uint8_t { kRead, kWrite, kReadWrite, kClobber };

// kRegister: of the core. Who reads one waits for who writes it, without being told to.
enum class Space : uint8_t { kUnifiedBuffer, kGlobalMemory, kRegister };

// What the tensor an operand belongs to may touch: its own extent, and where the kernel made it.
struct Extent {
    uintptr_t begin = 0;
    size_t bytes = 0;
    Where allocated;
    uint32_t buffer = 0;  // number of the UB buffer in its TPipe; 0 for global memory
};

// The bytes an instruction touches through one operand:
// for r < repeats, b < blocks: [address + r * repeat_stride + b * block_stride, + block_bytes).
struct Operand {
    Access access = Access::kRead;
    Space space = Space::kUnifiedBuffer;
    uint32_t element_bytes = 1;
    uintptr_t address = 0;
    size_t block_bytes = 0;
    uint32_t blocks = 1;
    ptrdiff_t block_stride = 0;
    uint32_t repeats = 1;
    ptrdiff_t repeat_stride = 0;
    uint32_t first_repeat = 0;  // these are repeats [first_repeat, first_repeat + repeats) of the instruction
    Extent extent;
    uint32_t alignment =
        0;  // required of `address`; 0: 32 in the unified buffer (scalar pipe excepted), else 1
    uint32_t block_multiple = 1;  // `block_bytes` must be a multiple of this
};

struct Instruction {
    Pipe pipe = Pipe::kScalar;
    const char* name = "";
    Where where;
    std::vector<Operand> operands;
    std::function<void()> execute;
};

}  // namespace ascend_sim
