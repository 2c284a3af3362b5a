#include "shim.h"

#include <c10/util/Backtrace.h>

#include <string>

namespace {
thread_local std::string last_error;
}

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

// A backtrace costs milliseconds per throw and nobody reads it here.
SHIM int shim_initialize() {
    return shim::guarded([] { c10::SetStackTraceFetcher([]() -> std::string { return {}; }); });
}
