namespace Microsoft.ML.SharpnessAware;

/// <summary>A trained model whose loss can be looked at around its weights.</summary>
internal interface IMeasurable : ITransformer
{
    Classifier Classifier { get; }
}
