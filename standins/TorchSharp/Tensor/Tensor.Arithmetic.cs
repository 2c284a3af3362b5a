using TorchSharp.Interop;
using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public enum RoundingMode
    {
        None = 0,
        trunc = 1,
        floor = 2,
    }

    public partial class Tensor
    {
        public Tensor add(Tensor target) => Result(tensor_add(Handle, target.Handle, 1L, out var r), r, target);

        public Tensor add(Tensor target, Scalar alpha) =>
            Result(tensor_add(Handle, target.Handle, alpha.Number, out var r), r, target);

        public Tensor add(Scalar scalar) => Result(tensor_add_scalar(Handle, scalar.Number, 1L, out var r), r);

        public Tensor add(Scalar scalar, Scalar alpha) =>
            Result(tensor_add_scalar(Handle, scalar.Number, alpha.Number, out var r), r);

        public Tensor add_(Tensor target) => Done(tensor_add_(Handle, target.Handle, 1L), target);

        public Tensor add_(Tensor target, Scalar alpha) => Done(tensor_add_(Handle, target.Handle, alpha.Number), target);

        public Tensor add_(Scalar scalar) => Done(tensor_add__scalar(Handle, scalar.Number, 1L));

        public Tensor add_(Scalar scalar, Scalar alpha) => Done(tensor_add__scalar(Handle, scalar.Number, alpha.Number));

        public Tensor sub(Tensor target) => Result(tensor_sub(Handle, target.Handle, 1L, out var r), r, target);

        public Tensor sub(Scalar target) => Result(tensor_sub_scalar(Handle, target.Number, 1L, out var r), r);

        public Tensor sub_(Tensor target) => Done(tensor_sub_(Handle, target.Handle, 1L), target);

        public Tensor sub_(Scalar target) => Done(tensor_sub__scalar(Handle, target.Number, 1L));

        public Tensor mul(Tensor target) => Result(tensor_mul(Handle, target.Handle, out var r), r, target);

        public Tensor mul(Scalar target) => Result(tensor_mul_scalar(Handle, target.Number, out var r), r);

        public Tensor mul_(Tensor target) => Done(tensor_mul_(Handle, target.Handle), target);

        public Tensor mul_(Scalar target) => Done(tensor_mul__scalar(Handle, target.Number));

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Result(tensor_div(Handle, target.Handle, (int)rounding_mode, out var r), r, target);

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Result(tensor_div_scalar(Handle, target.Number, (int)rounding_mode, out var r), r);

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Done(tensor_div_(Handle, target.Handle, (int)rounding_mode), target);

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Done(tensor_div__scalar(Handle, target.Number, (int)rounding_mode));

        public Tensor remainder(Tensor target) => Result(tensor_remainder(Handle, target.Handle, out var r), r, target);

        public Tensor remainder(Scalar scalar) => Result(tensor_remainder_scalar(Handle, scalar.Number, out var r), r);

        public Tensor pow(Tensor exponent) => Result(tensor_pow(Handle, exponent.Handle, out var r), r, exponent);

        public Tensor pow(Scalar exponent) => Result(tensor_pow_scalar(Handle, exponent.Number, out var r), r);

        public Tensor pow_(Tensor exponent) => Done(tensor_pow_(Handle, exponent.Handle), exponent);

        public Tensor pow_(Scalar exponent) => Done(tensor_pow__scalar(Handle, exponent.Number));

        public Tensor maximum(Tensor other) => Result(tensor_maximum(Handle, other.Handle, out var r), r, other);

        public Tensor minimum(Tensor other) => Result(tensor_minimum(Handle, other.Handle, out var r), r, other);

        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Result(tensor_addcmul(Handle, tensor1.Handle, tensor2.Handle, value.Number, out var r), r, tensor1, tensor2);

        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Done(tensor_addcmul_(Handle, tensor1.Handle, tensor2.Handle, value.Number), tensor1, tensor2);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Result(tensor_addcdiv(Handle, tensor1.Handle, tensor2.Handle, value.Number, out var r), r, tensor1, tensor2);

        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => addcdiv(tensor1, tensor2, 1);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) =>
            Done(tensor_addcdiv_(Handle, tensor1.Handle, tensor2.Handle, value.Number), tensor1, tensor2);

        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) => addcdiv_(tensor1, tensor2, 1);

        public Tensor lerp(Tensor end, Tensor weight) =>
            Result(tensor_lerp(Handle, end.Handle, weight.Handle, out var r), r, end, weight);

        public Tensor lerp_(Tensor end, Tensor weight) => Done(tensor_lerp_(Handle, end.Handle, weight.Handle), end, weight);
    }
}
