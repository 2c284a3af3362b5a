namespace Microsoft.ML.SharpnessAware;

/// <summary>What <see cref="CrSam"/> divides its two penalties by.</summary>
public enum CrSamNormalization
{
    /// <summary>Nothing, as in the authors' code.</summary>
    None,

    /// <summary>The matching differences of losses, which makes them gradients of logarithms, as in the paper.</summary>
    Log,
}
