// SPDX-License-Identifier: Apache-2.0
#include "finding.h"

#include <fstream>

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

}  // namespace

std::string FormatFinding(const Finding& finding)
{
    std::string text = finding.code + ": " + finding.message + "\n    in kernel " + finding.kernel +
                       ", block " + std::to_string(finding.block);
    if (!finding.file.empty()) {
        text += ", at " + finding.file + ":" + std::to_string(finding.line);
        const std::string source = SourceLine(finding.file, finding.line);
        if (!source.empty()) {
            text += "\n        " + source;
        }
    } else {
        text += " (run with checks=all to see the line)";
    }
    return text;
}

}  // namespace ascend_sim
