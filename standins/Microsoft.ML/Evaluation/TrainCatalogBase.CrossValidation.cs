using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public abstract partial class TrainCatalogBase
{
    /// <summary>The model of one fold, its scores of the rows that it has not seen, and their metrics.</summary>
    public sealed class CrossValidationResult<T>
        where T : class
    {
        public readonly T Metrics;
        public readonly ITransformer Model;
        public readonly IDataView ScoredHoldOutSet;
        public readonly int Fold;

        internal CrossValidationResult(ITransformer model, T metrics, IDataView scores, int fold)
        {
            Model = model;
            Metrics = metrics;
            ScoredHoldOutSet = scores;
            Fold = fold;
        }
    }

    private protected (ITransformer Model, IDataView Scores, int Fold)[] CrossValidateTrain(
        IDataView data, IEstimator<ITransformer> estimator, int numFolds, string samplingKeyColumn, int? seed)
    {
        Environment.CheckValue(data, nameof(data));
        Environment.CheckValue(estimator, nameof(estimator));
        Environment.CheckParam(numFolds > 1, nameof(numFolds), "Must be more than 1");
        var results = new (ITransformer, IDataView, int)[numFolds];
        foreach (var (fold, split) in DataOperationsCatalog.Folds(Environment, data, numFolds, samplingKeyColumn, seed).Index())
        {
            var model = estimator.Fit(split.TrainSet);
            results[fold] = (model, model.Transform(split.TestSet), fold);
        }

        return results;
    }
}
