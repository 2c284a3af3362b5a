namespace Microsoft.ML.SharpnessAware;

/// <summary>What <see cref="Asam"/> measures a weight's perturbation against.</summary>
public enum AsamOperator
{
    /// <summary>The size of the weight itself.</summary>
    Element,

    /// <summary>The norm of its filter: of the slice, along the first dimension, of a parameter of three dimensions or more. Other weights go by their own size.</summary>
    Filter,

    /// <summary>The norm of its whole parameter.</summary>
    Layer,
}
