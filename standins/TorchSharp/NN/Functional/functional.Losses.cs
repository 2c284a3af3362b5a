using static TorchSharp.Interop.Native;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public enum Reduction : long
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }

        public static partial class functional
        {
            public static Tensor cross_entropy(
                Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean,
                double label_smoothing = 0.0)
            {
                var status = nn_cross_entropy(
                    input.Handle, target.Handle, weight?.Handle ?? 0, ignore_index, (long)reduction, label_smoothing, out var r);
                return input.Result(status, r, target, weight);
            }

            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                input.Result(
                    nn_nll_loss(input.Handle, target.Handle, weight?.Handle ?? 0, (long)reduction, out var r), r, target, weight);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                input.Result(nn_mse_loss(input.Handle, target.Handle, (long)reduction, out var r), r, target);
        }
    }
}
