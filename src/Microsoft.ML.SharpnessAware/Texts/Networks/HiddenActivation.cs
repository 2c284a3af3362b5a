namespace Microsoft.ML.SharpnessAware;

/// <summary>What the feed-forward layers of a transformer pass on of a number x.</summary>
public enum HiddenActivation
{
    /// <summary>x Φ(x), with Φ the normal distribution function. Hendrycks and Gimpel 2016, arXiv:1606.08415.</summary>
    Gelu,

    /// <summary>The same to three digits, by a tanh; "gelu_new" and "gelu_pytorch_tanh" of config files.</summary>
    GeluTanh,

    /// <summary>x, or 0 where it is negative.</summary>
    Relu,
}
