using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            private static readonly long[] One = [1];
            private static readonly long[] Zero = [0];

            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null)
            {
                var result = input.Result(nn_linear(input.Handle, weights.Handle, bias?.Handle ?? 0, out var r), r, weights);
                GC.KeepAlive(bias);
                return result;
            }

            public static unsafe Tensor conv2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null,
                long groups = 1)
            {
                long[] stride = strides ?? One, pad = padding ?? Zero, dilate = dilation ?? One;
                fixed (long* s = stride, p = pad, d = dilate)
                {
                    var status = nn_conv2d(
                        input.Handle, weight.Handle, bias?.Handle ?? 0, s, stride.Length, p, pad.Length, d, dilate.Length, groups, out var r);
                    return input.Result(status, r, weight, bias);
                }
            }

            internal static unsafe Tensor conv2d_padding(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, Padding padding = Padding.Valid,
                long[]? dilation = null, long groups = 1)
            {
                long[] stride = strides ?? One, dilate = dilation ?? One;
                fixed (long* s = stride, d = dilate)
                {
                    var status = nn_conv2d_padding(
                        input.Handle, weight.Handle, bias?.Handle ?? 0, s, stride.Length, padding == Padding.Same, d, dilate.Length, groups,
                        out var r);
                    return input.Result(status, r, weight, bias);
                }
            }

            public static Tensor batch_norm(
                Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null, bool training = false,
                double momentum = 0.1, double eps = 1e-5)
            {
                var status = nn_batch_norm(
                    input.Handle, running_mean?.Handle ?? 0, running_var?.Handle ?? 0, weight?.Handle ?? 0, bias?.Handle ?? 0, training,
                    momentum, eps, out var r);
                GC.KeepAlive(running_mean);
                GC.KeepAlive(running_var);
                return input.Result(status, r, weight, bias);
            }

            public static unsafe Tensor layer_norm(
                Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5)
            {
                fixed (long* shape = normalized_shape)
                {
                    var status = nn_layer_norm(
                        input.Handle, shape, normalized_shape.Length, weight?.Handle ?? 0, bias?.Handle ?? 0, eps, out var r);
                    return input.Result(status, r, weight, bias);
                }
            }

            public static Tensor group_norm(
                Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5) =>
                input.Result(nn_group_norm(input.Handle, num_groups, weight?.Handle ?? 0, bias?.Handle ?? 0, eps, out var r), r, weight, bias);

            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                input.Result(nn_dropout(input.Handle, p, training, inplace, out var r), r);

            public static Tensor relu(Tensor x, bool inplace = false) => inplace ? x.relu_().alias() : x.relu();

            public static Tensor gelu(Tensor x) => x.Result(nn_gelu(x.Handle, false, out var r), r);

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);

            public static Tensor one_hot(Tensor x, long num_classes = -1)
            {
                if (x.dtype != ScalarType.Int64) throw new ArgumentException("OneHot input tensor must have elements of type Int64");
                return x.Result(nn_one_hot(x.Handle, num_classes, out var r), r);
            }
        }
    }

    public partial class Tensor
    {
        /// <summary>A handle of the same tensor for another wrapper.</summary>
        internal nint Share() => Read(tensor_share(Handle, out var shared), shared);

        internal Tensor Embed(Tensor indices, long padding, bool scale, bool sparse) =>
            Result(nn_embedding(Handle, indices.Handle, padding, scale, sparse, out var r), r, indices);
    }
}
