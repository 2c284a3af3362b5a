namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>A world for one step of a rule: examples' losses as closed forms of the weights in float64, and chance that is not left to chance.</summary>
sealed class ClosedForm(double[] weights, Func<Tensor, Tensor> losses) : IGradientOracle
{
    readonly Tensor _weights = tensor(weights);
    readonly Dictionary<Tensor, Tensor> _lossOf = new(ReferenceEqualityComparer.Instance);

    /// <summary>Three examples ½ (x·w − y)² with x = (1,0), (0,2), (1,1) and y = −2, −1, 1, at w = (1,1).</summary>
    public static ClosedForm ThreeSquares(double[]? normal = null, double[]? plusMinus = null) =>
        new([1, 1], w => 0.5 * (tensor(new double[,] { { 1, 0 }, { 0, 2 }, { 1, 1 } }).matmul(w) - tensor(new double[] { -2, -1, 1 })).square())
        {
            Normal = normal ?? [],
            PlusMinus = plusMinus ?? [],
        };

    /// <summary>One example ¼ Σ c w⁴ at w = (1,1).</summary>
    public static ClosedForm Quartic(params double[] c) => new([1, 1], w => 0.25 * (tensor(c) * w.pow(4)).sum().reshape(1));

    public double[] Normal { get; init; } = [];

    public double[] PlusMinus { get; init; } = [];

    public double Draw { get; init; }

    public int GradientPasses { get; private set; }

    public int ForwardPasses { get; private set; }

    public List<double[]> Points { get; } = [];

    public Tensor Weights => _weights;

    public IReadOnlyList<WeightBlock> Blocks => [new WeightBlock("weight", [weights.Length], isNorm: false, offset: 0)];

    public Tensor IsWeight => ones_like(_weights).to(ScalarType.Bool);

    public Tensor? Perturbed => null;

    public int Examples => (int)losses(_weights).numel();

    public Tensor Radii(double rho) => tensor(rho);

    public Tensor? Momentum { get; init; }

    public IGradientOracle? LastBatch { get; init; }

    /// <summary>What the rule answers in one step; what it remembered is in the memory given.</summary>
    public double[] Direction(SharpnessRule rule, RuleMemory? memory = null, long index = 0, double learningRate = 0.01, double epoch = 0, int epochs = 1)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        memory ??= new RuleMemory();
        var moment = new StepMoment { Seed = 0, Epoch = epoch, Epochs = epochs };
        var direction = rule.Direction(new SamStep(this, memory, moment, learningRate, index)).data<double>().ToArray();
        memory.Commit();
        return direction;
    }

    public Tensor GradientAt(Func<Tensor> point, Tensor? exampleWeights = null)
    {
        GradientPasses++;
        var w = At(point);
        using var grad = enable_grad();
        using var leaf = w.detach().clone().requires_grad_(true);
        var values = losses(leaf);
        (exampleWeights is null ? values.mean() : (values * exampleWeights).sum()).backward();
        var gradient = leaf.grad!;
        _lossOf[gradient] = values.detach().mean();
        return gradient;
    }

    public Tensor GradientBeyond(Func<Tensor> epsilon) => GradientAt(() => _weights + epsilon());

    public Tensor LossOf(Tensor gradient) => _lossOf[gradient];

    public Tensor Difference(Func<Tensor> there, Func<Tensor> here) => GradientAt(there) - GradientAt(here);

    public Tensor LossesAt(Func<Tensor> point)
    {
        ForwardPasses++;
        return losses(At(point));
    }

    public Tensor Ahead(Tensor direction) => _weights - 0.01 * direction;

    public void AddDecoupledUpdate(Tensor v) => throw new NotSupportedException();

    public Tensor Gaussian(string purpose) => tensor(Normal);

    public Tensor Signs(string purpose) => tensor(PlusMinus);

    public double Chance(string purpose) => Draw;

    Tensor At(Func<Tensor> point)
    {
        var w = point();
        Points.Add(w.data<double>().ToArray());
        return w;
    }
}
