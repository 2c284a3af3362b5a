#include "shim.h"

#include <c10/util/Logging.h>

#include <climits>
#include <string>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace {

thread_local std::string last_error;

// By default glibc gives the blocks of activations back to the system and fetches them anew in every step; keeping
// them saves a training step a tenth of its processor time.
void keep_freed_memory() {
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    mallopt(M_TOP_PAD, 64 << 20);
#endif
}

}  // namespace

namespace shim {

int fail(int kind, const char* message) noexcept {
    try {
        last_error = message ? message : "";
    } catch (...) {
        last_error.clear();
    }
    return kind;
}

void give_all(std::vector<at::Tensor> from, Handle* to) {
    std::vector<std::unique_ptr<at::Tensor>> held;
    held.reserve(from.size());
    for (auto& t : from) held.emplace_back(own(std::move(t)));
    for (size_t i = 0; i < held.size(); i++) to[i] = held[i].release();
}

}  // namespace shim

SHIM const char* shim_last_error() { return last_error.c_str(); }

SHIM int shim_initialize() {
    keep_freed_memory();
    // A backtrace costs milliseconds per throw and nobody reads it here.
    return shim::guarded([] { c10::SetStackTraceFetcher([]() -> std::string { return {}; }); });
}
