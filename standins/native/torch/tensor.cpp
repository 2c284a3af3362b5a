// A tensor as such: lifetime, metadata, gradient, copies.
#include "shim.h"

#include <ATen/ops/zeros.h>

using namespace shim;

SHIM void tensor_delete(Handle t) { delete t; }
SHIM int64_t tensor_numel(Handle t) { return t->numel(); }
SHIM int64_t tensor_dim(Handle t) { return t->dim(); }
SHIM int32_t tensor_dtype(Handle t) { return static_cast<int32_t>(t->scalar_type()); }
SHIM int64_t tensor_element_size(Handle t) { return static_cast<int64_t>(t->element_size()); }
SHIM int32_t tensor_device_type(Handle t) { return static_cast<int32_t>(t->device().type()); }
SHIM int32_t tensor_device_index(Handle t) { return t->device().index(); }
SHIM bool tensor_requires_grad(Handle t) { return t->requires_grad(); }
SHIM bool tensor_is_sparse(Handle t) { return t->is_sparse(); }
SHIM bool tensor_is_leaf(Handle t) { return t->is_leaf(); }
SHIM bool tensor_is_contiguous(Handle t) { return t->is_contiguous(); }

SHIM int tensor_size(Handle t, int64_t dim, int64_t* out) {
    return guarded([&] { *out = t->size(dim); });
}

SHIM int tensor_stride(Handle t, int64_t dim, int64_t* out) {
    return guarded([&] { *out = t->stride(dim); });
}

SHIM void tensor_sizes(Handle t, int64_t* out) {
    for (int64_t s : t->sizes()) *out++ = s;
}

SHIM int tensor_strides(Handle t, int64_t* out) {
    return guarded([&] {
        for (int64_t s : t->strides()) *out++ = s;
    });
}

SHIM int tensor_storage_offset(Handle t, int64_t* out) {
    return guarded([&] { *out = t->storage_offset(); });
}

SHIM int tensor_data(Handle t, void** out) {
    return guarded([&] { *out = t->data_ptr(); });
}

SHIM int tensor_item(Handle t, Number* out) {
    return guarded([&] {
        at::Scalar s = t->item();
        if (s.isBoolean()) *out = {2, {s.toBool()}};
        else if (s.isIntegral(false)) *out = {0, {s.toLong()}};
        else {
            out->kind = 1;
            out->real = s.toDouble();
        }
    });
}

SHIM int tensor_set_requires_grad(Handle t, bool on) {
    return guarded([&] { t->set_requires_grad(on); });
}

SHIM int tensor_retain_grad(Handle t) {
    return guarded([&] { t->retain_grad(); });
}

SHIM int tensor_grad(Handle t, Handle* out) {
    return give(out, [&] { return t->grad(); });
}

SHIM int tensor_set_grad(Handle t, Handle grad) {
    return guarded([&] {
        if (grad) t->mutable_grad() = *grad;
        else t->mutable_grad().reset();
    });
}

SHIM int tensor_alias(Handle t, Handle* out) {
    return give(out, [&] { return t->alias(); });
}

SHIM int tensor_share(Handle t, Handle* out) {
    return give(out, [&] { return *t; });
}

SHIM int tensor_detach(Handle t, Handle* out) {
    return give(out, [&] { return t->detach(); });
}

SHIM int tensor_detach_(Handle t) {
    return guarded([&] { t->detach_(); });
}

SHIM int tensor_clone(Handle t, Handle* out) {
    return give(out, [&] { return t->clone(); });
}

SHIM int tensor_contiguous(Handle t, Handle* out) {
    return give(out, [&] { return t->contiguous(); });
}

SHIM int tensor_cpu(Handle t, Handle* out) {
    return give(out, [&] { return t->cpu(); });
}

SHIM int tensor_pin_memory(Handle t, Handle* out) {
    return give(out, [&] { return t->pin_memory(); });
}

SHIM int tensor_is_pinned(Handle t, bool* out) {
    return guarded([&] { *out = t->is_pinned(); });
}

SHIM int tensor_copy_(Handle t, Handle source, bool non_blocking) {
    return guarded([&] { t->copy_(*source, non_blocking); });
}

SHIM int tensor_set_(Handle t, Handle source) {
    return guarded([&] { t->set_(*source); });
}

SHIM int tensor_to_dtype(Handle t, int32_t dtype, bool copy, bool non_blocking, Handle* out) {
    return give(out, [&] { return t->to(static_cast<at::ScalarType>(dtype), non_blocking, copy); });
}

SHIM int tensor_to_device(Handle t, int32_t type, int32_t index, bool copy, bool non_blocking, Handle* out) {
    return give(out, [&] { return t->to(device(type, index), t->scalar_type(), non_blocking, copy); });
}

SHIM int tensor_to(Handle t, int32_t dtype, int32_t type, int32_t index, bool copy, bool non_blocking,
                   Handle* out) {
    return give(out, [&] {
        return t->to(device(type, index), static_cast<at::ScalarType>(dtype), non_blocking, copy);
    });
}

// TorchSharp's zero_ is zeros_out, which refuses a tensor that autograd is recording.
SHIM int tensor_zero_(Handle t, Handle* out) {
    return give(out, [&] { return at::zeros_out(*t, t->sizes()); });
}

SHIM int tensor_fill_(Handle t, Number value) {
    return guarded([&] { t->fill_(scalar(value)); });
}
