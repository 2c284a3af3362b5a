using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class MaxPool2d : ParameterLessModule<Tensor, Tensor>
    {
        private readonly Func<Tensor, Tensor> pool;

        internal MaxPool2d(Func<Tensor, Tensor> pool) : base(nameof(MaxPool2d)) => this.pool = pool;

        public override Tensor forward(Tensor input) => pool(input);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.MaxPool2d MaxPool2d(
                long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                new(x => functional.max_pool2d(x, kernel_size, stride, padding, dilation, ceil_mode));

            public static Modules.MaxPool2d MaxPool2d(
                long[] kernel_size, long[]? stride = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) =>
                new(x => functional.max_pool2d(x, kernel_size, stride, padding, dilation, ceil_mode));
        }
    }
}
