// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <thread>

namespace ascend_sim {

// Whether `done()` became true within some twenty microseconds or, while nobody else wants the processor, a
// few hundred: as long as it takes to put a thread to sleep and to wake it, which is what follows otherwise.
// On a virtual machine that is long, as the processor goes to sleep with its last thread.
template <class Done>
inline bool SpinUntil(const Done& done)
{
    static const bool alone = std::thread::hardware_concurrency() <= 1;
    constexpr int kTries = 1000;
    for (int i = 0; i < kTries && !alone; ++i) {
        if (done()) {
            return true;
        }
#if defined(__x86_64__)
        __builtin_ia32_pause();
#elif defined(__aarch64__)
        __asm__ volatile("yield");
#endif
    }
    using Clock = std::chrono::steady_clock;
    constexpr auto kLongest = std::chrono::microseconds(200);
    for (const auto end = Clock::now() + kLongest; !alone && !done() && Clock::now() < end;) {
        std::this_thread::yield();
    }
    return done();
}

}  // namespace ascend_sim
