namespace Microsoft.ML.SharpnessAware;

/// <summary>The passes of one step. Each moves the weights where the rule wants them, and back, also when it throws.</summary>
internal sealed class GradientPasses(FlatWeights weights, StepSurroundings surroundings, Func<Tensor> loss, long seed) : IGradientOracle
{
    readonly List<Tensor> _losses = [];

    /// <summary>The loss of each pass so far.</summary>
    public IReadOnlyList<Tensor> Losses => _losses;

    public Tensor Weights => weights.Values;

    public Tensor IsWeight => surroundings.IsWeight;

    public Tensor? Perturbed => surroundings.Perturbed;

    public Tensor GradientAt(Func<Tensor> point)
    {
        if (!Move(point))
            return Pass();
        try
        {
            return Pass();
        }
        finally
        {
            weights.MoveBack();
        }
    }

    // The point and all that computing it took are gone before the pass begins.
    bool Move(Func<Tensor> point)
    {
        using var scope = NewDisposeScope();
        var there = point();
        if (ReferenceEquals(there, Weights))
            return false;
        weights.MoveTo(there);
        return true;
    }

    Tensor Pass()
    {
        var pass = _losses.Count;
        var gradient = weights.Gradient(pass);
        Seeds.SeedGlobalGenerator(surroundings.FreshMasks ? seed + pass : seed);
        using (var scope = NewDisposeScope())
        using (enable_grad())
        {
            var value = loss();
            value.backward();
            _losses.Add(value.detach().MoveToOuterDisposeScope());
        }
        surroundings.Statistics.EndPass(pass);
        return gradient;
    }
}
