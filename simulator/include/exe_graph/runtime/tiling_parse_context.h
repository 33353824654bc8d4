// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "exe_graph/runtime/extended_kernel_context.h"

namespace fe {
class PlatFormInfos;
}

namespace gert {

// Prepares an operator's compile info once, before its first tiling.
class TilingParseContext {
public:
    TilingParseContext(const char* node_type, fe::PlatFormInfos* platform, void* compiled_info)
        : node_type_(node_type), platform_(platform), compiled_info_(compiled_info)
    {
    }

    const ge::char_t* GetNodeType() const { return node_type_; }
    const ge::char_t* GetNodeName() const { return node_type_; }
    // The JSON of a compiled kernel; AscendC operators have none.
    const ge::char_t* GetCompiledJson() const { return ""; }
    fe::PlatFormInfos* GetPlatformInfo() const { return platform_; }
    template <class T>
    T* GetCompiledInfo() const
    {
        return static_cast<T*>(compiled_info_);
    }

private:
    const char* node_type_;
    fe::PlatFormInfos* platform_;
    void* compiled_info_;
};

}  // namespace gert
