// SPDX-License-Identifier: Apache-2.0
// The thread's recent error text, which aclGetRecentErrMsg hands out.
#pragma once

#include <string>

namespace ascend_sim {

// Appends a line to the thread's recent error text, with CANN's number for that kind of code (EZ1001: the
// caller's fault, EZ9999: not) and the aclnn function that was entered last.
void AddRecentError(int code, const std::string& text);
void AddRecentText(const char* number, const std::string& text);

// The text so far, which is forgotten; null if there is none. Valid until the next call on this thread.
const char* TakeRecentError();

}  // namespace ascend_sim
