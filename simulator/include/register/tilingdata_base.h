// SPDX-License-Identifier: Apache-2.0
// Tiling data declared field by field with macros; a plain struct with TilingContext::GetTilingData<T> needs
// none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "../../core/export.h"
#include "securec.h"  // as CANN's: host code relies on it

namespace optiling {

// A field of the struct that the kernel reads.
struct TilingField {
    const char* type;
    const char* name;
    size_t count;  // of an array; 0: not an array
};

class ASCEND_SIM_EXPORT TilingDef {
public:
    // Copies the fields to `data`; does nothing if they do not fit.
    void SaveToBuffer(void* data, size_t capacity);
    size_t GetDataSize() const { return buffer_.size(); }
    const std::vector<TilingField>& GetFields() const { return fields_; }

protected:
    // Lays the field out behind those so far, aligned as a C struct would, and gives its offset.
    size_t AddField(const char* type, const char* name, size_t bytes, size_t count, size_t alignment);
    template <class T>
    T* At(size_t offset)
    {
        return reinterpret_cast<T*>(buffer_.data() + offset);
    }

private:
    std::vector<TilingField> fields_;
    std::vector<uint8_t> buffer_;
    size_t end_ = 0;
    size_t alignment_ = 1;
};

using TilingFieldsFunction = std::vector<TilingField> (*)();

// The classes registered by REGISTER_TILING_DATA_CLASS, from which op_build writes the kernel's structs.
struct TilingDataClass {
    std::string op_type;
    std::string class_name;
    TilingFieldsFunction fields;
};
ASCEND_SIM_EXPORT int RegisterTilingDataClass(const char* op_type, const char* class_name,
                                              TilingFieldsFunction fields);
ASCEND_SIM_EXPORT const std::vector<TilingDataClass>& GetTilingDataClasses();

}  // namespace optiling

#define BEGIN_TILING_DATA_DEF(class_name)           \
    class class_name : public optiling::TilingDef { \
    public:                                         \
        class_name() = default;

#define TILING_DATA_FIELD_DEF(data_type, field_name)                                 \
    void set_##field_name(data_type value)                                           \
    {                                                                                \
        std::memcpy(At<data_type>(field_name##_offset_), &value, sizeof(value));     \
    }                                                                                \
    data_type get_##field_name()                                                     \
    {                                                                                \
        return *At<data_type>(field_name##_offset_);                                 \
    }                                                                                \
                                                                                     \
private:                                                                             \
    size_t field_name##_offset_ =                                                    \
        AddField(#data_type, #field_name, sizeof(data_type), 0, alignof(data_type)); \
                                                                                     \
public:

#define TILING_DATA_FIELD_DEF_ARR(data_type, length, field_name)                                     \
    void set_##field_name(const data_type* values)                                                   \
    {                                                                                                \
        std::memmove(At<data_type>(field_name##_offset_), values, (length) * sizeof(data_type));     \
    }                                                                                                \
    data_type* get_##field_name()                                                                    \
    {                                                                                                \
        return At<data_type>(field_name##_offset_);                                                  \
    }                                                                                                \
                                                                                                     \
private:                                                                                             \
    size_t field_name##_offset_ =                                                                    \
        AddField(#data_type, #field_name, sizeof(data_type) * (length), length, alignof(data_type)); \
                                                                                                     \
public:

#define END_TILING_DATA_DEF \
    }                       \
    ;

#define REGISTER_TILING_DATA_CLASS(op_type, class_name)                         \
    [[maybe_unused]] static const int g_##op_type##_##class_name##_registered = \
        optiling::RegisterTilingDataClass(#op_type, #class_name, [] { return class_name().GetFields(); });
