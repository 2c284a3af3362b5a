using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public enum InterpolationMode
    {
        Nearest = 0,
        Linear = 1,
        Bilinear = 2,
        Bicubic = 3,
        Trilinear = 4,
        Area = 5,
    }

    public static partial class nn
    {
        public static partial class functional
        {
            public static unsafe Tensor pad(
                Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0)
            {
                fixed (long* sizes = pad) return input.Result(nn_pad(input.Handle, sizes, pad.Length, (int)mode, value, out var r), r);
            }

            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, (ReadOnlySpan<long>)pad, mode, value);

            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2], mode, value);

            public static Tensor pad(
                Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);

            public static unsafe Tensor interpolate(
                Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest,
                bool? align_corners = null, bool recompute_scale_factor = false)
            {
                var corners = align_corners is null ? 0 : align_corners.Value ? 1 : 2;
                fixed (long* sizes = size)
                fixed (double* scales = scale_factor)
                {
                    var status = nn_interpolate(
                        x.Handle, sizes, size?.Length ?? 0, scales, scale_factor?.Length ?? 0, (int)mode, corners, recompute_scale_factor,
                        out var r);
                    return x.Result(status, r);
                }
            }
        }
    }
}
