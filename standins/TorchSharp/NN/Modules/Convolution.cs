using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp
{
    public enum PaddingModes
    {
        Zeros = 0,
        Reflect = 1,
        Replicate = 2,
        Circular = 3,
        Constant = 4,
    }

    public enum Padding
    {
        Valid = 0,
        Same = 1,
    }
}

namespace TorchSharp.Modules
{
    public abstract class Convolution : nn.Module<Tensor, Tensor>
    {
        [ComponentName(Name = nameof(weight))] private Parameter? _weight;
        [ComponentName(Name = nameof(bias))] private Parameter? _bias;

        private protected Convolution(
            string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[]? padding, Padding? padding_type,
            long[] dilation, long groups, bool bias, PaddingModes padding_mode, Device? device, ScalarType? dtype)
            : base(name)
        {
            this.in_channels = in_channels;
            this.kernel_size = kernel_size;
            this.stride = stride;
            this.dilation = dilation;
            this.groups = groups;
            this.padding_mode = padding_mode;
            this.padding = padding_type is null ? padding ?? new long[kernel_size.Length] : null;
            this.padding_type = padding_type;
            if (padding_type == Padding.Same && stride.Any(s => s != 1))
                throw new ArgumentException("padding='same' is not supported for strided convolutions");

            weight = new Parameter(empty([out_channels, in_channels / groups, .. kernel_size], dtype, device));
            if (bias) this.bias = new Parameter(empty(out_channels, dtype, device));
            reset_parameters();
        }

        private protected long in_channels { get; }
        private protected Padding? padding_type { get; }
        private protected long[]? padding { get; }
        private protected PaddingModes padding_mode { get; }
        private protected long groups { get; }
        private protected long[] kernel_size { get; }
        private protected long[] stride { get; }
        private protected long[] dilation { get; }

        public Parameter weight
        {
            get => _weight!;
            set => Replace(ref _weight, value, nameof(weight));
        }

        public Parameter? bias
        {
            get => _bias;
            set => Replace(ref _bias, value, nameof(bias));
        }

        private void reset_parameters()
        {
            nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
            if (_bias is null) return;
            var (fanIn, _) = nn.init.CalculateFanInAndFanOut(weight);
            if (fanIn == 0) return;
            var bound = 1 / Math.Sqrt(fanIn);
            nn.init.uniform_(_bias, -bound, bound);
        }

        protected bool ValidateShape(Tensor input, long dimensions)
        {
            var ndim = input.ndim;
            return ndim == dimensions + 2 ? input.size(1) == in_channels
                : ndim == dimensions + 1 && input.size(0) == in_channels;
        }

        protected override void Dispose(bool disposing)
        {
            if (!disposing) return;
            _weight?.Dispose();
            _bias?.Dispose();
        }
    }
}
