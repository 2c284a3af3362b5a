using TorchSharp.Interop;
using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor arange(
        Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false)
    {
        var integral = is_integral(start.Type) && is_integral(stop.Type) && is_integral(step.Type);
        var options = new Options(dtype ?? (integral ? ScalarType.Int64 : defaultDtype), device, requires_grad);
        return New(torch_arange(start.Number, stop.Number, step.Number, options, out var r), r);
    }

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor linspace(
        double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        New(torch_linspace(start, end, steps, new Options(dtype ?? defaultDtype, device, requires_grad), out var r), r);

    public static Tensor eye(
        long rows, long columns = -1L, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        Unnamed(names);
        var options = new Options(dtype ?? defaultDtype, device, requires_grad);
        return New(torch_eye(rows, columns == -1 ? rows : columns, options, out var r), r);
    }
}
