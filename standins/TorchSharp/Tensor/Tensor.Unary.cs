using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor abs() => Result(tensor_abs(Handle, out var r), r);

        public Tensor sign() => Result(tensor_sign(Handle, out var r), r);

        public Tensor sqrt() => Result(tensor_sqrt(Handle, out var r), r);

        public Tensor rsqrt() => Result(tensor_rsqrt(Handle, out var r), r);

        public Tensor square() => Result(tensor_square(Handle, out var r), r);

        public Tensor exp() => Result(tensor_exp(Handle, out var r), r);

        public Tensor expm1() => Result(tensor_expm1(Handle, out var r), r);

        public Tensor log() => Result(tensor_log(Handle, out var r), r);

        public Tensor log1p() => Result(tensor_log1p(Handle, out var r), r);

        public Tensor log2() => Result(tensor_log2(Handle, out var r), r);

        public Tensor neg() => Result(tensor_neg(Handle, out var r), r);

        public Tensor reciprocal() => Result(tensor_reciprocal(Handle, out var r), r);

        public Tensor floor() => Result(tensor_floor(Handle, out var r), r);

        public Tensor ceil() => Result(tensor_ceil(Handle, out var r), r);

        public Tensor trunc() => Result(tensor_trunc(Handle, out var r), r);

        public Tensor tanh() => Result(tensor_tanh(Handle, out var r), r);

        public Tensor sigmoid() => Result(tensor_sigmoid(Handle, out var r), r);

        public Tensor relu() => Result(tensor_relu(Handle, out var r), r);

        public Tensor sin() => Result(tensor_sin(Handle, out var r), r);

        public Tensor cos() => Result(tensor_cos(Handle, out var r), r);

        public Tensor erf() => Result(tensor_erf(Handle, out var r), r);

        public Tensor isfinite() => Result(tensor_isfinite(Handle, out var r), r);

        public Tensor isinf() => Result(tensor_isinf(Handle, out var r), r);

        public Tensor isnan() => Result(tensor_isnan(Handle, out var r), r);

        public Tensor logical_not() => Result(tensor_logical_not(Handle, out var r), r);

        public Tensor bitwise_not() => Result(tensor_bitwise_not(Handle, out var r), r);

        public Tensor negative() => neg();

        public Tensor abs_() => Done(tensor_abs_(Handle));

        public Tensor sign_() => Done(tensor_sign_(Handle));

        public Tensor sqrt_() => Done(tensor_sqrt_(Handle));

        public Tensor exp_() => Done(tensor_exp_(Handle));

        public Tensor log_() => Done(tensor_log_(Handle));

        public Tensor neg_() => Done(tensor_neg_(Handle));

        public Tensor tanh_() => Done(tensor_tanh_(Handle));

        public Tensor relu_() => Done(tensor_relu_(Handle));

        public Tensor sigmoid_() => Done(tensor_sigmoid_(Handle));
    }
}
