// SPDX-License-Identifier: Apache-2.0
// Where tensors of queues and buffers lie: the answers, as bytes from the first buffer, go to y.
#include "kernel_operator.h"

extern "C" __global__ __aicore__ void queues(GM_ADDR y)
{
    AscendC::GlobalTensor<int32_t> answers;
    answers.SetGlobalBuffer(reinterpret_cast<__gm__ int32_t*>(y));
    int32_t count = 0;
    const auto answer = [&](int64_t value) { answers.SetValue(count++, static_cast<int32_t>(value)); };

    AscendC::TPipe pipe;
    AscendC::TQue<AscendC::QuePosition::VECIN, 2> queue;
    AscendC::TBuf<AscendC::TPosition::VECCALC> buffer;
    pipe.InitBuffer(queue, 3, 100);  // three of 128 bytes
    pipe.InitBuffer(buffer, 96);
    AscendC::LocalTensor<int32_t> a = queue.AllocTensor<int32_t>();
    const auto offset = [&](const auto& tensor) {
        return reinterpret_cast<const uint8_t*>(tensor.GetPhyAddr()) -
               reinterpret_cast<const uint8_t*>(a.GetPhyAddr());
    };
    answer(a.GetSize());
    AscendC::LocalTensor<int32_t> b = queue.AllocTensor<int32_t>();
    answer(offset(b));
    queue.EnQue(b);
    queue.EnQue(a);
    answer(queue.GetTensorCountInQue());
    answer(queue.HasIdleBuffer());
    answer(queue.VacantInQue());
    AscendC::LocalTensor<int32_t> first = queue.DeQue<int32_t>();  // first in, first out
    answer(offset(first));
    answer(queue.VacantInQue());
    queue.FreeTensor(first);
    AscendC::LocalTensor<int32_t> c = queue.AllocTensor<int32_t>();  // buffers take turns
    answer(offset(c));
    AscendC::LocalTensor<int16_t> d = queue.AllocTensor<int16_t>();  // a is still taken
    answer(offset(d));
    answer(d.GetSize());
    answer(queue.HasIdleBuffer());
    answer(queue.HasTensorInQue());
    queue.FreeTensor(queue.DeQue<int32_t>());
    answer(queue.HasTensorInQue());

    answer(offset(buffer.Get<int32_t>()));
    answer(buffer.Get<int32_t>().GetSize());
    answer(buffer.Get<int16_t>(5).GetSize());
    answer(offset(buffer.GetWithOffset<int16_t>(8, 32)));
    answer(offset(buffer.Get<int32_t>()[8]));
    answer(buffer.Get<int32_t>().ReinterpretCast<uint8_t>().GetSize());
    AscendC::LocalTensor<int32_t> values = buffer.Get<int32_t>();
    values.SetValue(3, 7);
    values(4) = values.GetValue(3) + 1;
    answer(values.ReinterpretCast<uint8_t>().GetValue(16));

    const AscendC::TEventID held = pipe.AllocEventID<AscendC::HardEvent::MTE2_V>();
    answer(GetTPipePtr()->FetchEventID(AscendC::HardEvent::MTE2_V) - held);
    pipe.ReleaseEventID<AscendC::HardEvent::MTE2_V>(held);
    answer(pipe.FetchEventID<AscendC::HardEvent::MTE2_V>() - held);
    queue.FreeTensor(c);
    queue.FreeTensor(d);
    pipe.Reset();
    pipe.InitBuffer(buffer, 32);
    answer(offset(buffer.Get<int32_t>()));
}
