// SPDX-License-Identifier: Apache-2.0
// The order of the blocks in the adversarial schedule.
//
// One block runs at a time, until it waits in SyncAll or ends; so what one block leaves to another without a
// SyncAll in between is there for none that come before it. Whose turn is next, the seed says:
//
//   seed 0   block 0, then the last one, the last but one, and so on
//   seed 1   the last one first, block 0 last
//   others   drawn, anew after every SyncAll
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <vector>

namespace ascend_sim {

class BlockTurns {
public:
    // Of a launch of `block_dim` blocks, `blocks` run; all, if it is empty.
    BlockTurns(uint32_t block_dim, const std::vector<uint32_t>& blocks, uint64_t seed);

    // Waits for the turn of the block that starts as number `position`, and returns which one that is.
    uint32_t Start(uint32_t position);
    // The block waits for others, or is the last that they have waited for (`ready`), and passes the turn on.
    void Suspend(uint32_t block, bool ready);
    // A block that was suspended may go on when its turn comes.
    void Release(uint32_t block);
    // Waits for the turn of a block that was suspended.
    void Resume(uint32_t block);
    void End(uint32_t block);

private:
    enum class State : uint8_t { kNotStarted, kReady, kSuspended, kEnded };
    struct Place {
        State state = State::kNotStarted;
        std::condition_variable turn;
    };
    static constexpr uint32_t kNobody = UINT32_MAX;

    uint64_t Rank(uint32_t block) const;
    void Pass();

    const uint64_t seed_;
    std::mutex mutex_;  // guards what follows
    uint64_t phase_ = 0;
    std::vector<uint32_t> order_;  // in which blocks start
    uint32_t started_ = 0;
    std::vector<Place> places_;  // by block
    uint32_t running_ = kNobody;
};

}  // namespace ascend_sim
