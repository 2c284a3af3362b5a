namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Trainings on texts that take a moment.</summary>
static class TinyText
{
    public static SamTextTrainer.Options Options(Action<SamTextTrainer.Options>? change = null)
    {
        var options = new SamTextTrainer.Options
        {
            Network = new TextTransformer(Layers: 1, Width: 8, Heads: 2, FeedForward: 16),
            Tokenizer = new LearnedVocabulary(Buckets: 10),
            Optimizer = new AdamW(LearningRate: 0.01),
            Epoch = 1,
            BatchSize = 6,
            ValidationSetFraction = null,
            Seed = 1,
        };
        change?.Invoke(options);
        return options;
    }

    public static SamTextTrainer Trainer(MLContext ml, Action<SamTextTrainer.Options>? change = null) =>
        ml.MulticlassClassification.Trainers.SamText(Options(change));

    public static IEstimator<ITransformer> Pipeline(MLContext ml, Action<SamTextTrainer.Options>? change = null) =>
        ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(Trainer(ml, change))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
}
