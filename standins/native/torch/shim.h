// What every file of the shim needs: the types that cross the C boundary and the guard that no exception passes.
#pragma once

#include <ATen/core/Tensor.h>
#include <c10/util/Exception.h>

#include <cstdint>
#include <memory>
#include <new>
#include <tuple>
#include <utility>
#include <vector>

#define SHIM extern "C" __attribute__((visibility("default")))

namespace shim {

using Handle = at::Tensor*;

// A number as C# passes it: kind 0 is an integer, 1 a double, 2 a bool; a null pointer is "no number".
struct Number {
    int64_t kind;
    union {
        int64_t integer;
        double real;
    };
};

struct Options {
    int32_t dtype;
    int32_t device;
    int32_t index;
    int32_t requires_grad;
};

// libtorch 1.13 has c10::optional where 2.x has std::optional; this is whichever its own functions return.
template <class> struct OptionalOf;
template <template <class> class Outer, class Inner> struct OptionalOf<Outer<Inner>> {
    template <class T> using type = Outer<T>;
};
template <class T>
using Optional = typename OptionalOf<decltype(std::declval<at::TensorOptions>().device_opt())>::template type<T>;

int fail(int kind, const char* message) noexcept;

template <class Body> int guarded(Body&& body) noexcept {
    try {
        body();
        return 0;
    } catch (const c10::Error& e) {
        return fail(1, e.what_without_backtrace());
    } catch (const std::bad_alloc& e) {
        return fail(2, e.what());
    } catch (const std::exception& e) {
        return fail(3, e.what());
    } catch (...) {
        return fail(4, "unknown C++ exception");
    }
}

inline Handle own(at::Tensor tensor) { return tensor.defined() ? new at::Tensor(std::move(tensor)) : nullptr; }

template <class Make> int give(Handle* out, Make&& make) noexcept {
    return guarded([&] { *out = own(make()); });
}

template <class Make> int give(Handle* first, Handle* second, Make&& make) noexcept {
    return guarded([&] {
        std::tuple<at::Tensor, at::Tensor> pair = make();
        auto held = std::make_unique<at::Tensor>(std::move(std::get<0>(pair)));
        *second = own(std::move(std::get<1>(pair)));
        *first = held.release();
    });
}

inline at::Scalar scalar(Number n) {
    switch (n.kind) {
        case 0: return at::Scalar(n.integer);
        case 1: return at::Scalar(n.real);
        default: return at::Scalar(n.integer != 0);
    }
}

inline Optional<at::Scalar> scalar_or_none(const Number* n) {
    return n ? Optional<at::Scalar>(scalar(*n)) : Optional<at::Scalar>();
}

inline Optional<at::Tensor> tensor_or_none(Handle t) { return t ? Optional<at::Tensor>(*t) : Optional<at::Tensor>(); }

inline Optional<at::ScalarType> dtype_or_none(int dtype) {
    return dtype < 0 ? Optional<at::ScalarType>() : Optional<at::ScalarType>(static_cast<at::ScalarType>(dtype));
}

inline at::IntArrayRef sizes(const int64_t* values, int count) { return at::IntArrayRef(values, count); }

inline at::Device device(int type, int index) {
    return at::Device(static_cast<at::DeviceType>(type), static_cast<at::DeviceIndex>(index));
}

inline at::TensorOptions options(const Options& o) {
    return at::TensorOptions()
        .dtype(static_cast<at::ScalarType>(o.dtype))
        .device(device(o.device, o.index));
}

inline at::Tensor with_grad(at::Tensor t, const Options& o) {
    return o.requires_grad ? t.set_requires_grad(true) : t;
}

inline std::vector<at::Tensor> tensors(const Handle* handles, int count) {
    std::vector<at::Tensor> all;
    all.reserve(count);
    for (int i = 0; i < count; i++) all.push_back(handles[i] ? *handles[i] : at::Tensor());
    return all;
}

// Hands over all tensors or none.
void give_all(std::vector<at::Tensor> from, Handle* to);

}  // namespace shim
