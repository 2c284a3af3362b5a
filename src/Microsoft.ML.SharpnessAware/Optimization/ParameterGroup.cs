namespace Microsoft.ML.SharpnessAware;

/// <summary>Parameters with an optimizer of their own, such as a new head on trained layers.</summary>
/// <param name="Weights">Which parameters; all by default.</param>
/// <param name="Optimizer">What trains them, with its own learning rate, which the schedule scales as it does the others; <see cref="Sgd"/> by default.</param>
public sealed record ParameterGroup(WeightFilter? Weights = null, BaseOptimizer? Optimizer = null)
{
    /// <summary>Which parameters.</summary>
    public WeightFilter Weights { get; init => field = Require.NotNull(value); } = Weights ?? new AllWeights();

    /// <summary>What trains them.</summary>
    public BaseOptimizer Optimizer { get; init => field = Require.NotNull(value); } = Optimizer ?? new Sgd();
}
