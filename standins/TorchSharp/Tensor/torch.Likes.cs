using TorchSharp.Interop;
using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor zeros_like(
        Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Like(input, torch_zeros_like(input.Handle, Options(input, dtype, device, requires_grad, names), out var r), r);

    public static Tensor ones_like(
        Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Like(input, torch_ones_like(input.Handle, Options(input, dtype, device, requires_grad, names), out var r), r);

    public static Tensor empty_like(
        Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Like(input, torch_empty_like(input.Handle, Options(input, dtype, device, requires_grad, names), out var r), r);

    public static Tensor full_like(
        Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        var options = Options(input, dtype, device, requires_grad, names);
        return Like(input, torch_full_like(input.Handle, value.Number, options, out var r), r);
    }

    public static Tensor rand_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Like(input, torch_rand_like(input.Handle, Options(input, dtype, device, requires_grad, null), out var r), r);

    public static Tensor randn_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Like(input, torch_randn_like(input.Handle, Options(input, dtype, device, requires_grad, null), out var r), r);

    public partial class Tensor
    {
        public Tensor new_zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            zeros(size, dtype ?? this.dtype, device ?? this.device, requires_grad);
    }

    private static Options Options(Tensor input, ScalarType? dtype, Device? device, bool requires_grad, string[]? names)
    {
        Unnamed(names);
        return new Options(dtype ?? input.dtype, device ?? input.device, requires_grad);
    }

    private static Tensor Like(Tensor input, int status, nint result) => input.Result(status, result);
}
