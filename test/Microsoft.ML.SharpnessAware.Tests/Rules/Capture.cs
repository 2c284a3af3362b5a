namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>An ascent as it is, that writes down every ε it finds.</summary>
sealed record Capture(Ascent Inner) : SharpnessRule
{
    public List<double[]> Epsilons { get; } = [];

    public override Tensor Direction(SamStep step)
    {
        var w = step.Weights;
        var g = step.GradientAt(w);
        return step.GradientAt(() =>
        {
            var epsilon = Inner.Epsilon(step, g);
            Epsilons.Add(epsilon.to(ScalarType.Float64).data<double>().ToArray());
            return w + epsilon;
        });
    }
}
