// SPDX-License-Identifier: Apache-2.0
#include "finding.h"

#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "../timing/report.h"

namespace ascend_sim {

namespace {

// The text of a line of source, without indentation; empty if the file cannot be read here.
std::string SourceLine(const std::string& file, int line)
{
    std::ifstream stream(file);
    std::string text;
    for (int i = 0; i < line; ++i) {
        if (!std::getline(stream, text)) {
            return "";
        }
    }
    const size_t first = text.find_first_not_of(" \t");
    return first == std::string::npos ? "" : text.substr(first);
}

std::string Hexadecimal(uintptr_t address)
{
    char text[2 + 2 * sizeof(address) + 1];
    std::snprintf(text, sizeof(text), "0x%" PRIxPTR, address);
    return text;
}

// "1st", "2nd", "3rd", "11th".
std::string Ordinal(uint64_t number)
{
    static const char* const kEndings[] = {"th", "st", "nd", "rd"};
    const bool teens = number / 10 % 10 == 1;
    return std::to_string(number) + (teens || number % 10 > 3 ? "th" : kEndings[number % 10]);
}

std::string DescribeTensor(const FindingTensor& tensor)
{
    std::string text = tensor.space + (tensor.name.empty() ? "" : " `" + tensor.name + "`");
    if (tensor.buffer >= 0) {
        text += " buffer " + std::to_string(tensor.buffer);
    }
    text += tensor.address == 0
                ? std::string(" outside every argument and buffer")
                : " at " + Hexadecimal(tensor.address) + ", " + std::to_string(tensor.bytes) + " bytes";
    if (!tensor.file.empty()) {
        text += ", made at " + tensor.file + ":" + std::to_string(tensor.line);
    }
    return text;
}

std::string Why(const Finding& finding)
{
    const FindingCode* code = FindCode(finding.code);
    return code == nullptr ? "" : code->why;
}

std::string Mend(const Finding& finding)
{
    const FindingCode* code = FindCode(finding.code);
    return !finding.mend.empty() || code == nullptr ? finding.mend : code->mend;
}

}  // namespace

std::string FormatFinding(const Finding& finding)
{
    std::string text = finding.code + ": " + finding.message + "\n    in kernel " + finding.kernel +
                       ", block " + std::to_string(finding.block);
    if (!finding.file.empty()) {
        text += ", at " + finding.file + ":" + std::to_string(finding.line);
        if (finding.visit > 1) {
            text += ", the " + Ordinal(finding.visit) + " time it gets there";
        }
        const std::string source = SourceLine(finding.file, finding.line);
        if (!source.empty()) {
            text += "\n        " + source;
        }
    } else {
        text += " (checks=all shows the line, unless of a call by address)";
    }
    if (!finding.tensor.space.empty()) {
        text += "\n    tensor: " + DescribeTensor(finding.tensor);
    }
    if (const std::string why = Why(finding); !why.empty()) {
        text += "\n    why: " + why;
    }
    if (const std::string mend = Mend(finding); !mend.empty()) {
        text += "\n    mend: " + mend;
    }
    if (finding.occurrences > 1) {
        text += "\n    found " + std::to_string(finding.occurrences) + " times, in " +
                std::to_string(finding.blocks) + " of " + std::to_string(finding.block_dim) + " blocks";
    }
    if (finding.block_dim > 1) {
        const std::string block = std::to_string(finding.block);
        text += "\n    replay: block " + block + " alone: blocks=[" + block + "], --blocks " + block +
                " or ASCEND_SIM_BLOCKS=" + block;
    }
    if (finding.stops) {
        text += "\n    the block cannot go on: what it would have done later is not known";
    }
    return text;
}

std::string ToJson(const Finding& finding)
{
    const FindingTensor& tensor = finding.tensor;
    std::ostringstream json;
    json << "{\"code\":" << Quoted(finding.code) << ",\"message\":" << Quoted(finding.message)
         << ",\"why\":" << Quoted(Why(finding)) << ",\"mend\":" << Quoted(Mend(finding))
         << ",\"kernel\":" << Quoted(finding.kernel) << ",\"block\":" << finding.block
         << ",\"visit\":" << finding.visit << ",\"file\":" << Quoted(finding.file)
         << ",\"line\":" << finding.line << ",\"source\":" << Quoted(SourceLine(finding.file, finding.line));
    if (tensor.space.empty()) {
        json << ",\"tensor\":null";
    } else {
        json << ",\"tensor\":{\"space\":" << Quoted(tensor.space) << ",\"name\":" << Quoted(tensor.name)
             << ",\"address\":" << tensor.address << ",\"bytes\":" << tensor.bytes
             << ",\"buffer\":" << tensor.buffer << ",\"file\":" << Quoted(tensor.file)
             << ",\"line\":" << tensor.line << "}";
    }
    json << ",\"stops\":" << (finding.stops ? "true" : "false") << ",\"occurrences\":" << finding.occurrences
         << ",\"blocks\":" << finding.blocks << ",\"block_dim\":" << finding.block_dim
         << ",\"text\":" << Quoted(FormatFinding(finding)) << "}";
    return json.str();
}

std::string ToJson(const std::vector<Finding>& findings)
{
    std::string json = "[";
    for (const Finding& finding : findings) {
        json += (json.size() == 1 ? "" : ",\n") + ToJson(finding);
    }
    return json + "]";
}

}  // namespace ascend_sim
