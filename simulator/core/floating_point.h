// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cfenv>

namespace ascend_sim {

// While it lives, this thread rounds to nearest and keeps subnormal numbers, which the results of
// instructions are defined with. Callers may have set other things: frameworks flush subnormals in their
// threads or on request.
class DefaultFloatingPoint {
public:
    DefaultFloatingPoint()
    {
        std::fegetenv(&previous_);
        std::fesetenv(FE_DFL_ENV);
    }
    ~DefaultFloatingPoint() { std::fesetenv(&previous_); }
    DefaultFloatingPoint(const DefaultFloatingPoint&) = delete;
    DefaultFloatingPoint& operator=(const DefaultFloatingPoint&) = delete;

private:
    std::fenv_t previous_;
};

}  // namespace ascend_sim
