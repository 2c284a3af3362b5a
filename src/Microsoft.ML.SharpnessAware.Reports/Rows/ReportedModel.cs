using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Reports;

/// <summary>The part of a model that a report is on, and the steps before it.</summary>
internal sealed class ReportedModel
{
    readonly ITransformer[] _before;

    ReportedModel(ITransformer classifier, ITransformer[] before, ClassifierFacts facts) => (Classifier, _before, Facts) = (classifier, before, facts);

    /// <summary>The classifier of this library.</summary>
    public ITransformer Classifier { get; }

    public ClassifierFacts Facts { get; }

    public bool ReadsImages => Classifier is SamImageTransformer;

    /// <exception cref="ArgumentOutOfRangeException">The model has no part of this library.</exception>
    public static ReportedModel Of(ITransformer model)
    {
        var parts = PartsOf(model).ToArray();
        var last = Array.FindLastIndex(parts, part => part is SamImageTransformer or SamTextTransformer);
        if (last < 0)
            throw new ArgumentOutOfRangeException(nameof(model), $"A report can be written on models of SamImage and SamText, and on pipelines with one. This one consists of {string.Join(", ", parts.Select(part => part.GetType().Name))}.");
        return new ReportedModel(parts[last], parts[..last], parts[last] is SamImageTransformer images ? images.Facts : ((SamTextTransformer)parts[last]).Facts);
    }

    /// <summary>The rows as they come to the classifier.</summary>
    public IDataView InputOf(IDataView data) => _before.Aggregate(data, (view, part) => part.Transform(view));

    /// <summary>The rows with scores.</summary>
    public IDataView Score(IDataView input) => Classifier is SamImageTransformer images ? images.Transform(input) : ((SamTextTransformer)Classifier).Transform(input);

    static IEnumerable<ITransformer> PartsOf(ITransformer model) => model is IEnumerable<ITransformer> chain ? chain.SelectMany(PartsOf) : [model];
}
