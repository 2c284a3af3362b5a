using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class AvgPool2d : ParameterLessModule<Tensor, Tensor>
    {
        private readonly Func<Tensor, Tensor> pool;

        internal AvgPool2d(Func<Tensor, Tensor> pool) : base(nameof(AvgPool2d)) => this.pool = pool;

        public override Tensor forward(Tensor input) => pool(input);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.AvgPool2d AvgPool2d(
                long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false, bool count_include_pad = true,
                long? divisor_override = null) =>
                new(x => functional.AveragePool(
                    x, [kernel_size], [stride ?? kernel_size], [padding ?? 0], ceil_mode, count_include_pad, divisor_override));

            public static Modules.AvgPool2d AvgPool2d(
                long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true,
                long? divisor_override = null) =>
                new(x => functional.AveragePool(
                    x, kernel_size, stride ?? kernel_size, padding ?? [0], ceil_mode, count_include_pad, divisor_override));
        }
    }
}
