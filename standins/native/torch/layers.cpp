// What modules compute, as far as single operators of libtorch go.
#include "shim.h"

#include <ATen/ops/adaptive_avg_pool2d.h>
#include <ATen/ops/avg_pool2d.h>
#include <ATen/ops/batch_norm.h>
#include <ATen/ops/conv2d.h>
#include <ATen/ops/cross_entropy_loss.h>
#include <ATen/ops/dropout.h>
#include <ATen/ops/embedding.h>
#include <ATen/ops/gelu.h>
#include <ATen/ops/group_norm.h>
#include <ATen/ops/layer_norm.h>
#include <ATen/ops/linear.h>
#include <ATen/ops/max_pool2d.h>
#include <ATen/ops/mse_loss.h>
#include <ATen/ops/nll_loss_nd.h>
#include <ATen/ops/one_hot.h>

using namespace shim;

SHIM int nn_linear(Handle x, Handle weight, Handle bias, Handle* out) {
    return give(out, [&] { return at::linear(*x, *weight, tensor_or_none(bias)); });
}

SHIM int nn_conv2d(Handle x, Handle weight, Handle bias, const int64_t* stride, int32_t strides,
                   const int64_t* padding, int32_t paddings, const int64_t* dilation, int32_t dilations,
                   int64_t groups, Handle* out) {
    return give(out, [&] {
        return at::conv2d(*x, *weight, tensor_or_none(bias), sizes(stride, strides), sizes(padding, paddings),
                          sizes(dilation, dilations), groups);
    });
}

SHIM int nn_conv2d_padding(Handle x, Handle weight, Handle bias, const int64_t* stride, int32_t strides, bool same,
                           const int64_t* dilation, int32_t dilations, int64_t groups, Handle* out) {
    return give(out, [&] {
        return at::conv2d(*x, *weight, tensor_or_none(bias), sizes(stride, strides), same ? "same" : "valid",
                          sizes(dilation, dilations), groups);
    });
}

SHIM int nn_batch_norm(Handle x, Handle mean, Handle var, Handle weight, Handle bias, bool training,
                       double momentum, double eps, Handle* out) {
    return give(out, [&] {
        return at::batch_norm(*x, tensor_or_none(weight), tensor_or_none(bias), tensor_or_none(mean),
                              tensor_or_none(var), training, momentum, eps, false);
    });
}

SHIM int nn_layer_norm(Handle x, const int64_t* shape, int32_t dims, Handle weight, Handle bias, double eps,
                       Handle* out) {
    return give(out, [&] {
        return at::layer_norm(*x, sizes(shape, dims), tensor_or_none(weight), tensor_or_none(bias), eps);
    });
}

SHIM int nn_group_norm(Handle x, int64_t groups, Handle weight, Handle bias, double eps, Handle* out) {
    return give(out, [&] { return at::group_norm(*x, groups, tensor_or_none(weight), tensor_or_none(bias), eps); });
}

SHIM int nn_dropout(Handle x, double p, bool training, bool in_place, Handle* out) {
    return give(out, [&] {
        TORCH_CHECK(p >= 0 && p <= 1, "dropout probability has to be between 0 and 1, but got ", p);
        return in_place ? at::dropout_(*x, p, training) : at::dropout(*x, p, training);
    });
}

SHIM int nn_embedding(Handle weight, Handle indices, int64_t padding, bool scale, bool sparse, Handle* out) {
    return give(out, [&] { return at::embedding(*weight, *indices, padding, scale, sparse); });
}

SHIM int nn_gelu(Handle x, bool tanh, Handle* out) {
    return give(out, [&] { return at::gelu(*x, tanh ? "tanh" : "none"); });
}

SHIM int nn_one_hot(Handle x, int64_t classes, Handle* out) {
    return give(out, [&] { return at::one_hot(*x, classes); });
}

SHIM int nn_max_pool2d(Handle x, const int64_t* kernel, int32_t kernels, const int64_t* stride, int32_t strides,
                       const int64_t* padding, int32_t paddings, const int64_t* dilation, int32_t dilations,
                       bool ceil, Handle* out) {
    return give(out, [&] {
        return at::max_pool2d(*x, sizes(kernel, kernels), sizes(stride, strides), sizes(padding, paddings),
                              sizes(dilation, dilations), ceil);
    });
}

// A divisor of 0 means the size of the window.
SHIM int nn_avg_pool2d(Handle x, const int64_t* kernel, int32_t kernels, const int64_t* stride, int32_t strides,
                       const int64_t* padding, int32_t paddings, bool ceil, bool count_pad, int64_t divisor,
                       Handle* out) {
    return give(out, [&] {
        return at::avg_pool2d(*x, sizes(kernel, kernels), sizes(stride, strides), sizes(padding, paddings), ceil,
                              count_pad, divisor == 0 ? Optional<int64_t>() : Optional<int64_t>(divisor));
    });
}

SHIM int nn_adaptive_avg_pool2d(Handle x, const int64_t* size, int32_t dims, Handle* out) {
    return give(out, [&] { return at::adaptive_avg_pool2d(*x, sizes(size, dims)); });
}

// The reduction is TorchSharp's and ATen's alike: 0 none, 1 mean, 2 sum.
SHIM int nn_cross_entropy(Handle x, Handle target, Handle weight, int64_t ignore, int64_t reduction,
                          double label_smoothing, Handle* out) {
    return give(out, [&] {
        return at::cross_entropy_loss(*x, *target, tensor_or_none(weight), reduction, ignore, label_smoothing);
    });
}

SHIM int nn_nll_loss(Handle x, Handle target, Handle weight, int64_t reduction, Handle* out) {
    return give(out, [&] { return at::nll_loss_nd(*x, *target, tensor_or_none(weight), reduction, -100); });
}

SHIM int nn_mse_loss(Handle x, Handle target, int64_t reduction, Handle* out) {
    return give(out, [&] { return at::mse_loss(*x, *target, reduction); });
}
