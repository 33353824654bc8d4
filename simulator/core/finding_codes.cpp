// SPDX-License-Identifier: Apache-2.0
// The codes of findings: stable, for they are searched for, and tested against.
#include <algorithm>

#include "finding.h"

namespace ascend_sim {

const std::vector<FindingCode>& FindingCodes()
{
    static const std::vector<FindingCode> codes = {
        {"assert", nullptr, "the kernel says itself that it cannot go on",
         "look at the values the condition compares"},
        {"compare-mode", nullptr, "the device has no such instruction", "use a mode that the message names"},
        {"core-race", "core-race",
         "blocks run side by side, or one after the other, in any order: what is read or remains is the "
         "one's "
         "or the other's",
         "give each block bytes of its own, or call SyncAll in every block between the two"},
        {"deadlock", nullptr, "the cores that wait never go on, and the device reports a timeout",
         "let every block of the launch call SyncAll equally often, also blocks that have no data"},
        {"double-free", "queue", "the buffer may already belong to the next tile, which is overwritten",
         "call FreeTensor once per AllocTensor, after the last use"},
        {"event-exhausted", "event",
         "a pair of pipes has eight events; one more reuses another's, and a wait passes too early",
         "release event ids, or give the queues that are used together fewer buffers"},
        {"exception", nullptr, "there are no exceptions on the device; kernels are compiled without them",
         "let the kernel throw nothing"},
        {"flag-pairing", "flag",
         "a wait without its flag hangs the core; a flag that nobody waits for releases a later wait too "
         "early",
         "write SetFlag and WaitFlag in pairs, with the same event and id, on every path"},
        {"gather-pattern", nullptr, "the device has no such instruction",
         "use a pattern that the message names"},
        {"gm-out-of-bounds", "bounds",
         "the device reads what lies beside the tensor, or spoils it in silence",
         "let the last tile end with the tensor; DataCopyPad copies tails to the byte"},
        {"mask-out-of-range", nullptr, "the device ignores the lanes that a repeat does not have",
         "use more repeats, or the form on a count"},
        {"misaligned", "alignment", "the device stops with an alignment error, or drops the low bits",
         "choose offsets and sizes that are multiples, or a call that takes any size"},
        {"more-findings", nullptr, "these are findings like the others", "mend those that are shown first"},
        {"never-written", "results",
         "the result keeps what was in memory before, which is another value every time",
         "let the blocks' shares cover the whole result, the last, shorter tile included"},
        {"overlap", "overlap",
         "the vector unit reads and writes in a pipeline: lanes come out of old or of new values",
         "let the destination be the source itself, or share nothing with it"},
        {"partial-launch", nullptr,
         "nothing is wrong with the kernel, but it cannot be looked at block by block",
         "launch all blocks, and stop at the finding (break_on_finding)"},
        {"queue-empty", "queue", "the core waits for ever", "EnQue a tensor before the DeQue"},
        {"queue-leak", "leak",
         "the queue has one buffer less from now on and waits for ever once there is none, or an event stays "
         "set and releases a later wait too early",
         "DeQue and FreeTensor every tensor; a buffer that is never returned is a TBuf"},
        {"queue-overflow", "queue", "the core waits for ever, or a tensor is lost",
         "free or DeQue a tensor first, or give the queue more buffers"},
        {"race", "race",
         "the pipes of a core run at their own pace, and a pipe begins an instruction before it has ended "
         "the "
         "one before: old or new values are used, as it happens",
         "let the later one wait for the earlier: a flag or a queue between pipes, PipeBarrier within one"},
        {"repeat-overflow", nullptr,
         "the device keeps 8 bits of the number of repeats, 12 of that of a copy's blocks, "
         "and does less than it was asked for",
         "split the call, or use its form on a count"},
        {"round-mode", nullptr, "the device has no such instruction", "use a mode that the message names"},
        {"select-mode", nullptr, "the device has no such instruction", "use a mode that the message names"},
        {"sync-all-blocks", "sync-all",
         "a core runs one block after the other: those that wait in SyncAll keep all cores, the others never "
         "begin, and the device reports a timeout",
         "set no more blocks than GetCoreNumAiv() says in the tiling"},
        {"sync-all-kernel-type", "sync-all",
         "a launch of that type does not start the scheduler that SyncAll signals through, so that it never "
         "returns",
         "say KERNEL_TASK_TYPE_DEFAULT(KERNEL_TYPE_MIX_AIV_1_0), or KERNEL_TASK_TYPE for the tiling key"},
        {"sync-all-schedule-mode", "sync-all",
         "without batch mode a launch may get some of its cores while another launch holds the rest and "
         "waits "
         "in a SyncAll of its own: both hang",
         "call context->SetScheduleMode(1) in the tiling function"},
        {"trap", nullptr, "the kernel stops the device itself", "look for what leads to the call"},
        {"ub-out-of-bounds", "bounds", "the instruction reaches into the buffer beside the tensor's",
         "make the buffer larger, or the count, mask or offset smaller"},
        {"ub-overflow", nullptr,
         "what does not fit lies outside the unified buffer, or the kernel is refused",
         "derive the tile from the platform's UB size in the tiling, or let tensors share buffers"},
        {"uninitialised", "uninitialised",
         "the value is what an earlier tile or kernel left there, so results change from run to run",
         "fill it (Duplicate, the padding value of DataCopyPad), or leave it out (a smaller count or mask)"},
        {"written-twice", "results",
         "the values written first are lost, and the time to compute them with them",
         "let tiles and blocks' shares end where the next begin, or add with SetAtomicAdd"},
        {"wrong-queue", "queue",
         "the queue releases the flag of another buffer, which is then used too early",
         "return a tensor to the queue whose AllocTensor made it"},
    };
    return codes;
}

const FindingCode* FindCode(const std::string& code)
{
    const std::vector<FindingCode>& codes = FindingCodes();
    const auto found = std::find_if(codes.begin(), codes.end(),
                                    [&](const FindingCode& entry) { return code == entry.code; });
    return found == codes.end() ? nullptr : &*found;
}

}  // namespace ascend_sim
