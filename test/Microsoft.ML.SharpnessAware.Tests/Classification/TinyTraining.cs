namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Trainings that take a moment.</summary>
static class TinyTraining
{
    public static SamImageTrainer.Options Options(Action<SamImageTrainer.Options>? change = null)
    {
        var options = new SamImageTrainer.Options
        {
            FeatureColumnName = "Image",
            Network = new CifarResNet(8),
            Epoch = 1,
            BatchSize = 6,
            ValidationSetFraction = null,
            Augmentation = new Augmentation(CropPadding: 1, HorizontalFlip: false),
            Seed = 1,
        };
        change?.Invoke(options);
        return options;
    }

    public static SamImageTrainer Trainer(MLContext ml, Action<SamImageTrainer.Options>? change = null) =>
        ml.MulticlassClassification.Trainers.SamImage(Options(change));

    public static IEstimator<ITransformer> Pipeline(MLContext ml, Action<SamImageTrainer.Options>? change = null) =>
        ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(Trainer(ml, change))
            .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
}
