// SPDX-License-Identifier: Apache-2.0
#include "plan.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <numeric>
#include <set>
#include <unordered_map>
#include <utility>

#include "../lanes/lanes.h"
#include "sequence.h"

namespace ascend_sim {

namespace {

constexpr uint32_t kMostRows = 16;  // of one call in a group

// ---- Calls as steps of a sequence ----

const Operation* OperationOf(const Call& call)
{
    using Names = std::unordered_map<const void*, const char*>;
    static const Names names = [] {
        const Lanes& lanes = GetLanes();
        constexpr auto kFloat = static_cast<size_t>(Dtype::kFloat32);
        const auto unary = [&](UnaryOp op) { return &lanes.unary[static_cast<size_t>(op)][kFloat]; };
        const auto binary = [&](BinaryOp op) { return &lanes.binary[static_cast<size_t>(op)][kFloat]; };
        const auto scalar = [&](ScalarOp op) { return &lanes.with_scalar[static_cast<size_t>(op)][kFloat]; };
        const auto update = [&](UpdateOp op) { return &lanes.update[static_cast<size_t>(op)][kFloat]; };
        const auto cast = [&](Dtype to, Dtype from) {
            return &lanes.cast[static_cast<size_t>(to)][static_cast<size_t>(from)];
        };
        return Names{
            {unary(UnaryOp::kAbs), "Abs"},
            {unary(UnaryOp::kRelu), "Relu"},
            {unary(UnaryOp::kExp), "Exp"},
            {unary(UnaryOp::kLn), "Ln"},
            {unary(UnaryOp::kSqrt), "Sqrt"},
            {unary(UnaryOp::kReciprocal), "Reciprocal"},
            {binary(BinaryOp::kAdd), "Add"},
            {binary(BinaryOp::kSub), "Sub"},
            {binary(BinaryOp::kMul), "Mul"},
            {binary(BinaryOp::kDiv), "Div"},
            {binary(BinaryOp::kMax), "Max"},
            {binary(BinaryOp::kMin), "Min"},
            {scalar(ScalarOp::kAdds), "Adds"},
            {scalar(ScalarOp::kMuls), "Muls"},
            {scalar(ScalarOp::kMaxs), "Maxs"},
            {scalar(ScalarOp::kMins), "Mins"},
            {update(UpdateOp::kMulAddDst), "MulAddDst"},
            {update(UpdateOp::kFusedMulAdd), "FusedMulAdd"},
            {cast(Dtype::kFloat32, Dtype::kFloat16), "HalfToFloat"},
            {cast(Dtype::kFloat32, Dtype::kBFloat16), "BFloat16ToFloat"},
            {cast(Dtype::kFloat16, Dtype::kFloat32), "FloatToHalf"},
            {cast(Dtype::kBFloat16, Dtype::kFloat32), "FloatToBFloat16"},
        };
    }();
    if (call.kind == CallKind::kCopyIn || call.kind == CallKind::kCopyOut) {
        return FindOperation(call.detail == 4 ? "Copy32" : "Copy16");
    }
    const auto rounding = static_cast<Rounding>(Conversion::Of(call.detail).rounding);
    if (call.kind == CallKind::kCast && rounding != Rounding::kNone && rounding != Rounding::kRint) {
        return nullptr;
    }
    if (call.kind == CallKind::kBlockWithScalar) {
        return nullptr;
    }
    const auto found = names.find(call.instruction);
    return found == names.end() ? nullptr : FindOperation(found->second);
}

// Rows of a call, or 0 if it does not consist of whole ones.
uint32_t RowsOf(const Call& call)
{
    if (call.rows > 1) {
        return call.n == kRowElements ? call.rows : 0;
    }
    return call.n % kRowElements == 0 ? call.n / static_cast<uint32_t>(kRowElements) : 0;
}

// What an operand of a step covers.
struct Span {
    RowOperand* operand;
    uint32_t row_bytes;
    uint32_t begin;
    uint32_t stride;
    uint32_t rows;
    uint32_t call;  // whose global memory it is, or RegionPlace::kNoCall

    uint32_t end() const { return begin + stride * (rows - 1) + row_bytes; }
};

// Numbers the regions in the order in which calls meet them. False if rows do not lie on top of each other.
bool NumberRegions(const std::vector<Span>& spans, Sequence& sequence, std::vector<RegionPlace>& places)
{
    struct Area {
        uint32_t begin, end, row_bytes;
        uint32_t number;
    };
    constexpr uint32_t kNoNumber = ~uint32_t{0};
    std::vector<const Span*> sorted;
    for (const Span& span : spans) {
        if (span.call == RegionPlace::kNoCall) {
            sorted.push_back(&span);
        }
    }
    std::sort(sorted.begin(), sorted.end(), [](const Span* a, const Span* b) { return a->begin < b->begin; });
    std::vector<Area> areas;  // of the unified buffer, apart from each other
    for (const Span* span : sorted) {
        if (!areas.empty() && span->begin < areas.back().end) {
            areas.back().end = std::max(areas.back().end, span->end());
        } else {
            areas.push_back({span->begin, span->end(), span->row_bytes, kNoNumber});
        }
    }
    for (const Span& span : spans) {
        if (span.call != RegionPlace::kNoCall) {
            *span.operand = {sequence.regions++, 0, 1};
            places.push_back({span.call, 0});
            continue;
        }
        Area& area = *std::prev(std::upper_bound(areas.begin(), areas.end(), span.begin,
                                                 [](uint32_t at, const Area& a) { return at < a.begin; }));
        if (span.row_bytes != area.row_bytes || (span.begin - area.begin) % area.row_bytes != 0 ||
            span.stride % area.row_bytes != 0) {
            return false;
        }
        if (area.number == kNoNumber) {
            area.number = sequence.regions++;
            places.push_back({RegionPlace::kNoCall, area.begin});
        }
        *span.operand = {area.number, (span.begin - area.begin) / area.row_bytes,
                         span.stride / area.row_bytes};
    }
    return true;
}

// ---- Calls as bytes ----

// Calls visit(begin, end) for the bytes of an operand in the unified buffer, row by row.
template <class Visit>
void EachRow(const Call& call, uint32_t begin, uint32_t stride, uint32_t element_bytes, const Visit& visit)
{
    for (uint32_t row = 0; row < call.rows; ++row) {
        visit(begin + row * stride, begin + row * stride + call.n * element_bytes);
    }
}

uint32_t ElementBytes(const Call& call, bool of_dst)
{
    if (call.kind == CallKind::kCopyIn || call.kind == CallKind::kCopyOut) {
        return call.detail;
    }
    if (call.kind == CallKind::kCast) {
        const Conversion conversion = Conversion::Of(call.detail);
        return of_dst ? conversion.to_bytes : conversion.from_bytes;
    }
    return sizeof(float);
}

template <class Visit>
void EachSource(const Call& call, const Visit& visit)
{
    const uint32_t bytes = ElementBytes(call, false);
    if (call.kind == CallKind::kGroups) {
        visit(call.a, call.a + call.n * call.detail * bytes);
        return;
    }
    if (call.kind == CallKind::kBlockWithScalar) {
        for (uint32_t row = 0; row < call.rows; ++row) {
            visit(call.a + row * call.a_stride, call.a + row * call.a_stride + kBlockBytes);
        }
        return;
    }
    if (call.kind != CallKind::kCopyIn) {
        EachRow(call, call.a, call.a_stride, bytes, visit);
    }
    if (call.kind == CallKind::kBinary || call.kind == CallKind::kUpdate) {
        EachRow(call, call.b, call.b_stride, bytes, visit);
    }
    if (call.kind == CallKind::kUpdate) {
        EachRow(call, call.dst, call.dst_stride, bytes, visit);
    }
}

template <class Visit>
void EachDestination(const Call& call, const Visit& visit)
{
    // Where sums go is not known beforehand. Then one list fewer is known to overwrite that.
    if (call.kind == CallKind::kSpread) {
        visit(call.dst, call.dst + call.n * kBlockBytes);
    } else if (call.kind == CallKind::kCopyIn) {
        visit(call.dst, call.dst + (call.n + call.b) * call.detail);
    } else if (call.kind != CallKind::kCopyOut && call.kind != CallKind::kGroups) {
        EachRow(call, call.dst, call.dst_stride, ElementBytes(call, true), visit);
    }
}

// Calls as bytes, together.
struct Touched {
    Ranges read;
    Ranges written;

    void Add(const Call& call)
    {
        EachSource(call, [&](uint32_t begin, uint32_t end) { read.Add(begin, end); });
        EachDestination(call, [&](uint32_t begin, uint32_t end) { written.Add(begin, end); });
    }
    // Whether it is the same if a call runs before them.
    bool LetsPass(const Call& call) const
    {
        if (call.kind == CallKind::kCopyOut || call.kind == CallKind::kGroups) {
            return false;  // global memory, and what is not known beforehand
        }
        Touched other;
        other.Add(call);
        return !written.Meets(other.read) && !written.Meets(other.written) && !read.Meets(other.written);
    }
};

// Of the destination.
uint32_t RowBytes(const Sequence& sequence, const Instance& instance)
{
    return sequence.steps[instance.step].operation->dst_bytes * static_cast<uint32_t>(kRowElements);
}

uint64_t HashOf(const Call* calls, uint32_t count)
{
    uint64_t hash = count;
    for (uint32_t i = 0; i < count; ++i) {
        uint64_t words[sizeof(Call) / sizeof(uint64_t)];
        std::memcpy(words, &calls[i], sizeof(words));
        uint64_t factor = 0x9e3779b97f4a7c15;  // odd, and so are the next
        for (const uint64_t word : words) {
            hash = (hash << 7 | hash >> 57) ^ word * factor;
            factor += 0x3c6ef372fe94f82a;
        }
    }
    return hash;
}

}  // namespace

void Plan::Complete()
{
    FollowBytes();
    FindPrograms();
    is_complete = true;
}

void Plan::FollowBytes()
{
    for (const Call& call : calls) {
        Ranges read;
        EachSource(call, [&](uint32_t begin, uint32_t end) { read.Add(begin, end); });
        read.Remove(writes);
        reads.Add(read);
        EachDestination(call, [&](uint32_t begin, uint32_t end) { writes.Add(begin, end); });
    }
}

// Returns the calls that a program may compute, and divides up the others. What is short beside the rows
// before it is among these: no program could have both.
std::vector<uint32_t> Plan::ChooseFused()
{
    std::vector<uint32_t> fused;
    Touched touched;
    uint32_t most_rows = 0;
    for (uint32_t i = 0; i < calls.size(); ++i) {
        const Call& call = calls[i];
        const uint32_t rows = OperationOf(call) != nullptr ? RowsOf(call) : 0;
        if (rows * kMostRows >= most_rows && rows != 0 && rest.empty()) {
            fused.push_back(i);
            touched.Add(call);
            most_rows = std::max(most_rows, rows);
        } else if (rest.empty() && touched.LetsPass(call)) {
            ahead.push_back(i);
        } else {
            rest.push_back(i);
        }
    }
    return fused;
}

void Plan::FindPrograms()
{
    const std::vector<uint32_t> fused = ChooseFused();
    Sequence sequence;
    sequence.steps.resize(fused.size());
    std::vector<Span> spans;
    uint32_t all_groups = 0, most_rows = 0;
    for (size_t k = 0; k < fused.size(); ++k) {
        const uint32_t i = fused[k];
        const Call& call = calls[i];
        Step& step = sequence.steps[k];
        step.operation = OperationOf(call);
        step.rows = RowsOf(call);
        all_groups = std::gcd(all_groups, step.rows);
        most_rows = std::max(most_rows, step.rows);
        const auto add = [&](RowOperand& operand, uint32_t bytes, uint32_t begin, uint32_t stride,
                             bool is_global) {
            const uint32_t row_bytes = bytes * static_cast<uint32_t>(kRowElements);
            const bool by_rows = call.rows > 1 || stride != 0;
            spans.push_back({&operand, row_bytes, begin, by_rows ? stride : row_bytes, step.rows,
                             is_global ? i : RegionPlace::kNoCall});
        };
        add(step.dst, step.operation->dst_bytes, call.dst, call.dst_stride, call.kind == CallKind::kCopyOut);
        add(step.a, step.operation->source_bytes, call.a, call.a_stride, call.kind == CallKind::kCopyIn);
        if (step.operation->reads_b) {
            add(step.b, step.operation->source_bytes, call.b, call.b_stride, false);
        }
        if (step.operation->has_scalar) {
            with_scalar.push_back(i);
        }
    }
    if (fused.size() < 2 || most_rows / all_groups > kMostRows || !NumberRegions(spans, sequence, regions)) {
        return;
    }
    for (Step& step : sequence.steps) {
        step.rows /= all_groups;
    }
    groups = all_groups;
    program = FindProgram(sequence, groups);

    // Who leaves which row of the unified buffer: the last call that writes it.
    const std::vector<Instance> instances = Unroll(sequence);
    std::map<uint32_t, size_t> writers;  // by address
    const auto address_of = [&](const Instance& instance, size_t group) {
        const auto row = static_cast<uint32_t>(instance.dst.stride * group + instance.dst.offset);
        return regions[instance.dst.region].begin + row * RowBytes(sequence, instance);
    };
    std::set<Place> kept;
    EachInOrderOfCalls(instances, groups, [&](size_t i, size_t group) {
        if (regions[instances[i].dst.region].call != RegionPlace::kNoCall) {
            kept.insert(instances[i].dst);
        } else {
            writers[address_of(instances[i], group)] = i;
        }
    });
    Ranges needed = reads;
    for (const uint32_t i : rest) {
        EachSource(calls[i], [&](uint32_t begin, uint32_t end) { needed.Add(begin, end); });
    }
    for (const auto& [address, writer] : writers) {
        if (needed.Meets(address, address + RowBytes(sequence, instances[writer]))) {
            kept.insert(instances[writer].dst);
        }
    }
    for (const auto& [address, writer] : writers) {
        if (kept.count(instances[writer].dst) == 0) {
            left_out.Add(address, address + RowBytes(sequence, instances[writer]));
        }
    }
    if (left_out.empty()) {
        return;
    }
    sequence.kept.assign(kept.begin(), kept.end());
    sequence.is_frugal = true;
    frugal = FindProgram(sequence, groups);
}

Plan::Verdict Plan::Judge(const Following& following) const
{
    if (frugal == nullptr) {
        return Verdict::kNo;
    }
    for (const Plan* plan : following) {
        if (plan != nullptr && !plan->is_complete) {
            return Verdict::kNo;
        }
    }
    const auto [verdict, is_new] = verdicts_.emplace(following, Verdict::kNotYet);
    if (is_new) {
        Ranges rest = left_out;
        for (const Plan* plan : following) {
            if (plan == nullptr || verdict->second != Verdict::kNotYet) {
                break;
            }
            if (rest.Meets(plan->reads)) {
                verdict->second = Verdict::kNo;
            } else {
                rest.Remove(plan->writes);
                verdict->second = rest.empty() ? Verdict::kYes : Verdict::kNotYet;
            }
        }
    }
    return verdict->second;
}

const Plan* FindPlan(const Call* calls, uint32_t count, bool may_forget)
{
    constexpr size_t kMostPlans = 256;
    thread_local std::unordered_map<uint64_t, Plan> plans;
    thread_local uint32_t version = 0;
    thread_local Plan* last = nullptr;

    const auto fits = [&](const Plan& plan) {
        return plan.calls.size() == count && std::memcmp(plan.calls.data(), calls, count * sizeof(Call)) == 0;
    };
    const bool is_current = version == ProgramsVersion();
    if (is_current && last != nullptr && last->next != nullptr && last->next->is_complete &&
        fits(*last->next)) {
        return last = last->next;
    }
    const uint64_t hash = HashOf(calls, count);
    auto found = plans.find(hash);
    if (!is_current || (found == plans.end() && plans.size() >= kMostPlans) ||
        (found != plans.end() && !fits(found->second))) {
        if (!may_forget) {
            return nullptr;
        }
        plans.clear();
        last = nullptr;
        version = ProgramsVersion();
        found = plans.end();
    }
    const bool is_new = found == plans.end();
    if (is_new) {
        found = plans.try_emplace(hash, std::vector<Call>(calls, calls + count)).first;
    }
    Plan& plan = found->second;
    if (!plan.is_complete && (!is_new || RecordsCalls())) {
        plan.Complete();
    }
    if (last != nullptr) {
        last->next = &plan;
    }
    return last = &plan;
}

}  // namespace ascend_sim
