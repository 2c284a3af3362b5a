using TorchSharp.Interop;
using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor fill_(Scalar value) => Done(tensor_fill_(Handle, value.Number));

        /// <summary>Sets every element to 0 and returns another wrapper of this tensor, as the real package does.</summary>
        public Tensor zero_() => Result(tensor_zero_(Handle, out var r), r);

        public unsafe Tensor clamp(Scalar? min = null, Scalar? max = null)
        {
            Number low = Bound(min), high = Bound(max);
            return Result(tensor_clamp(Handle, Given(min, &low), Given(max, &high), out var r), r);
        }

        public unsafe Tensor clamp_(Scalar? min = null, Scalar? max = null)
        {
            Number low = Bound(min), high = Bound(max);
            return Done(tensor_clamp_(Handle, Given(min, &low), Given(max, &high)));
        }

        public Tensor clamp(Tensor? min = null, Tensor? max = null) =>
            Result(tensor_clamp_tensor(Handle, min?.Handle ?? 0, max?.Handle ?? 0, out var r), r, min, max);

        public Tensor clamp_(Tensor? min = null, Tensor? max = null) =>
            Done(tensor_clamp_tensor_(Handle, min?.Handle ?? 0, max?.Handle ?? 0), min, max);

        public Tensor clamp_min(Scalar min) => clamp(min, null);

        public Tensor clamp_max(Scalar max) => clamp(null, max);

        public Tensor where(Tensor condition, Tensor y)
        {
            if (condition.dtype != ScalarType.Bool) throw new ArgumentException("The condition to 'where' must be a boolean tensor.");
            return Result(tensor_where(condition.Handle, Handle, y.Handle, out var r), r, condition, y);
        }

        public Tensor masked_fill(Tensor mask, Scalar value) =>
            Result(tensor_masked_fill(Handle, mask.Handle, value.Number, out var r), r, mask);

        public Tensor masked_fill_(Tensor mask, Scalar value) => Done(tensor_masked_fill_(Handle, mask.Handle, value.Number), mask);

        public Tensor masked_select(Tensor mask) => Result(tensor_masked_select(Handle, mask.Handle, out var r), r, mask);

        public unsafe Tensor nan_to_num(double nan = 0d, double? posinf = null, double? neginf = null)
        {
            double high = posinf ?? 0, low = neginf ?? 0;
            var status = tensor_nan_to_num(Handle, nan, posinf.HasValue ? &high : null, neginf.HasValue ? &low : null, out var r);
            return Result(status, r);
        }

        private static Number Bound(Scalar? bound) => bound is null ? 0L : bound.Number;

        private static unsafe Number* Given(Scalar? bound, Number* number) => bound is null ? null : number;
    }
}
