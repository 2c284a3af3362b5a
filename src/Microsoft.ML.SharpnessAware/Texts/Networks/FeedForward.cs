using TorchSharp.Utils;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Two linear layers at each place of a text. Vaswani et al. 2017, arXiv:1706.03762, §3.3.</summary>
internal sealed class FeedForward : nn.Module<Tensor, Tensor>
{
    // sqrt(2 / π) and the factor of the cube. Hendrycks and Gimpel 2016, arXiv:1606.08415, §2.
    const double TanhScale = 0.7978845608028654;
    const double Cube = 0.044715;

    [ComponentName(Name = "first")] readonly nn.Module<Tensor, Tensor> _first;
    [ComponentName(Name = "second")] readonly nn.Module<Tensor, Tensor> _second;
    readonly HiddenActivation _activation;

    public FeedForward(int width, int hidden, HiddenActivation activation) : base(nameof(FeedForward))
    {
        (_first, _second, _activation) = (nn.Linear(width, hidden), nn.Linear(hidden, width), activation);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return _second.call(Activated(_first.call(x))).MoveToOuterDisposeScope();
    }

    Tensor Activated(Tensor x) => _activation switch
    {
        HiddenActivation.Relu => x.relu_(),
        HiddenActivation.GeluTanh => 0.5 * x * (1 + (TanhScale * (x + Cube * x.pow(3))).tanh()),
        _ => nn.functional.gelu(x),
    };
}
