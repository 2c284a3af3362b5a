using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor eq(Tensor target) => Result(tensor_eq(Handle, target.Handle, out var r), r, target);

        public Tensor eq(Scalar target) => Result(tensor_eq_scalar(Handle, target.Number, out var r), r);

        public Tensor ne(Tensor target) => Result(tensor_ne(Handle, target.Handle, out var r), r, target);

        public Tensor ne(Scalar target) => Result(tensor_ne_scalar(Handle, target.Number, out var r), r);

        public Tensor lt(Tensor target) => Result(tensor_lt(Handle, target.Handle, out var r), r, target);

        public Tensor lt(Scalar target) => Result(tensor_lt_scalar(Handle, target.Number, out var r), r);

        public Tensor le(Tensor target) => Result(tensor_le(Handle, target.Handle, out var r), r, target);

        public Tensor le(Scalar target) => Result(tensor_le_scalar(Handle, target.Number, out var r), r);

        public Tensor gt(Tensor target) => Result(tensor_gt(Handle, target.Handle, out var r), r, target);

        public Tensor gt(Scalar target) => Result(tensor_gt_scalar(Handle, target.Number, out var r), r);

        public Tensor ge(Tensor target) => Result(tensor_ge(Handle, target.Handle, out var r), r, target);

        public Tensor ge(Scalar target) => Result(tensor_ge_scalar(Handle, target.Number, out var r), r);

        public Tensor equal(Tensor target) => eq(target);

        public bool Equals(Tensor target)
        {
            if (target is null) return false;
            var status = tensor_equal(Handle, target.Handle, out var equal);
            GC.KeepAlive(target);
            return Read(status, equal);
        }

        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false)
        {
            if (target is null) return false;
            var status = tensor_allclose(Handle, target.Handle, rtol, atol, equal_nan, out var close);
            GC.KeepAlive(target);
            return Read(status, close);
        }

        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) =>
            Result(tensor_isclose(Handle, other.Handle, rtol, atol, nanEqual, out var r), r, other);

        public Tensor logical_and(Tensor other) => Result(tensor_logical_and(Handle, other.Handle, out var r), r, other);

        public Tensor logical_or(Tensor other) => Result(tensor_logical_or(Handle, other.Handle, out var r), r, other);

        public Tensor logical_xor(Tensor other) => Result(tensor_logical_xor(Handle, other.Handle, out var r), r, other);

        public Tensor bitwise_and(Tensor other) => Result(tensor_bitwise_and(Handle, other.Handle, out var r), r, other);

        public Tensor bitwise_or(Tensor other) => Result(tensor_bitwise_or(Handle, other.Handle, out var r), r, other);

        public Tensor bitwise_xor(Tensor other) => Result(tensor_bitwise_xor(Handle, other.Handle, out var r), r, other);

        public static Tensor operator ==(Tensor left, Tensor right) => left.eq(right);
        public static Tensor operator ==(Tensor left, Scalar right) => left.eq(right);
        public static Tensor operator ==(Scalar left, Tensor right) => right.eq(left);
        public static Tensor operator !=(Tensor left, Tensor right) => left.ne(right);
        public static Tensor operator !=(Tensor left, Scalar right) => left.ne(right);
        public static Tensor operator !=(Scalar left, Tensor right) => right.ne(left);
        public static Tensor operator <(Tensor left, Tensor right) => left.lt(right);
        public static Tensor operator <(Tensor left, Scalar right) => left.lt(right);
        public static Tensor operator <(Scalar left, Tensor right) => right.gt(left);
        public static Tensor operator <=(Tensor left, Tensor right) => left.le(right);
        public static Tensor operator <=(Tensor left, Scalar right) => left.le(right);
        public static Tensor operator <=(Scalar left, Tensor right) => right.ge(left);
        public static Tensor operator >(Tensor left, Tensor right) => left.gt(right);
        public static Tensor operator >(Tensor left, Scalar right) => left.gt(right);
        public static Tensor operator >(Scalar left, Tensor right) => right.lt(left);
        public static Tensor operator >=(Tensor left, Tensor right) => left.ge(right);
        public static Tensor operator >=(Tensor left, Scalar right) => left.ge(right);
        public static Tensor operator >=(Scalar left, Tensor right) => right.le(left);
    }
}
