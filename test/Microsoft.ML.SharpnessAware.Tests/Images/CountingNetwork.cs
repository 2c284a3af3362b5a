using System.Collections.Concurrent;
using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>A network of the user's own, which notes how many images each forward pass had.</summary>
public sealed record CountingNetwork : ImageNetwork
{
    internal static ConcurrentQueue<long> BatchSizes { get; } = new();

    public override int DefaultSize => 8;

    protected override nn.Module<Tensor, Tensor> Create(ImageShape input, int classes) => new Module(input.Channels * input.Height * input.Width, classes);

    sealed class Module : nn.Module<Tensor, Tensor>
    {
        readonly Linear fc;

        public Module(int inputs, int classes) : base(nameof(CountingNetwork))
        {
            fc = nn.Linear(inputs, classes);
            RegisterComponents();
        }

        public override Tensor forward(Tensor images)
        {
            BatchSizes.Enqueue(images.shape[0]);
            return fc.call(images.reshape(images.shape[0], -1));
        }
    }
}
