using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    public sealed class Dropout : ParameterLessModule<Tensor, Tensor>
    {
        private readonly double p;
        private readonly bool inplace;

        internal Dropout(double p, bool inplace) : base(nameof(Dropout)) => (this.p, this.inplace) = (p, inplace);

        public override Tensor forward(Tensor tensor) => nn.functional.dropout(tensor, p, training, inplace);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);
        }
    }
}
