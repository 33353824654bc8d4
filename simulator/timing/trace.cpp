// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <fstream>
#include <stdexcept>

#include "report.h"

namespace ascend_sim {

namespace {

// Two vector cores make one AI core.
std::string CoreName(uint32_t core)
{
    return "core" + std::to_string(core / 2) + ".veccore" + std::to_string(core % 2);
}

size_t LaneOf(Pipe pipe)
{
    const auto* found =
        std::find_if(kTimedPipes.begin(), kTimedPipes.end(), [&](const auto& p) { return p.pipe == pipe; });
    return static_cast<size_t>(found - kTimedPipes.begin());
}

void WriteName(std::ostream& out, const char* kind, uint32_t process, size_t thread, const std::string& name)
{
    out << "{\"ph\":\"M\",\"name\":\"" << kind << "\",\"pid\":" << process << ",\"tid\":" << thread
        << ",\"args\":{\"name\":" << Quoted(name) << "}},\n";
}

}  // namespace

void WriteTrace(const TimingReport& report, const std::string& path)
{
    std::ofstream out(path);
    out.precision(12);
    out << "{\"displayTimeUnit\":\"ns\",\"otherData\":{\"source\":\"modelled, not measured\",\"kernel\":"
        << Quoted(report.kernel) << ",\"soc\":" << Quoted(report.soc) << "},\"traceEvents\":[\n";
    for (uint32_t block = 0; block < report.blocks; ++block) {
        WriteName(out, "process_name", block, 0, CoreName(block));
        for (size_t lane = 0; lane < kTimedPipes.size(); ++lane) {
            WriteName(out, "thread_name", block, lane, kTimedPipes[lane].lane);
        }
    }
    for (const TraceEvent& event : report.events) {
        out << "{\"ph\":\"X\",\"name\":" << Quoted(report.names[event.name]) << ",\"pid\":" << event.block
            << ",\"tid\":" << LaneOf(event.pipe) << ",\"ts\":" << event.start
            << ",\"dur\":" << event.end - event.start << "},\n";
    }
    out << "{\"ph\":\"X\",\"name\":" << Quoted(report.kernel + " (modelled)") << ",\"pid\":" << report.blocks
        << ",\"tid\":0,\"ts\":0,\"dur\":" << report.time << "},\n";
    out << "{\"ph\":\"M\",\"name\":\"process_name\",\"pid\":" << report.blocks
        << ",\"args\":{\"name\":\"launch\"}}]}\n";
    out.close();
    if (!out) {
        throw std::runtime_error("the trace cannot be written to " + path +
                                 "; name a file in a folder that exists and has room");
    }
}

}  // namespace ascend_sim
