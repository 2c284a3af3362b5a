// Views, joins and picks.
#include "shim.h"

#include <ATen/TensorIndexing.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/stack.h>

#include <limits>

using namespace shim;

#define TO_SIZES(name)                                                                       \
    SHIM int tensor_##name(Handle t, const int64_t* values, int32_t count, Handle* out) {    \
        return give(out, [&] { return t->name(sizes(values, count)); });                     \
    }

TO_SIZES(view)
TO_SIZES(reshape)
TO_SIZES(permute)
TO_SIZES(repeat)
TO_SIZES(flip)

SHIM int tensor_expand(Handle t, const int64_t* size, int32_t count, bool implicit, Handle* out) {
    return give(out, [&] { return t->expand(sizes(size, count), implicit); });
}

SHIM int tensor_flatten(Handle t, int64_t start, int64_t end, Handle* out) {
    return give(out, [&] { return t->flatten(start, end); });
}

SHIM int tensor_transpose(Handle t, int64_t a, int64_t b, Handle* out) {
    return give(out, [&] { return t->transpose(a, b); });
}

SHIM int tensor_t(Handle t, Handle* out) {
    return give(out, [&] { return t->t(); });
}

SHIM int tensor_squeeze(Handle t, const int64_t* dim, Handle* out) {
    return give(out, [&] { return dim ? t->squeeze(*dim) : t->squeeze(); });
}

SHIM int tensor_unsqueeze(Handle t, int64_t dim, Handle* out) {
    return give(out, [&] { return t->unsqueeze(dim); });
}

SHIM int tensor_as_strided(Handle t, const int64_t* size, int32_t size_count, const int64_t* stride,
                           int32_t stride_count, int64_t offset, Handle* out) {
    return give(out, [&] { return t->as_strided(sizes(size, size_count), sizes(stride, stride_count), offset); });
}

SHIM int tensor_narrow(Handle t, int64_t dim, int64_t start, int64_t length, Handle* out) {
    return give(out, [&] { return t->narrow(dim, start, length); });
}

SHIM int tensor_slice(Handle t, int64_t dim, int64_t start, int64_t finish, int64_t step, Handle* out) {
    return give(out, [&] { return t->slice(dim, start, finish, step); });
}

SHIM int tensor_select(Handle t, int64_t dim, int64_t index, Handle* out) {
    return give(out, [&] { return t->select(dim, index); });
}

SHIM int tensor_roll(Handle t, const int64_t* shifts, int32_t shift_count, const int64_t* dims, int32_t dim_count,
                     Handle* out) {
    return give(out, [&] { return t->roll(sizes(shifts, shift_count), sizes(dims, dim_count)); });
}

SHIM int tensor_tril(Handle t, int64_t diagonal, Handle* out) {
    return give(out, [&] { return t->tril(diagonal); });
}

SHIM int tensor_triu(Handle t, int64_t diagonal, Handle* out) {
    return give(out, [&] { return t->triu(diagonal); });
}

SHIM int torch_cat(const Handle* handles, int32_t count, int64_t dim, Handle* out) {
    return give(out, [&] { return at::cat(tensors(handles, count), dim); });
}

SHIM int torch_stack(const Handle* handles, int32_t count, int64_t dim, Handle* out) {
    return give(out, [&] { return at::stack(tensors(handles, count), dim); });
}

// out must have room for the size of the dimension.
SHIM int tensor_unbind(Handle t, int64_t dim, Handle* out) {
    return guarded([&] { give_all(t->unbind(dim), out); });
}

// out must have room for as many tensors as there are sizes.
SHIM int tensor_split(Handle t, const int64_t* parts, int32_t count, int64_t dim, Handle* out) {
    return guarded([&] { give_all(t->split_with_sizes(sizes(parts, count), dim), out); });
}

SHIM int tensor_index_select(Handle t, int64_t dim, Handle index, Handle* out) {
    return give(out, [&] { return t->index_select(dim, *index); });
}

SHIM int tensor_gather(Handle t, int64_t dim, Handle index, Handle* out) {
    return give(out, [&] { return t->gather(dim, *index); });
}

SHIM int tensor_scatter_(Handle t, int64_t dim, Handle index, Handle source) {
    return guarded([&] { t->scatter_(dim, *index, *source); });
}

SHIM int tensor_scatter_add_(Handle t, int64_t dim, Handle index, Handle source) {
    return guarded([&] { t->scatter_add_(dim, *index, *source); });
}

SHIM int tensor_take(Handle t, Handle index, Handle* out) {
    return give(out, [&] { return t->take(*index); });
}

SHIM int tensor_masked_select(Handle t, Handle mask, Handle* out) {
    return give(out, [&] { return t->masked_select(*mask); });
}

SHIM int tensor_nonzero(Handle t, Handle* out) {
    return give(out, [&] { return t->nonzero(); });
}

namespace {

// One index as C# passes it; in a slice the smallest integer means "not given".
struct Index {
    int64_t kind;  // 0 single, 1 slice, 2 tensor, 3 ellipsis, 4 none, 5 false, 6 true
    int64_t start;
    int64_t stop;
    int64_t step;
    Handle tensor;
};

std::vector<at::indexing::TensorIndex> indices(const Index* items, int count) {
    constexpr int64_t absent = std::numeric_limits<int64_t>::min();
    auto bound = [](int64_t value) { return value == absent ? Optional<int64_t>() : Optional<int64_t>(value); };
    std::vector<at::indexing::TensorIndex> all;
    all.reserve(count);
    for (const Index* i = items; i != items + count; i++) {
        switch (i->kind) {
            case 0: all.emplace_back(i->start); break;
            case 1: all.emplace_back(at::indexing::Slice(bound(i->start), bound(i->stop), bound(i->step))); break;
            case 2: all.emplace_back(*i->tensor); break;
            case 3: all.emplace_back(at::indexing::Ellipsis); break;
            case 4: all.emplace_back(at::indexing::None); break;
            default: all.emplace_back(i->kind == 6); break;
        }
    }
    return all;
}

}  // namespace

SHIM int tensor_index(Handle t, const Index* items, int32_t count, Handle* out) {
    return give(out, [&] { return t->index(indices(items, count)); });
}

SHIM int tensor_index_put_(Handle t, const Index* items, int32_t count, Handle value) {
    return guarded([&] { t->index_put_(indices(items, count), *value); });
}

SHIM int tensor_index_put__scalar(Handle t, const Index* items, int32_t count, Number value) {
    return guarded([&] { t->index_put_(indices(items, count), scalar(value)); });
}
