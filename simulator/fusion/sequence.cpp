// SPDX-License-Identifier: Apache-2.0
#include "sequence.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace ascend_sim {

namespace {

// clang-format off
constexpr Operation kOperations[] = {
    // name            code                          bytes  b      dst    scalar
    {"Abs",             "Abs::Of($a)",                4, 4, false, false, false},
    {"Relu",            "Relu::Of($a)",               4, 4, false, false, false},
    {"Exp",             "Of<Exp>($a)",                4, 4, false, false, false},
    {"Ln",              "Of<Ln>($a)",                 4, 4, false, false, false},
    {"Sqrt",            "Sqrt::Of($a)",               4, 4, false, false, false},
    {"Reciprocal",      "Reciprocal::Of($a)",         4, 4, false, false, false},
    {"Add",             "Add::Of($a, $b)",            4, 4, true,  false, false},
    {"Sub",             "Sub::Of($a, $b)",            4, 4, true,  false, false},
    {"Mul",             "Mul::Of($a, $b)",            4, 4, true,  false, false},
    {"Div",             "Div::Of($a, $b)",            4, 4, true,  false, false},
    {"Max",             "Max::Of($a, $b)",            4, 4, true,  false, false},
    {"Min",             "Min::Of($a, $b)",            4, 4, true,  false, false},
    {"Adds",            "Add::Of($a, $s)",            4, 4, false, false, true},
    {"Muls",            "Mul::Of($a, $s)",            4, 4, false, false, true},
    {"Maxs",            "Max::Of($a, $s)",            4, 4, false, false, true},
    {"Mins",            "Min::Of($a, $s)",            4, 4, false, false, true},
    {"MulAddDst",       "MulAddDst::Of($a, $b, $d)",  4, 4, true,  true,  false},
    {"FusedMulAdd",     "FusedMulAdd::Of($a, $b, $d)", 4, 4, true, true,  false},
    {"HalfToFloat",     "FromHalf($a)",               4, 2, false, false, false},
    {"BFloat16ToFloat", "FromBFloat16($a)",           4, 2, false, false, false},
    {"FloatToHalf",     "ToHalf($a)",                 2, 4, false, false, false},
    {"FloatToBFloat16", "ToBFloat16($a)",             2, 4, false, false, false},
    {"Copy32",          "$a",                         4, 4, false, false, false},
    {"Copy16",          "$a",                         2, 2, false, false, false},
};
// clang-format on

std::string ToText(const RowOperand& operand)
{
    return std::to_string(operand.region) + "." + std::to_string(operand.offset) + "." +
           std::to_string(operand.stride);
}

RowOperand ParseOperand(std::istringstream& words)
{
    RowOperand operand;
    char dots[2] = {};
    words >> operand.region >> dots[0] >> operand.offset >> dots[1] >> operand.stride;
    if (!words || dots[0] != '.' || dots[1] != '.') {
        throw std::invalid_argument("an operand should be region.offset.stride");
    }
    return operand;
}

Place PlaceOf(const RowOperand& operand, uint32_t rows, uint32_t row)
{
    return {operand.region, operand.stride * rows, operand.offset + operand.stride * row};
}

}  // namespace

const Operation* FindOperation(const std::string& name)
{
    for (const Operation& operation : kOperations) {
        if (name == operation.name) {
            return &operation;
        }
    }
    return nullptr;
}

std::string ToText(const Sequence& sequence)
{
    std::string text;
    for (const Step& step : sequence.steps) {
        text += text.empty() ? "" : "; ";
        text += std::string(step.operation->name) + " " + std::to_string(step.rows) + " " + ToText(step.dst) +
                " " + ToText(step.a);
        if (step.operation->reads_b) {
            text += " " + ToText(step.b);
        }
    }
    text += sequence.descends ? "; down" : "";
    if (sequence.is_frugal) {
        text += "; keep";
        for (const Place& place : sequence.kept) {
            text += " " + ToText(RowOperand{place.region, place.offset, place.stride});
        }
    }
    return text;
}

Sequence ParseSequence(const std::string& text)
{
    Sequence sequence;
    std::istringstream steps(text);
    for (std::string part; std::getline(steps, part, ';');) {
        std::istringstream words(part);
        std::string name;
        Step step;
        words >> name;
        if (name == "down") {
            sequence.descends = true;
            continue;
        }
        if (name == "keep") {
            sequence.is_frugal = true;
            while (words >> std::ws && !words.eof()) {
                const RowOperand place = ParseOperand(words);
                sequence.kept.push_back({place.region, place.stride, place.offset});
            }
            break;
        }
        words >> step.rows;
        step.operation = FindOperation(name);
        if (step.operation == nullptr || step.rows == 0) {
            throw std::invalid_argument("no operation or no rows: " + part);
        }
        std::vector<RowOperand*> operands = {&step.dst, &step.a};
        if (step.operation->reads_b) {
            operands.push_back(&step.b);
        }
        for (RowOperand* operand : operands) {
            *operand = ParseOperand(words);
            sequence.regions = std::max(sequence.regions, operand->region + 1);
        }
        if (words >> name) {
            throw std::invalid_argument("an operand too many: " + part);
        }
        sequence.steps.push_back(step);
    }
    if (sequence.steps.empty()) {
        throw std::invalid_argument("a sequence without steps");
    }
    return sequence;
}

bool MayMeet(const Place& a, const Place& b)
{
    if (a.region != b.region) {
        return false;
    }
    // a.stride g + a.offset = b.stride g + b.offset for some g >= 0
    const int64_t strides = int64_t{a.stride} - b.stride;
    const int64_t offsets = int64_t{b.offset} - a.offset;
    return strides == 0 ? offsets == 0 : offsets % strides == 0 && offsets / strides >= 0;
}

std::vector<Instance> Unroll(const Sequence& sequence)
{
    std::vector<Instance> instances;
    std::map<Place, size_t> writers;
    for (size_t s = 0; s < sequence.steps.size(); ++s) {
        const Step& step = sequence.steps[s];
        for (uint32_t row = 0; row < step.rows; ++row) {
            Instance instance{s, row, PlaceOf(step.dst, step.rows, row), {}, true};
            std::vector<Place> places = {PlaceOf(step.a, step.rows, row)};
            if (step.operation->reads_b) {
                places.push_back(PlaceOf(step.b, step.rows, row));
            }
            if (step.operation->reads_dst) {
                places.push_back(instance.dst);
            }
            for (const Place& place : places) {
                const auto writer = writers.find(place);
                instance.sources.push_back(
                    {place, writer == writers.end() ? Instance::kLoaded : writer->second});
            }
            const auto [writer, is_first] = writers.emplace(instance.dst, instances.size());
            if (!is_first) {
                instances[writer->second].stored = false;
                writer->second = instances.size();
            }
            instances.push_back(std::move(instance));
        }
    }
    if (sequence.is_frugal) {
        const std::set<Place> kept(sequence.kept.begin(), sequence.kept.end());
        for (Instance& instance : instances) {
            instance.stored = instance.stored && kept.count(instance.dst) != 0;
        }
    }
    return instances;
}

// Follows who wrote each row last, in both orders: every source and what is left at the end must agree.
bool IsSound(const Sequence& sequence, size_t groups)
{
    using Writer = std::pair<size_t, size_t>;  // step and row of the whole call, both from 1; 0: nobody
    using Row = std::pair<uint32_t, size_t>;   // region, row
    using Memory = std::map<Row, Writer>;
    const auto read = [](const Memory& memory, const Row& row) {
        const auto found = memory.find(row);
        return found == memory.end() ? Writer{0, 0} : found->second;
    };
    const std::vector<Instance> instances = Unroll(sequence);
    const auto row_of = [](const Place& place, size_t group) {
        return Row{place.region, place.stride * group + place.offset};
    };
    const auto writer_of = [&](const Instance& instance, size_t group) {
        return Writer{instance.step + 1, sequence.steps[instance.step].rows * group + instance.row + 1};
    };

    Memory by_calls;
    std::map<std::pair<size_t, size_t>, std::vector<Writer>> sources;  // of an instance in a group
    EachInOrderOfCalls(instances, groups, [&](size_t i, size_t group) {
        for (const Instance::Source& source : instances[i].sources) {
            sources[{i, group}].push_back(read(by_calls, row_of(source.place, group)));
        }
        by_calls[row_of(instances[i].dst, group)] = writer_of(instances[i], group);
    });

    Memory by_groups;
    for (size_t turn = 0; turn < groups; ++turn) {
        const size_t group = sequence.descends ? groups - 1 - turn : turn;
        for (size_t i = 0; i < instances.size(); ++i) {
            for (size_t k = 0; k < instances[i].sources.size(); ++k) {
                const Instance::Source& source = instances[i].sources[k];
                const Writer writer = source.instance == Instance::kLoaded
                                          ? read(by_groups, row_of(source.place, group))
                                          : writer_of(instances[source.instance], group);
                if (writer != sources[{i, group}][k]) {
                    return false;
                }
            }
        }
        for (const Instance& instance : instances) {
            if (instance.stored) {
                by_groups[row_of(instance.dst, group)] = writer_of(instance, group);
            }
        }
    }
    if (!sequence.is_frugal) {
        return by_groups == by_calls;
    }
    // What a kept place leaves must be there; who else writes its rows does not matter.
    const std::set<Place> kept(sequence.kept.begin(), sequence.kept.end());
    for (const Instance& instance : instances) {
        for (size_t group = 0; group < groups && kept.count(instance.dst) != 0; ++group) {
            const Row row = row_of(instance.dst, group);
            const Writer writer = writer_of(instance, group);
            if (by_calls.at(row) == writer && read(by_groups, row) != writer) {
                return false;
            }
        }
    }
    return true;
}

}  // namespace ascend_sim
