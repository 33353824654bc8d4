// SPDX-License-Identifier: Apache-2.0
#include "block_turns.h"

#include <algorithm>
#include <numeric>

#include "random.h"

namespace ascend_sim {

BlockTurns::BlockTurns(uint32_t block_dim, const std::vector<uint32_t>& blocks, uint64_t seed)
    : seed_(seed), order_(blocks), places_(block_dim)
{
    if (order_.empty()) {
        order_.resize(block_dim);
        std::iota(order_.begin(), order_.end(), 0u);
    }
    std::sort(order_.begin(), order_.end(), [this](uint32_t a, uint32_t b) { return Rank(a) < Rank(b); });
    Pass();
}

// Those of low rank go first.
uint64_t BlockTurns::Rank(uint32_t block) const
{
    if (seed_ > 1) {
        return Scramble(Scramble(seed_ + phase_) + block);
    }
    return seed_ == 0 && block == 0 ? 0 : places_.size() - block;
}

uint32_t BlockTurns::Start(uint32_t position)
{
    const uint32_t block = order_[position];
    Resume(block);
    return block;
}

void BlockTurns::Resume(uint32_t block)
{
    std::unique_lock<std::mutex> lock(mutex_);
    places_[block].turn.wait(lock, [&] { return running_ == block; });
}

void BlockTurns::Suspend(uint32_t block, bool ready)
{
    std::lock_guard<std::mutex> lock(mutex_);
    places_[block].state = ready ? State::kReady : State::kSuspended;
    phase_ += static_cast<uint64_t>(ready);
    Pass();
}

void BlockTurns::Release(uint32_t block)
{
    std::lock_guard<std::mutex> lock(mutex_);
    places_[block].state = State::kReady;
}

void BlockTurns::End(uint32_t block)
{
    std::lock_guard<std::mutex> lock(mutex_);
    places_[block].state = State::kEnded;
    if (running_ == block) {
        Pass();
    }
}

// Gives the turn to the next block, if there is one: blocks start in the order drawn first.
void BlockTurns::Pass()
{
    running_ = started_ < order_.size() ? order_[started_] : kNobody;
    for (uint32_t block = 0; block < places_.size(); ++block) {
        if (places_[block].state == State::kReady && (running_ == kNobody || Rank(block) < Rank(running_))) {
            running_ = block;
        }
    }
    if (running_ == kNobody) {
        return;
    }
    if (places_[running_].state == State::kNotStarted) {
        ++started_;
    }
    places_[running_].state = State::kReady;
    places_[running_].turn.notify_one();
}

}  // namespace ascend_sim
