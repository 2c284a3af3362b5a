using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static unsafe Tensor max_pool2d(
                Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null,
                bool ceil_mode = false)
            {
                long[] stride = strides ?? kernel_size, pad = padding ?? Zero, dilate = dilation ?? One;
                fixed (long* k = kernel_size, s = stride, p = pad, d = dilate)
                {
                    var status = nn_max_pool2d(
                        input.Handle, k, kernel_size.Length, s, stride.Length, p, pad.Length, d, dilate.Length, ceil_mode, out var r);
                    return input.Result(status, r);
                }
            }

            public static Tensor max_pool2d(
                Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                max_pool2d(input, [kernel_size], [stride ?? kernel_size], [padding ?? 0], [dilation ?? 1], ceil_mode);

            public static Tensor avg_pool2d(
                Tensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false,
                bool count_include_pad = true) =>
                AveragePool(input, kernel_size, stride ?? kernel_size, padding ?? Zero, ceil_mode, count_include_pad, null);

            public static Tensor avg_pool2d(
                Tensor input, long kernel_size, long? stride = null, long padding = 0, bool ceil_mode = false,
                bool count_include_pad = true) =>
                AveragePool(input, [kernel_size], [stride ?? kernel_size], [padding], ceil_mode, count_include_pad, null);

            internal static unsafe Tensor AveragePool(
                Tensor input, long[] kernel, long[] stride, long[] padding, bool ceil, bool countPadding, long? divisor)
            {
                fixed (long* k = kernel, s = stride, p = padding)
                {
                    var status = nn_avg_pool2d(
                        input.Handle, k, kernel.Length, s, stride.Length, p, padding.Length, ceil, countPadding, divisor ?? 0, out var r);
                    return input.Result(status, r);
                }
            }

            public static unsafe Tensor adaptive_avg_pool2d(Tensor input, long[] output_size)
            {
                fixed (long* size = output_size)
                {
                    return input.Result(nn_adaptive_avg_pool2d(input.Handle, size, output_size.Length, out var r), r);
                }
            }

            public static Tensor adaptive_avg_pool2d(Tensor input, (long, long) output_size) =>
                adaptive_avg_pool2d(input, [output_size.Item1, output_size.Item2]);

            public static Tensor adaptive_avg_pool2d(Tensor input, long output_size) =>
                adaptive_avg_pool2d(input, [output_size, output_size]);
        }
    }
}
