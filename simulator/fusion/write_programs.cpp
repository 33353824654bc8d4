// SPDX-License-Identifier: Apache-2.0
// Writes C++ for recorded sequences of calls.
//
//     write_programs SEQUENCES OUTPUT
//
// SEQUENCES has a sequence on each line, as ASCEND_SIM_RECORD_CALLS appends them. OUTPUT is compiled once for
// each instruction set, with the flags of the lanes, and linked into a library for LoadPrograms().
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "sequence.h"

namespace ascend_sim {

namespace {

// The body of a program's loop: every row of a group once, each as soon as what it needs is there, so that
// few values wait in registers.
class Body {
public:
    explicit Body(const Sequence& sequence)
        : sequence_(sequence), instances_(Unroll(sequence)), is_computed_(instances_.size(), false)
    {
        for (const Step& step : sequence.steps) {
            scalars_.push_back(step.operation->has_scalar ? scalar_count_++ : 0);
            most_rows_ = std::max(most_rows_, step.rows);
        }
        for (size_t i = 0; i < instances_.size(); ++i) {
            for (const Instance::Source& source : instances_[i].sources) {
                if (source.instance == Instance::kLoaded) {
                    loads_.emplace(source.place, BytesOfSource(i, source.place));
                }
            }
        }
    }

    std::string Write()
    {
        std::vector<size_t> order(instances_.size());
        for (size_t i = 0; i < order.size(); ++i) {
            order[i] = i;
        }
        std::stable_sort(order.begin(), order.end(),
                         [this](size_t a, size_t b) { return LastRow(a) < LastRow(b); });
        for (const size_t i : order) {
            Compute(i);
        }
        return text_.str();
    }

    size_t scalar_count() const { return scalar_count_; }
    // Strides in which places of a region are addressed, and bytes of its elements.
    const std::map<std::pair<uint32_t, uint32_t>, uint32_t>& pointers() const { return pointers_; }

private:
    const Operation& OperationOf(size_t i) const { return *sequence_.steps[instances_[i].step].operation; }

    uint32_t BytesOfSource(size_t i, const Place& place) const
    {
        const Operation& operation = OperationOf(i);
        return operation.reads_dst && place == instances_[i].dst ? operation.dst_bytes
                                                                 : operation.source_bytes;
    }

    // The row of the longest call up to which an instance has seen everything.
    uint32_t LastRow(size_t i) const
    {
        return (instances_[i].row + 1) * most_rows_ / sequence_.steps[instances_[i].step].rows;
    }

    std::string Address(const Place& place, uint32_t bytes)
    {
        pointers_[{place.region, place.stride}] = bytes;
        return "p" + std::to_string(place.region) + "_" + std::to_string(place.stride) + " + " +
               std::to_string(place.offset * kRowElements * bytes);
    }

    // Of what a copy reads, the tile behind is probably next: it comes into the L2 cache meanwhile, and the
    // next group into L1.
    void LoadAhead(size_t i)
    {
        const Place& place = instances_[i].sources[0].place;
        const Operation& operation = OperationOf(i);
        if (std::string(operation.name).rfind("Copy", 0) == 0 &&
            instances_[i].sources[0].instance == Instance::kLoaded) {
            const std::string address = Address(place, operation.source_bytes);
            const size_t group = place.stride * kRowElements * operation.source_bytes;
            text_ << "            __builtin_prefetch(" << address << " + groups * " << group << ", 0, 2);\n"
                  << "            __builtin_prefetch(" << address << (sequence_.descends ? " - " : " + ")
                  << group << ", 0, 3);\n";
        }
    }

    void Load(const Place& place)
    {
        if (!names_of_loads_.count(place)) {
            const uint32_t bytes = loads_.at(place);
            const std::string name = "l" + std::to_string(names_of_loads_.size());
            text_ << "            const auto " << name << " = " << (bytes == 4 ? "LoadFloats(" : "LoadWords(")
                  << Address(place, bytes) << ");\n";
            names_of_loads_[place] = name;
        }
    }

    std::string Value(const Instance::Source& source)
    {
        if (source.instance != Instance::kLoaded) {
            return "v" + std::to_string(source.instance);
        }
        Load(source.place);
        return names_of_loads_.at(source.place);
    }

    void Compute(size_t i)
    {
        if (is_computed_[i]) {
            return;
        }
        is_computed_[i] = true;
        const Instance& instance = instances_[i];
        for (const Instance::Source& source : instance.sources) {
            if (source.instance != Instance::kLoaded) {
                Compute(source.instance);
            }
        }
        LoadAhead(i);
        const Operation& operation = OperationOf(i);
        size_t next = 0;
        const std::string a = Value(instance.sources[next++]);
        const std::string b = operation.reads_b ? Value(instance.sources[next++]) : "";
        const std::string d = operation.reads_dst ? Value(instance.sources[next++]) : "";
        text_ << "            const auto v" << i << " = ";
        for (const char* c = operation.code; *c != '\0'; ++c) {
            if (*c != '$') {
                text_ << *c;
                continue;
            }
            ++c;
            text_ << (*c == 'a'   ? a
                      : *c == 'b' ? b
                      : *c == 'd' ? d
                                  : "s" + std::to_string(scalars_[instance.step]));
        }
        text_ << ";\n";
        if (instance.stored) {
            Store(i);
        }
    }

    // Behind the loads and the earlier stores of what may be the same row.
    void Store(size_t i)
    {
        const Place& place = instances_[i].dst;
        for (const auto& [loaded, bytes] : loads_) {
            if (MayMeet(loaded, place)) {
                Load(loaded);
            }
        }
        for (size_t earlier = 0; earlier < i; ++earlier) {
            if (instances_[earlier].stored && MayMeet(instances_[earlier].dst, place)) {
                Compute(earlier);
            }
        }
        const uint32_t bytes = OperationOf(i).dst_bytes;
        text_ << "            " << (bytes == 4 ? "StoreFloats(" : "StoreWords(") << Address(place, bytes)
              << ", v" << i << ");\n";
    }

    const Sequence& sequence_;
    std::vector<Instance> instances_;
    std::vector<bool> is_computed_;
    std::vector<size_t> scalars_;  // numbers, by step
    size_t scalar_count_ = 0;
    uint32_t most_rows_ = 0;
    std::map<Place, uint32_t> loads_;  // bytes of elements
    std::map<Place, std::string> names_of_loads_;
    std::map<std::pair<uint32_t, uint32_t>, uint32_t> pointers_;
    std::ostringstream text_;
};

void WriteProgram(std::ostream& out, size_t number, const std::string& text)
{
    const Sequence sequence = ParseSequence(text);
    Body body(sequence);
    const std::string loop = body.Write();
    out << "void Program" << number << "(uint8_t* const* regions, "
        << (body.scalar_count() == 0 ? "const float*" : "const float* scalars") << ", size_t groups)\n{\n";
    for (size_t i = 0; i < body.scalar_count(); ++i) {
        out << "    const Floats s" << i << " = Splat(scalars[" << i << "]);\n";
    }
    out << (sequence.descends ? "    for (size_t group = groups; group-- > 0;) {\n"
                              : "    for (size_t group = 0; group < groups; ++group) {\n")
        << "        for (size_t lane = 0; lane < " << kRowElements << "; lane += kVectorLanes) {\n";
    for (const auto& [pointer, bytes] : body.pointers()) {
        const auto& [region, stride] = pointer;
        out << "            uint8_t* const p" << region << "_" << stride << " = regions[" << region
            << "] + (group * " << stride * kRowElements << " + lane) * " << bytes << ";\n";
    }
    out << loop << "        }\n    }\n}\n\n";
}

std::set<std::string> ReadLines(const char* path)
{
    std::ifstream file(path);
    if (!file) {
        throw std::runtime_error(std::string(path) + " cannot be read");
    }
    std::set<std::string> lines;
    for (std::string line; std::getline(file, line);) {
        lines.insert(line);
    }
    return lines;
}

void Write(const char* from, const char* to)
{
    const std::set<std::string> sequences = ReadLines(from);
    std::ofstream out(to);
    out << "// Written by write_programs.\n"
           "#include \"fusion/programs.h\"\n"
           "#include \"lanes/fused.h\"\n\n"
           "namespace ascend_sim {\nnamespace {\n\n";
    size_t number = 0;
    for (const std::string& sequence : sequences) {
        WriteProgram(out, number++, sequence);
    }
    out << "}  // namespace\n}  // namespace ascend_sim\n\n"
           "#define ASCEND_SIM_PROGRAMS(isa) ASCEND_SIM_PROGRAMS_OF(isa)\n"
           "#define ASCEND_SIM_PROGRAMS_OF(isa) ascend_sim_programs_##isa\n\n"
           "extern \"C\" __attribute__((visibility(\"default\")))\n"
           "const ascend_sim::ProgramEntry ASCEND_SIM_PROGRAMS(ASCEND_SIM_ISA)[] = {\n";
    number = 0;
    for (const std::string& sequence : sequences) {
        out << "    {\"" << sequence << "\", ascend_sim::Program" << number++ << "},\n";
    }
    out << "    {nullptr, nullptr},\n};\n";
    out.close();
    if (!out) {
        throw std::runtime_error(std::string(to) + " cannot be written");
    }
}

}  // namespace

}  // namespace ascend_sim

int main(int argc, char** argv)
{
    if (argc != 3) {
        std::fputs("usage: write_programs SEQUENCES OUTPUT\n", stderr);
        return 2;
    }
    try {
        ascend_sim::Write(argv[1], argv[2]);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "write_programs: %s\n", error.what());
        return 1;
    }
    return 0;
}
