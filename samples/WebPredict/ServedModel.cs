using Microsoft.Extensions.ObjectPool;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace WebPredict;

/// <summary>A saved model for images as any number of requests can ask it at once: prediction engines, of which each serves one request at a time, over one network.</summary>
sealed class ServedModel
{
    readonly ObjectPool<PredictionEngine<Image, Prediction>> _engines;
    readonly string[] _classes;

    public ServedModel(string file)
    {
        var ml = new MLContext();
        _engines = new DefaultObjectPoolProvider().Create(new EnginePolicy(ml, FromBytes(ml.Model.Load(file, out _))));
        var engine = _engines.Get();
        _classes = NamesOfScores(engine.OutputSchema);
        _engines.Return(engine);
    }

    /// <exception cref="InvalidOperationException">The bytes are no image.</exception>
    public Answer Predict(byte[] image)
    {
        #region predict
        var engine = _engines.Get();
        try
        {
            var prediction = engine.Predict(new Image { Features = image });
            return prediction.PredictedLabel is { Length: > 0 }
                ? Answer.Of(prediction, _classes)
                : throw new InvalidOperationException("The model skips images that cannot be decoded."); // with BadImagePolicy.Skip
        }
        finally
        {
            _engines.Return(engine);
        }
        #endregion
    }

    /// <summary>The model without what came before the images' bytes: keys made of labels, and files to read.</summary>
    static ITransformer FromBytes(ITransformer model)
    {
        ITransformer[] parts = model is IEnumerable<ITransformer> chain ? [.. chain] : [model];
        return new TransformerChain<ITransformer>(parts[(Array.FindLastIndex(parts, part => part is ImageLoadingTransformer or ValueToKeyMappingTransformer) + 1)..]);
    }

    static string[] NamesOfScores(DataViewSchema schema)
    {
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        schema["Score"].GetSlotNames(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }
}

/// <summary>An image to classify: the bytes of its file.</summary>
sealed class Image
{
    public byte[] Features { get; set; } = [];
}

/// <summary>What the model says of an image.</summary>
sealed class Prediction
{
    public string? PredictedLabel { get; set; }

    /// <summary>The probability of each class.</summary>
    public float[] Score { get; set; } = [];
}

/// <summary>How the pool makes prediction engines: all over one model, which none of them owns.</summary>
sealed class EnginePolicy(MLContext ml, ITransformer model) : PooledObjectPolicy<PredictionEngine<Image, Prediction>>
{
    public override PredictionEngine<Image, Prediction> Create() =>
        ml.Model.CreatePredictionEngine<Image, Prediction>(model, new PredictionEngineOptions { OwnsTransformer = false });

    public override bool Return(PredictionEngine<Image, Prediction> engine) => true;
}
