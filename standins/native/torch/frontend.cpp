// What libtorch keeps in its C++ front end rather than in operators: padding, resizing, initialisation, parameter lists.
#include "shim.h"

#include <torch/nn/functional/padding.h>
#include <torch/nn/functional/upsampling.h>
#include <torch/nn/init.h>
#include <torch/nn/utils/clip_grad.h>
#include <torch/nn/utils/convert_parameters.h>

using namespace shim;

namespace F = torch::nn::functional;
namespace init = torch::nn::init;

// Modes are TorchSharp's PaddingModes: 1 reflect, 2 replicate, 3 circular, else constant.
SHIM int nn_pad(Handle x, const int64_t* pad, int32_t count, int32_t mode, double value, Handle* out) {
    return give(out, [&] {
        F::PadFuncOptions how(std::vector<int64_t>(pad, pad + count));
        how.value(value);
        switch (mode) {
            case 1: how.mode(torch::kReflect); break;
            case 2: how.mode(torch::kReplicate); break;
            case 3: how.mode(torch::kCircular); break;
            default: how.mode(torch::kConstant); break;
        }
        return F::pad(*x, how);
    });
}

// Modes are TorchSharp's InterpolationMode; corners: 0 not given, 1 aligned, 2 not aligned.
SHIM int nn_interpolate(Handle x, const int64_t* size, int32_t sizes, const double* scale, int32_t scales,
                        int32_t mode, int32_t corners, bool recompute, Handle* out) {
    return give(out, [&] {
        F::InterpolateFuncOptions how;
        how.recompute_scale_factor(recompute);
        if (corners) how.align_corners(corners == 1);
        if (sizes) how.size(std::vector<int64_t>(size, size + sizes));
        if (scales) how.scale_factor(std::vector<double>(scale, scale + scales));
        switch (mode) {
            case 1: how.mode(torch::kLinear); break;
            case 2: how.mode(torch::kBilinear); break;
            case 3: how.mode(torch::kBicubic); break;
            case 4: how.mode(torch::kTrilinear); break;
            case 5: how.mode(torch::kArea); break;
            default: how.mode(torch::kNearest); break;
        }
        return F::interpolate(*x, how);
    });
}

// TorchSharp's NonlinearityType.
static init::NonlinearityType nonlinearity(int64_t kind) {
    switch (kind) {
        case 0: return torch::kLinear;
        case 1: return torch::kConv1D;
        case 2: return torch::kConv2D;
        case 3: return torch::kConv3D;
        case 4: return torch::kConvTranspose1D;
        case 5: return torch::kConvTranspose2D;
        case 6: return torch::kConvTranspose3D;
        case 7: return torch::kSigmoid;
        case 8: return torch::kTanh;
        case 9: return torch::kReLU;
        default: return torch::kLeakyReLU;
    }
}

static init::FanModeType fan(int64_t mode) {
    return mode == 0 ? init::FanModeType(torch::kFanIn) : init::FanModeType(torch::kFanOut);
}

SHIM int init_kaiming_normal_(Handle t, double a, int64_t mode, int64_t kind) {
    return guarded([&] { init::kaiming_normal_(*t, a, fan(mode), nonlinearity(kind)); });
}

SHIM int init_kaiming_uniform_(Handle t, double a, int64_t mode, int64_t kind) {
    return guarded([&] { init::kaiming_uniform_(*t, a, fan(mode), nonlinearity(kind)); });
}

SHIM int init_xavier_uniform_(Handle t, double gain) {
    return guarded([&] { init::xavier_uniform_(*t, gain); });
}

SHIM int init_uniform_(Handle t, double low, double high) {
    return guarded([&] { init::uniform_(*t, low, high); });
}

SHIM int init_normal_(Handle t, double mean, double std) {
    return guarded([&] { init::normal_(*t, mean, std); });
}

SHIM int init_constant_(Handle t, Number value) {
    return guarded([&] { init::constant_(*t, scalar(value)); });
}

SHIM int init_calculate_gain(int64_t kind, double param, double* out) {
    return guarded([&] { *out = init::calculate_gain(nonlinearity(kind), param); });
}

SHIM int utils_clip_grad_norm_(const Handle* handles, int32_t count, double max_norm, double norm_type, double* out) {
    return guarded([&] { *out = torch::nn::utils::clip_grad_norm_(tensors(handles, count), max_norm, norm_type); });
}

SHIM int utils_parameters_to_vector(const Handle* handles, int32_t count, Handle* out) {
    return give(out, [&] { return torch::nn::utils::parameters_to_vector(tensors(handles, count)); });
}

SHIM int utils_vector_to_parameters(Handle vector, const Handle* handles, int32_t count) {
    return guarded([&] { torch::nn::utils::vector_to_parameters(*vector, tensors(handles, count)); });
}
