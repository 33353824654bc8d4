// SPDX-License-Identifier: Apache-2.0
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "writers.h"

namespace ascend_sim {

void WriteFile(const std::string& path, const std::string& text)
{
    std::stringstream present;
    present << std::ifstream(path).rdbuf();
    if (std::ifstream(path).good() && present.str() == text) {
        return;
    }
    std::ofstream file(path);
    file << text;
    if (!file.flush()) {
        throw std::runtime_error(path + " cannot be written");
    }
}

}  // namespace ascend_sim
