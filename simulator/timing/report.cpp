// SPDX-License-Identifier: Apache-2.0
#include "report.h"

#include <cstdio>
#include <sstream>

namespace ascend_sim {

std::string Quoted(const std::string& text)
{
    std::string quoted = "\"";
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < ' ') {
            char escape[8];
            std::snprintf(escape, sizeof(escape), "\\u%04x", c);
            quoted += escape;
            continue;
        }
        if (c == '"' || c == '\\') {
            quoted += '\\';
        }
        quoted += c;
    }
    return quoted + '"';
}

std::string ToJson(const TimingReport& report)
{
    std::ostringstream json;
    json.precision(12);
    json << "{\"kernel\":" << Quoted(report.kernel) << ",\"soc\":" << Quoted(report.soc)
         << ",\"blocks\":" << report.blocks << ",\"clock_mhz\":" << report.clock_mhz
         << ",\"hbm_bytes_per_us\":" << report.hbm_rate << ",\"time_us\":" << report.time
         << ",\"overhead_us\":" << report.overhead << ",\"cores_us\":" << report.cores
         << ",\"memory_us\":" << report.memory << ",\"bound\":" << Quoted(report.bound)
         << ",\"bytes_read\":" << report.bytes_read << ",\"bytes_written\":" << report.bytes_written
         << ",\"hbm_bytes\":" << report.hbm_bytes << ",\"l2_bytes\":" << report.l2_bytes
         << ",\"knows_vector\":" << (report.knows_vector ? "true" : "false")
         << ",\"trusted_from_us\":" << report.trusted_from
         << ",\"trusted_percent\":" << report.trusted_percent << ",\"rough_from_us\":" << report.rough_from
         << ",\"rough_percent\":" << report.rough_percent << ",\"pipes\":{";
    for (size_t i = 0; i < kTimedPipes.size(); ++i) {
        json << (i == 0 ? "" : ",") << Quoted(kTimedPipes[i].lane) << ":" << report.busy[i];
    }
    json << "},\"instructions\":{";
    const char* separator = "";
    for (const auto& [name, count] : report.instructions) {
        json << separator << Quoted(name) << ":" << count;
        separator = ",";
    }
    json << "}}";
    return json.str();
}

}  // namespace ascend_sim
