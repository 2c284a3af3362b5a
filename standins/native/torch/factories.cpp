// Tensors out of nothing, out of numbers, out of memory.
#include "shim.h"

#include <ATen/ops/arange.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/full.h>
#include <ATen/ops/full_like.h>
#include <ATen/ops/linspace.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/ones_like.h>
#include <ATen/ops/scalar_tensor.h>
#include <ATen/ops/zeros.h>
#include <ATen/ops/zeros_like.h>

using namespace shim;

#define FILLED(name)                                                                                  \
    SHIM int torch_##name(const int64_t* size, int32_t dims, Options o, Handle* out) {                \
        return give(out, [&] { return with_grad(at::name(sizes(size, dims), options(o)), o); });      \
    }                                                                                                 \
    SHIM int torch_##name##_like(Handle t, Options o, Handle* out) {                                  \
        return give(out, [&] { return with_grad(at::name##_like(*t, options(o)), o); });              \
    }

FILLED(zeros)
FILLED(ones)
FILLED(empty)

SHIM int torch_full(const int64_t* size, int32_t dims, Number value, Options o, Handle* out) {
    return give(out, [&] { return with_grad(at::full(sizes(size, dims), scalar(value), options(o)), o); });
}

SHIM int torch_full_like(Handle t, Number value, Options o, Handle* out) {
    return give(out, [&] { return with_grad(at::full_like(*t, scalar(value), options(o)), o); });
}

SHIM int torch_arange(Number start, Number stop, Number step, Options o, Handle* out) {
    return give(out, [&] {
        return with_grad(at::arange(scalar(start), scalar(stop), scalar(step), options(o)), o);
    });
}

SHIM int torch_linspace(double start, double end, int64_t steps, Options o, Handle* out) {
    return give(out, [&] { return with_grad(at::linspace(start, end, steps, options(o)), o); });
}

SHIM int torch_eye(int64_t rows, int64_t columns, Options o, Handle* out) {
    return give(out, [&] { return with_grad(at::eye(rows, columns, options(o)), o); });
}

SHIM int torch_scalar(Number value, Options o, Handle* out) {
    return give(out, [&] { return with_grad(at::scalar_tensor(scalar(value), options(o)), o); });
}

// Copies the array, whose elements are of array_dtype, into a tensor of the options' type. As in TorchSharp, a gradient
// is asked for before the conversion, so that a converted CPU tensor is no leaf.
SHIM int torch_from_array(void* data, int32_t array_dtype, const int64_t* size, int32_t dims, Options o, Handle* out) {
    return give(out, [&] {
        auto array = at::TensorOptions().dtype(static_cast<at::ScalarType>(array_dtype));
        at::Tensor view = at::from_blob(data, sizes(size, dims), array);
        if (o.device != 0 || array_dtype == o.dtype) return with_grad(view.to(options(o), false, true), o);
        return o.requires_grad ? view.clone().set_requires_grad(true).to(options(o)) : view.to(options(o), false, true);
    });
}
