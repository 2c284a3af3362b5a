using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>A network with all that a step must take care of: convolution, batch-norm, dropout, a bias; and a batch for it.</summary>
sealed class SmallNet : nn.Module<Tensor, Tensor>
{
    readonly Conv2d conv;
    readonly BatchNorm2d norm;
    readonly Dropout dropout;
    readonly Linear fc;

    public SmallNet(double dropoutRate = 0.3)
        : base(nameof(SmallNet))
    {
        conv = nn.Conv2d(1, 4, 3, padding: 1);
        norm = nn.BatchNorm2d(4);
        dropout = nn.Dropout(dropoutRate);
        fc = nn.Linear(4, 3);
        RegisterComponents();
        ChannelsLast.Arrange(this);
        Fill();
        Inputs = Waves(8, 1, 6, 6).DetachFromDisposeScope();
        Labels = tensor(new long[] { 0, 1, 2, 0, 1, 2, 0, 1 }).DetachFromDisposeScope();
    }

    public Tensor Inputs { get; }

    public Tensor Labels { get; }

    public IEnumerable<string> TrainableNames => named_parameters().Where(p => p.parameter.requires_grad).Select(p => p.name);

    public Tensor Loss() => nn.functional.cross_entropy(call(Inputs), Labels);

    public override Tensor forward(Tensor input) => fc.call(dropout.call(norm.call(conv.call(input)).relu()).mean([2, 3]));

    public void Freeze(string name) => named_parameters().Single(p => p.name == name).parameter.requires_grad_(false);

    /// <summary>Everything that the network holds, bit for bit.</summary>
    public Dictionary<string, byte[]> State() => state_dict().ToDictionary(s => s.Key, s => s.Value.bytes.ToArray());

    public float[] Values(string name) => named_parameters().Single(p => p.name == name).parameter.data<float>().ToArray();

    /// <summary>The trainable weights as one vector.</summary>
    public float[] Flat() => TrainableNames.SelectMany(Values).ToArray();

    protected override void Dispose(bool disposing)
    {
        Inputs.Dispose();
        Labels.Dispose();
        base.Dispose(disposing);
    }

    // Numbers that need no generator.
    void Fill()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (name, parameter) in named_parameters())
            parameter.copy_(Waves(parameter.shape) * 0.5 + (name == "norm.weight" ? 1 : 0));
    }

    static Tensor Waves(params long[] shape)
    {
        using var scope = NewDisposeScope();
        return (arange(shape.Aggregate(1L, (a, b) => a * b), dtype: ScalarType.Float32) * 1.7).sin().reshape(shape).MoveToOuterDisposeScope();
    }
}
