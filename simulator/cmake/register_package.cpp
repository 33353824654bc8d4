// SPDX-License-Identifier: Apache-2.0
// Part of every libcust_opapi.so: tells the runtime, when it is loaded, where the package of its operators
// lies.
extern "C" void ascend_sim_register_package(const void* address);

namespace {

const bool registered = (ascend_sim_register_package(&registered), true);

}  // namespace
