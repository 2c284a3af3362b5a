using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;

namespace WebPredict;

/// <summary>How the pool makes prediction engines: all over one model, which none of them owns.</summary>
sealed class EnginePolicy(MLContext ml, ITransformer model) : PooledObjectPolicy<PredictionEngine<Image, Prediction>>
{
    public override PredictionEngine<Image, Prediction> Create() =>
        ml.Model.CreatePredictionEngine<Image, Prediction>(model, new PredictionEngineOptions { OwnsTransformer = false });

    public override bool Return(PredictionEngine<Image, Prediction> engine) => true;
}
