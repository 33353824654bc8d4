// SPDX-License-Identifier: Apache-2.0
#include "pending_calls.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "../core/core.h"
#include "../lanes/lanes.h"
#include "plan.h"

namespace ascend_sim {

namespace {

constexpr uint32_t kOfBlock = kBlockBytes / sizeof(float);

// Eight elements are read before their blocks are written.
void SpreadElements(uint8_t* dst, const uint8_t* a, uint32_t n)
{
    for (uint32_t i = 0; i < n; i += kOfBlock) {
        float elements[kOfBlock];
        std::memcpy(elements, a + i * sizeof(float), sizeof(elements));
        for (const float& element : elements) {
            GetLanes().fill32(dst, &element, kOfBlock);
            dst += kBlockBytes;
        }
    }
}

void RepeatBlocks(Block& block, const Call& call, const CallArguments& arguments)
{
    const auto& loop = *static_cast<const Lanes::WithScalar*>(call.instruction);
    block.read_ahead.Fetch(size_t{call.rows} * call.n);
    for (uint32_t row = 0; row < call.rows; ++row) {
        uint8_t* const dst = block.unified_buffer + call.dst + row * call.dst_stride;
        loop(dst, block.unified_buffer + call.a + row * call.a_stride, &arguments.scalar, kOfBlock);
        for (uint32_t done = kOfBlock; done < call.n; done += kOfBlock) {
            std::memcpy(dst + done * sizeof(float), dst, std::min(kOfBlock, call.n - done) * sizeof(float));
        }
    }
}

void RunAlone(Block& block, const Call& call, const CallArguments& arguments)
{
    uint8_t* const base = block.unified_buffer;
    const auto loop = [&](const auto& rows_of, auto... operands) {
        block.read_ahead.Fetch(size_t{call.rows} * call.n);
        if (call.rows == 1) {
            rows_of(operands..., call.n);
        } else {
            rows_of(operands..., call.n, Rows{call.rows, call.dst_stride, call.a_stride, call.b_stride});
        }
    };
    switch (call.kind) {
        case CallKind::kUnary:
            return loop(*static_cast<const Lanes::Unary*>(call.instruction), base + call.dst, base + call.a);
        case CallKind::kBinary:
        case CallKind::kUpdate:
            return loop(*static_cast<const Lanes::Binary*>(call.instruction), base + call.dst, base + call.a,
                        base + call.b);
        case CallKind::kWithScalar:
            return loop(*static_cast<const Lanes::WithScalar*>(call.instruction), base + call.dst,
                        base + call.a, &arguments.scalar);
        case CallKind::kBlockWithScalar:
            return RepeatBlocks(block, call, arguments);
        case CallKind::kSpread:
            return SpreadElements(base + call.dst, base + call.a, call.n);
        case CallKind::kCast:
            block.read_ahead.Fetch(call.n);
            return (*static_cast<const Lanes::Cast*>(call.instruction))(
                base + call.dst, base + call.a, static_cast<Rounding>(Conversion::Of(call.detail).rounding),
                call.n);
        case CallKind::kGroups:
            return (*static_cast<const Lanes::Groups*>(call.instruction))(base + arguments.place,
                                                                          base + call.a, call.n, call.detail);
        case CallKind::kCopyIn: {
            const size_t bytes = size_t{call.n} * call.detail;
            block.read_ahead.CopiedFrom(arguments.global, bytes);
            std::memcpy(base + call.dst, arguments.global, bytes);
            for (uint32_t i = 0; i < call.b; ++i) {
                std::memcpy(base + call.dst + bytes + i * call.detail, arguments.global, call.detail);
            }
            return;
        }
        case CallKind::kCopyOut: {
            const size_t bytes = size_t{call.n} * call.detail;
            if (block.writes_through) {
                GetLanes().copy_through(arguments.global, base + call.a, bytes);
            } else {
                std::memcpy(arguments.global, base + call.a, bytes);
            }
            return;
        }
    }
}

void RunProgram(Block& block, const Plan& plan, Program program, const CallArguments* arguments)
{
    constexpr size_t kMostOperands = 3;
    std::array<uint8_t*, kMostOperands * PendingCalls::kMost> regions;
    std::array<float, PendingCalls::kMost> scalars;
    for (size_t i = 0; i < plan.regions.size(); ++i) {
        const RegionPlace& place = plan.regions[i];
        regions[i] = place.call != RegionPlace::kNoCall ? arguments[place.call].global
                                                        : block.unified_buffer + place.begin;
    }
    for (size_t i = 0; i < plan.with_scalar.size(); ++i) {
        scalars[i] = arguments[plan.with_scalar[i]].scalar;
    }
    program(regions.data(), scalars.data(), plan.groups);
}

void RunList(Block& block, const Plan& plan, bool is_frugal, const CallArguments* arguments)
{
    const auto run = [&](size_t i) { RunAlone(block, plan.calls[i], arguments[i]); };
    if (const Program program = is_frugal ? plan.frugal : plan.program) {
        std::for_each(plan.ahead.begin(), plan.ahead.end(), run);
        RunProgram(block, plan, program, arguments);
        std::for_each(plan.rest.begin(), plan.rest.end(), run);
        return;
    }
    for (size_t i = 0; i < plan.calls.size(); ++i) {
        run(i);
    }
}

}  // namespace

void PendingCalls::Close(Block& block)
{
    if (count_ == 0) {
        return;
    }
    const uint32_t count = count_;
    const Plan* plan = FindPlan(calls_, count, lists_ == 0);
    if (plan == nullptr) {
        while (RunOldest(block, false)) {
        }
        plan = FindPlan(calls_, count, true);
    }
    count_ = 0;
    waiting_[lists_].plan = plan;
    std::copy_n(arguments_, count, waiting_[lists_].arguments);
    ++lists_;
}

// False if there is none, or if it had better wait.
bool PendingCalls::RunOldest(Block& block, bool may_wait)
{
    if (lists_ == 0) {
        return false;
    }
    const Plan& plan = *waiting_[0].plan;
    const Plan::Following following = {lists_ > 1 ? waiting_[1].plan : nullptr,
                                       lists_ > 2 ? waiting_[2].plan : nullptr};
    const Plan::Verdict verdict = plan.Judge(following);
    if (verdict == Plan::Verdict::kNotYet && may_wait && lists_ < kMostLists) {
        return false;
    }
    RunList(block, plan, verdict == Plan::Verdict::kYes, waiting_[0].arguments);
    --lists_;
    for (uint32_t i = 0; i < lists_; ++i) {
        waiting_[i].plan = waiting_[i + 1].plan;
        std::copy_n(waiting_[i + 1].arguments, waiting_[i].plan->calls.size(), waiting_[i].arguments);
    }
    return true;
}

void PendingCalls::EndList(Block& block)
{
    Close(block);
    while (RunOldest(block, true)) {
    }
}

void PendingCalls::Run(Block& block)
{
    Close(block);
    while (RunOldest(block, false)) {
    }
}

}  // namespace ascend_sim
