// SPDX-License-Identifier: Apache-2.0
#include "package.h"

#include <dlfcn.h>
#include <unistd.h>

#include <climits>
#include <cstdlib>
#include <deque>
#include <stdexcept>
#include <string>

#include "../fusion/programs.h"
#include "opdev/op_def.h"
#include "platform.h"

namespace ascend_sim {

Operator::Operator(OpInfo info, const OpFunctions* functions, std::string kernel_folder)
    : info_(std::move(info)),
      functions_(functions),
      kernel_folder_(std::move(kernel_folder)),
      kernels_(new std::atomic<void*>[2 * info_.ColumnCount()]())
{
}

const void* Operator::CompileInfo()
{
    std::call_once(compile_info_once_, [this] {
        if (functions_->tiling_parse == nullptr) {
            return;
        }
        compile_info_ = functions_->create_compile_info();
        gert::TilingParseContext context(info_.type.c_str(), CurrentPlatformInfos(), compile_info_);
        if (functions_->tiling_parse(&context) != ge::GRAPH_SUCCESS) {
            throw std::runtime_error("TilingParse of " + info_.type + " failed");
        }
    });
    return compile_info_;
}

void* Operator::Kernel(size_t column, bool checked)
{
    std::atomic<void*>& kernel = kernels_[column + (checked ? info_.ColumnCount() : 0)];
    void* entry = kernel.load(std::memory_order_acquire);
    if (entry == nullptr) {
        const std::lock_guard<std::mutex> lock(kernel_mutex_);
        entry = LoadKernel(column, checked);  // twice is once, if another thread was quicker
        kernel.store(entry, std::memory_order_release);
    }
    return entry;
}

void* Operator::LoadKernel(size_t column, bool checked) const
{
    const std::string path = kernel_folder_ + (checked ? "/checked/" : "/fast/") + info_.file + "/" +
                             info_.file + "_" + std::to_string(column) + ".so";
    void* library = dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        throw std::runtime_error("the kernel of " + info_.type + " for " + info_.ColumnText(column) +
                                 " cannot be loaded: " + dlerror());
    }
    void* entry = dlsym(library, info_.interface.c_str());
    if (entry == nullptr) {
        throw std::runtime_error(path + " has no function " + info_.interface +
                                 ": define it as extern \"C\" __global__ "
                                 "__aicore__ void " +
                                 info_.interface + "(...) in " + info_.file + ".cpp");
    }
    return entry;
}

namespace {

constexpr char kArchitecture[] =
#if defined(__x86_64__)
    "x86_64";
#elif defined(__aarch64__)
    "aarch64";
#else
#error "no name for this architecture in the layout of operator packages"
#endif

class Package {
public:
    Package(const void* library_base, std::string root, std::string headers)
        : library_base_(library_base), root_(std::move(root)), headers_(std::move(headers))
    {
    }

    const void* library_base() const { return library_base_; }
    const std::string& root() const { return root_; }

    // Null if the package has no such operator. Loads the package when first asked.
    Operator* Find(const std::string& op_type)
    {
        if (!loaded_) {
            Load();
            loaded_ = true;
        }
        const auto found = operators_.find(op_type);
        return found == operators_.end() ? nullptr : found->second.get();
    }

private:
    void Load()
    {
        if (headers_ != ASCEND_SIM_HEADERS) {
            throw std::runtime_error(root_ +
                                     " was built with the headers of another version of the simulator (" +
                                     headers_ + ", this one has " ASCEND_SIM_HEADERS "): build it again");
        }
        const std::string implementation = root_ + "/op_impl/ai_core/tbe";
        const RegistrationScope scope(&functions_);
        LoadLibrary(root_ + "/op_proto/lib/linux/" + kArchitecture + "/libcust_opsproto_rt2.0.so");
        LoadLibrary(implementation + "/op_tiling/lib/linux/" + kArchitecture + "/libcust_opmaster_rt2.0.so");
        for (auto& [op_type, info] : ReadOpInfos(implementation + "/kernel/simulator/ops-info.ini")) {
            const auto process = ProcessOpFunctions().find(op_type);
            const bool own = functions_.count(op_type) != 0 || process == ProcessOpFunctions().end();
            operators_[op_type] = std::make_unique<Operator>(
                info, own ? &functions_[op_type] : &process->second, implementation + "/kernel/simulator");
        }
        const std::string programs = implementation + "/kernel/simulator/fused_programs.so";
        if (access(programs.c_str(), F_OK) == 0) {
            LoadPrograms(programs);
        }
    }

    // A package without inference or tiling lacks the library; one that is there must load.
    static void LoadLibrary(const std::string& path)
    {
        if (access(path.c_str(), F_OK) != 0) {
            return;
        }
        if (dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL) == nullptr) {
            throw std::runtime_error(path + " cannot be loaded: " + dlerror());
        }
    }

    const void* library_base_;
    std::string root_;
    std::string headers_;
    bool loaded_ = false;
    OpFunctionsMap functions_;
    std::map<std::string, std::unique_ptr<Operator>> operators_;
};

// An operator type that somebody has asked a number for.
struct OpType {
    std::string name;
    const void* library_base;
    std::atomic<Operator*> found{nullptr};
};

// Leaked, because operators are used until the process ends. Two locks, because loading a package calls the
// dynamic linker, which may be in another thread's hands while that thread registers a package: list_mutex is
// never held there.
struct Registry {
    std::mutex load_mutex;
    std::mutex list_mutex;
    std::deque<Package> packages;
    std::deque<OpType> op_types;
};

Registry& GetRegistry()
{
    static Registry& registry = *new Registry;
    return registry;
}

const void* LibraryBase(const void* address)
{
    Dl_info info;
    return dladdr(address, &info) == 0 ? nullptr : info.dli_fbase;
}

std::vector<Package*> Packages(Registry& registry)
{
    const std::lock_guard<std::mutex> lock(registry.list_mutex);
    std::vector<Package*> packages;
    for (Package& package : registry.packages) {
        packages.push_back(&package);
    }
    return packages;
}

// Looks in the package of the asking library, then in all, in the order they were loaded.
Operator& FindOperator(Registry& registry, const OpType& op_type)
{
    const std::lock_guard<std::mutex> lock(registry.load_mutex);
    std::string roots;
    const std::vector<Package*> packages = Packages(registry);
    for (const bool own : {true, false}) {
        for (Package* package : packages) {
            if (own != (package->library_base() == op_type.library_base)) {
                continue;
            }
            if (Operator* found = package->Find(op_type.name)) {
                return *found;
            }
            roots += (roots.empty() ? "" : ", ") + package->root();
        }
    }
    throw std::runtime_error("operator type " + op_type.name + " is in no loaded package (" +
                             (roots.empty() ? "none is loaded" : roots) + ")");
}

}  // namespace

Operator& GetOperator(uint32_t op_type_id)
{
    Registry& registry = GetRegistry();
    OpType* op_type;
    {
        const std::lock_guard<std::mutex> lock(registry.list_mutex);
        op_type = &registry.op_types.at(op_type_id);
    }
    Operator* found = op_type->found.load(std::memory_order_acquire);
    if (found == nullptr) {
        found = &FindOperator(registry, *op_type);
        op_type->found.store(found, std::memory_order_release);
    }
    return *found;
}

}  // namespace ascend_sim

namespace op {

uint32_t GenOpTypeId(const char* op_type, const void* caller)
{
    ascend_sim::Registry& registry = ascend_sim::GetRegistry();
    const std::lock_guard<std::mutex> lock(registry.list_mutex);
    registry.op_types.emplace_back();
    registry.op_types.back().name = op_type;
    registry.op_types.back().library_base = ascend_sim::LibraryBase(caller);
    return static_cast<uint32_t>(registry.op_types.size() - 1);
}

}  // namespace op

extern "C" void ascend_sim_register_package_of(const char* headers, const void* address)
{
    Dl_info info;
    if (dladdr(address, &info) == 0) {
        return;
    }
    char resolved[PATH_MAX];
    std::string root = ::realpath(info.dli_fname, resolved) == nullptr ? info.dli_fname : resolved;
    for (int up = 0; up < 3; ++up) {  // .../vendors/<name>/op_api/lib/libcust_opapi.so
        root.erase(root.rfind('/'));
    }
    ascend_sim::Registry& registry = ascend_sim::GetRegistry();
    const std::lock_guard<std::mutex> lock(registry.list_mutex);
    registry.packages.emplace_back(info.dli_fbase, root, headers);
}
