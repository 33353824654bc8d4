// SPDX-License-Identifier: Apache-2.0
// How the C interfaces report failures.
#pragma once

#include <exception>
#include <string>

namespace ascend_sim {

// What ascend_sim_last_error() returns on this thread.
std::string& LastError();

// Runs `action`; an exception becomes the last error and -1.
template <class Action>
int Guarded(Action&& action)
{
    try {
        LastError().clear();
        return action();
    } catch (const std::exception& error) {
        LastError() = error.what();
        return -1;
    }
}

}  // namespace ascend_sim
