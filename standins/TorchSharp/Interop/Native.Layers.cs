using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal static unsafe partial class Native
{
    [LibraryImport(Shim)] internal static partial int nn_linear(nint x, nint weight, nint bias, out nint result);
    [LibraryImport(Shim)]
    internal static partial int nn_conv2d(nint x, nint weight, nint bias, long* stride, int strides, long* padding, int paddings,
        long* dilation, int dilations, long groups, out nint result);
    [LibraryImport(Shim)]
    internal static partial int nn_conv2d_padding(nint x, nint weight, nint bias, long* stride, int strides, Flag same,
        long* dilation, int dilations, long groups, out nint result);
    [LibraryImport(Shim)]
    internal static partial int nn_batch_norm(nint x, nint mean, nint var, nint weight, nint bias, Flag training, double momentum,
        double eps, out nint result);
    [LibraryImport(Shim)]
    internal static partial int nn_layer_norm(nint x, long* shape, int dims, nint weight, nint bias, double eps, out nint result);
    [LibraryImport(Shim)]
    internal static partial int nn_group_norm(nint x, long groups, nint weight, nint bias, double eps, out nint result);
    [LibraryImport(Shim)] internal static partial int nn_dropout(nint x, double p, Flag training, Flag in_place, out nint result);
    [LibraryImport(Shim)]
    internal static partial int nn_embedding(nint weight, nint indices, long padding, Flag scale, Flag sparse, out nint result);
    [LibraryImport(Shim)] internal static partial int nn_gelu(nint x, Flag tanh, out nint result);
    [LibraryImport(Shim)] internal static partial int nn_one_hot(nint x, long classes, out nint result);
    [LibraryImport(Shim)]
    internal static partial int nn_max_pool2d(nint x, long* kernel, int kernels, long* stride, int strides, long* padding,
        int paddings, long* dilation, int dilations, Flag ceil, out nint result);
    [LibraryImport(Shim)]
    internal static partial int nn_avg_pool2d(nint x, long* kernel, int kernels, long* stride, int strides, long* padding,
        int paddings, Flag ceil, Flag count_pad, long divisor, out nint result);
    [LibraryImport(Shim)] internal static partial int nn_adaptive_avg_pool2d(nint x, long* size, int dims, out nint result);
    [LibraryImport(Shim)]
    internal static partial int nn_cross_entropy(nint x, nint target, nint weight, long ignore, long reduction,
        double label_smoothing, out nint result);
    [LibraryImport(Shim)]
    internal static partial int nn_nll_loss(nint x, nint target, nint weight, long reduction, out nint result);
    [LibraryImport(Shim)] internal static partial int nn_mse_loss(nint x, nint target, long reduction, out nint result);
}
