// SPDX-License-Identifier: Apache-2.0
// Part of every libcust_opapi.so: tells the runtime, when it is loaded, where the package of its operators
// lies, and with which headers of the simulator it was compiled.
extern "C" void ascend_sim_register_package_of(const char* headers, const void* address);

namespace {

const bool registered = (ascend_sim_register_package_of(ASCEND_SIM_HEADERS, &registered), true);

}  // namespace
