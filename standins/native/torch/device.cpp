// Processors and threads.
#include "shim.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>

using namespace shim;

static int cuda_devices() {
    return c10::impl::hasDeviceGuardImpl(at::kCUDA) ? c10::impl::getDeviceGuardImpl(at::kCUDA)->deviceCount() : 0;
}

SHIM int cuda_device_count(int32_t* out) {
    return guarded([&] { *out = cuda_devices(); });
}

// A negative index means the current device.
SHIM int cuda_synchronize(int32_t index) {
    return guarded([&] {
        TORCH_CHECK(cuda_devices() > 0, "No CUDA GPUs are available");
        int chosen = index < 0 ? c10::impl::getDeviceGuardImpl(at::kCUDA)->getDevice().index() : index;
        at::detail::getCUDAHooks().deviceSynchronize(chosen);
    });
}

SHIM int torch_get_num_threads(int32_t* out) {
    return guarded([&] { *out = at::get_num_threads(); });
}

SHIM int torch_set_num_threads(int32_t count) {
    return guarded([&] { at::set_num_threads(count); });
}

SHIM int torch_get_num_interop_threads(int32_t* out) {
    return guarded([&] { *out = static_cast<int32_t>(at::get_num_interop_threads()); });
}

SHIM int torch_set_num_interop_threads(int32_t count) {
    return guarded([&] { at::set_num_interop_threads(count); });
}
