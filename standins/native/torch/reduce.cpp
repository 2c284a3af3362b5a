// Many numbers into few: sums, norms, extremes, products of matrices.
#include "shim.h"

#include <ATen/ops/linalg_vector_norm.h>

using namespace shim;

#define WHOLE(name) \
    SHIM int tensor_##name(Handle a, Handle* out) { return give(out, [&] { return a->name(); }); }

#define WHOLE_OR_DIM(name)                                                                   \
    WHOLE(name)                                                                              \
    SHIM int tensor_##name##_dim(Handle a, int64_t dim, bool keep, Handle* out) {         \
        return give(out, [&] { return a->name(dim, keep); });                           \
    }

#define PRODUCT(name)                                             \
    SHIM int tensor_##name(Handle a, Handle b, Handle* out) {     \
        return give(out, [&] { return a->name(*b); });            \
    }

WHOLE_OR_DIM(all)
WHOLE_OR_DIM(any)
WHOLE(max)
WHOLE(min)
WHOLE(mean)
WHOLE(median)

PRODUCT(dot)
PRODUCT(mm)
PRODUCT(mv)
PRODUCT(bmm)
PRODUCT(matmul)
PRODUCT(outer)

static Optional<int64_t> no_dim() { return {}; }

SHIM int tensor_argmax(Handle a, Handle* out) {
    return give(out, [&] { return a->argmax(no_dim()); });
}

SHIM int tensor_argmin(Handle a, Handle* out) {
    return give(out, [&] { return a->argmin(no_dim()); });
}

SHIM int tensor_argmax_dim(Handle a, int64_t dim, bool keep, Handle* out) {
    return give(out, [&] { return a->argmax(dim, keep); });
}

SHIM int tensor_argmin_dim(Handle a, int64_t dim, bool keep, Handle* out) {
    return give(out, [&] { return a->argmin(dim, keep); });
}

SHIM int tensor_max_dim(Handle a, int64_t dim, bool keep, Handle* values, Handle* indices) {
    return give(values, indices, [&] { return a->max(dim, keep); });
}

SHIM int tensor_min_dim(Handle a, int64_t dim, bool keep, Handle* values, Handle* indices) {
    return give(values, indices, [&] { return a->min(dim, keep); });
}

SHIM int tensor_topk(Handle a, int64_t k, int64_t dim, bool largest, bool sorted, Handle* values,
                     Handle* indices) {
    return give(values, indices, [&] { return a->topk(k, dim, largest, sorted); });
}

SHIM int tensor_sort(Handle a, int64_t dim, bool descending, bool stable, Handle* values, Handle* indices) {
    return give(values, indices, [&] { return a->sort(Optional<bool>(stable), dim, descending); });
}

SHIM int tensor_argsort(Handle a, int64_t dim, bool descending, Handle* out) {
    return give(out, [&] { return a->argsort(dim, descending); });
}

SHIM int tensor_sum(Handle a, int32_t dtype, Handle* out) {
    return give(out, [&] { return a->sum(dtype_or_none(dtype)); });
}

SHIM int tensor_sum_dims(Handle a, const int64_t* dims, int32_t count, bool keep, int32_t dtype, Handle* out) {
    return give(out, [&] { return a->sum(sizes(dims, count), keep, dtype_or_none(dtype)); });
}

SHIM int tensor_mean_dims(Handle a, const int64_t* dims, int32_t count, bool keep, int32_t dtype, Handle* out) {
    return give(out, [&] { return a->mean(sizes(dims, count), keep, dtype_or_none(dtype)); });
}



SHIM int tensor_std(Handle a, bool unbiased, Handle* out) {
    return give(out, [&] { return a->std(unbiased); });
}

SHIM int tensor_var(Handle a, bool unbiased, Handle* out) {
    return give(out, [&] { return a->var(unbiased); });
}

SHIM int tensor_std_dims(Handle a, const int64_t* dims, int32_t count, bool unbiased, bool keep, Handle* out) {
    return give(out, [&] { return a->std(sizes(dims, count), unbiased, keep); });
}

SHIM int tensor_var_dims(Handle a, const int64_t* dims, int32_t count, bool unbiased, bool keep, Handle* out) {
    return give(out, [&] { return a->var(sizes(dims, count), unbiased, keep); });
}

SHIM int tensor_prod(Handle a, int32_t dtype, Handle* out) {
    return give(out, [&] { return a->prod(dtype_or_none(dtype)); });
}

SHIM int tensor_cumsum(Handle a, int64_t dim, int32_t dtype, Handle* out) {
    return give(out, [&] { return a->cumsum(dim, dtype_or_none(dtype)); });
}

SHIM int tensor_logsumexp(Handle a, int64_t dim, bool keep, Handle* out) {
    return give(out, [&] { return a->logsumexp(dim, keep); });
}

SHIM int tensor_count_nonzero(Handle a, const int64_t* dims, int32_t count, Handle* out) {
    return give(out, [&] { return count == 0 ? a->count_nonzero(no_dim()) : a->count_nonzero(sizes(dims, count)); });
}

SHIM int tensor_bincount(Handle a, Handle weights, int64_t minlength, Handle* out) {
    return give(out, [&] { return a->bincount(tensor_or_none(weights), minlength); });
}

SHIM int tensor_norm(Handle a, float p, Handle* out) {
    return give(out, [&] { return a->norm(p); });
}

SHIM int tensor_norm_dim(Handle a, int64_t dim, bool keep, float p, Handle* out) {
    return give(out, [&] { return a->norm(Optional<at::Scalar>(p), at::IntArrayRef(dim), keep); });
}

SHIM int linalg_vector_norm(Handle a, double order, const int64_t* dims, int32_t count, bool keep, Handle* out) {
    return give(out, [&] {
        return count == 0 ? at::linalg_vector_norm(*a, order, at::OptionalIntArrayRef(), keep)
                          : at::linalg_vector_norm(*a, order, sizes(dims, count), keep);
    });
}

SHIM int tensor_softmax(Handle a, int64_t dim, int32_t dtype, Handle* out) {
    return give(out, [&] { return a->softmax(dim, dtype_or_none(dtype)); });
}

SHIM int tensor_log_softmax(Handle a, int64_t dim, int32_t dtype, Handle* out) {
    return give(out, [&] { return a->log_softmax(dim, dtype_or_none(dtype)); });
}
