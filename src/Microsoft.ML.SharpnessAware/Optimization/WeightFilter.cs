namespace Microsoft.ML.SharpnessAware;

/// <summary>Chooses some of a network's parameters. Derive a record from it to choose your own.</summary>
public abstract record WeightFilter
{
    /// <summary>Whether this parameter is one of them.</summary>
    public abstract bool Includes(WeightBlock block);
}
