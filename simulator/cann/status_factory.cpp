// SPDX-License-Identifier: Apache-2.0
// Where libraries that use the graph engine register the texts of its status codes when they are loaded. The
// lookup and the insertion are inline functions in their binaries: all they need from here is the map, with
// the strings of before C++11.
#include <cstdint>
#include <map>
#include <string>

#include "core/export.h"

static_assert(_GLIBCXX_USE_CXX11_ABI == 0, "frameworks expect the strings of before C++11 in the map");

namespace ge {

class StatusFactory {
public:
    ASCEND_SIM_EXPORT static StatusFactory* Instance();

private:
    std::map<uint32_t, std::string> descriptions_;
};

StatusFactory* StatusFactory::Instance()
{
    static StatusFactory& instance = *new StatusFactory;  // leaked, because libraries use it until the end
    return &instance;
}

}  // namespace ge
