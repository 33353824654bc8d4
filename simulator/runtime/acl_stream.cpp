// SPDX-License-Identifier: Apache-2.0
// The C functions of streams and events.
#include <chrono>
#include <string>

#include "acl/acl_rt.h"
#include "device.h"
#include "stream.h"

using ascend_sim::Event;
using ascend_sim::Fail;
using ascend_sim::Stream;
using ascend_sim::ToStream;

namespace {

aclError CheckPointer(const char* function, const void* pointer)
{
    return pointer != nullptr
               ? ACL_SUCCESS
               : Fail(ACL_ERROR_INVALID_PARAM, std::string(function) + ": an argument is null");
}

// Calls the function with the event unless it is null.
template <class Function>
aclError WithEvent(const char* name, aclrtEvent event, Function&& function)
{
    const aclError status = CheckPointer(name, event);
    return status == ACL_SUCCESS ? function(*static_cast<Event*>(event)) : status;
}

}  // namespace

extern "C" {

aclError aclrtCreateStream(aclrtStream* stream)
{
    const aclError status = CheckPointer("aclrtCreateStream", stream);
    if (status == ACL_SUCCESS) {
        *stream = new Stream(ascend_sim::CurrentDevice());
    }
    return status;
}

aclError aclrtCreateStreamWithConfig(aclrtStream* stream, uint32_t, uint32_t)
{
    return aclrtCreateStream(stream);
}

aclError aclrtDestroyStream(aclrtStream stream)
{
    const aclError status = CheckPointer("aclrtDestroyStream", stream);
    delete ToStream(stream);
    return status;
}

aclError aclrtDestroyStreamForce(aclrtStream stream)
{
    return aclrtDestroyStream(stream);
}

aclError aclrtSynchronizeStream(aclrtStream stream)
{
    return ascend_sim::Synchronize(stream);
}

aclError aclrtSynchronizeStreamWithTimeout(aclrtStream stream, int32_t)
{
    return ascend_sim::Synchronize(stream);
}

aclError aclrtStreamQuery(aclrtStream stream, aclrtStreamStatus* status)
{
    const aclError found = CheckPointer("aclrtStreamQuery", status);
    if (found == ACL_SUCCESS) {
        const bool idle = stream == nullptr || ToStream(stream)->IsIdle();
        *status = idle ? ACL_STREAM_STATUS_COMPLETE : ACL_STREAM_STATUS_NOT_READY;
    }
    return found;
}

aclError aclrtStreamGetId(aclrtStream stream, int32_t* streamId)
{
    const aclError status = CheckPointer("aclrtStreamGetId", streamId);
    if (status == ACL_SUCCESS) {
        *streamId = stream == nullptr ? -1 : ToStream(stream)->id();
    }
    return status;
}

aclError aclrtLaunchHostFunc(aclrtStream stream, aclrtHostFunc fn, void* args)
{
    const aclError status = CheckPointer("aclrtLaunchHostFunc", reinterpret_cast<const void*>(fn));
    if (status == ACL_SUCCESS) {
        ascend_sim::RunOn(stream, [fn, args] { fn(args); });
    }
    return status;
}

aclError aclrtCreateEvent(aclrtEvent* event)
{
    const aclError status = CheckPointer("aclrtCreateEvent", event);
    if (status == ACL_SUCCESS) {
        *event = new Event;
    }
    return status;
}

aclError aclrtCreateEventWithFlag(aclrtEvent* event, uint32_t)
{
    return aclrtCreateEvent(event);
}

aclError aclrtCreateEventExWithFlag(aclrtEvent* event, uint32_t)
{
    return aclrtCreateEvent(event);
}

aclError aclrtDestroyEvent(aclrtEvent event)
{
    return WithEvent("aclrtDestroyEvent", event, [](Event& destroyed) {
        delete &destroyed;
        return ACL_SUCCESS;
    });
}

aclError aclrtRecordEvent(aclrtEvent event, aclrtStream stream)
{
    return WithEvent("aclrtRecordEvent", event, [stream](Event& recorded) {
        recorded.Record(stream);
        return ACL_SUCCESS;
    });
}

aclError aclrtResetEvent(aclrtEvent event, aclrtStream)
{
    return WithEvent("aclrtResetEvent", event, [](Event& reset) {
        reset.Reset();
        return ACL_SUCCESS;
    });
}

aclError aclrtStreamWaitEvent(aclrtStream stream, aclrtEvent event)
{
    return WithEvent("aclrtStreamWaitEvent", event, [stream](Event& waited) {
        waited.Hold(stream);
        return ACL_SUCCESS;
    });
}

aclError aclrtSynchronizeEvent(aclrtEvent event)
{
    return WithEvent("aclrtSynchronizeEvent", event, [](Event& waited) {
        if (const auto mark = waited.mark()) {
            mark->Wait();
        }
        return ACL_SUCCESS;
    });
}

aclError aclrtQueryEventStatus(aclrtEvent event, aclrtEventRecordedStatus* status)
{
    return WithEvent("aclrtQueryEventStatus", event, [status](Event& asked) {
        const aclError found = CheckPointer("aclrtQueryEventStatus", status);
        if (found == ACL_SUCCESS) {
            const auto mark = asked.mark();
            *status = mark != nullptr && mark->IsReached() ? ACL_EVENT_RECORDED_STATUS_COMPLETE
                                                           : ACL_EVENT_RECORDED_STATUS_NOT_READY;
        }
        return found;
    });
}

aclError aclrtQueryEventWaitStatus(aclrtEvent event, aclrtEventWaitStatus* status)
{
    return WithEvent("aclrtQueryEventWaitStatus", event, [status](Event& asked) {
        const aclError found = CheckPointer("aclrtQueryEventWaitStatus", status);
        if (found == ACL_SUCCESS) {
            *status = asked.IsWaitedFor() ? ACL_EVENT_WAIT_STATUS_NOT_READY : ACL_EVENT_WAIT_STATUS_COMPLETE;
        }
        return found;
    });
}

aclError aclrtEventElapsedTime(float* ms, aclrtEvent startEvent, aclrtEvent endEvent)
{
    for (const void* argument : {static_cast<void*>(ms), startEvent, endEvent}) {
        if (CheckPointer("aclrtEventElapsedTime", argument) != ACL_SUCCESS) {
            return ACL_ERROR_INVALID_PARAM;
        }
    }
    const auto start = static_cast<Event*>(startEvent)->mark();
    const auto end = static_cast<Event*>(endEvent)->mark();
    if (start == nullptr || end == nullptr || !start->IsReached() || !end->IsReached()) {
        return Fail(ACL_ERROR_RT_EVENT_TIMESTAMP_INVALID,
                    "aclrtEventElapsedTime: an event was not recorded, or its stream is not there yet");
    }
    *ms = std::chrono::duration<float, std::milli>(end->time() - start->time()).count();
    return ACL_SUCCESS;
}

}  // extern "C"
