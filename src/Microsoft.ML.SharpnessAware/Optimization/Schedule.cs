namespace Microsoft.ML.SharpnessAware;

/// <summary>How a number changes over a run: the learning rate, a radius, a probability.</summary>
public abstract record Schedule
{
    /// <summary>What the number is multiplied by.</summary>
    /// <param name="epoch">Epochs done so far, with the fraction of the running one: 0 in the first step.</param>
    /// <param name="epochs">Epochs of the whole run.</param>
    public abstract double FactorAt(double epoch, int epochs);
}
