namespace Microsoft.ML.SharpnessAware;

/// <summary>min(max(x, 0), 6); overwrites what it is given.</summary>
internal sealed class Relu6 : nn.Module<Tensor, Tensor>
{
    public Relu6() : base(nameof(Relu6)) { }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return x.relu_().clamp_max(6).MoveToOuterDisposeScope();
    }
}
