using Microsoft.ML;
using Microsoft.ML.SharpnessAware;

namespace ModelFile;

/// <summary>Models that have learned next to nothing, which nothing here depends on.</summary>
static class Models
{
    public static void Train(ImageNetwork network, int size, bool half, string path)
    {
        var ml = new MLContext(seed: 1);
        var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 4).Select(number => Picture.Of(number, size)).ToArray());
        var model = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.SamImage(new SamImageTrainer.Options
        {
            FeatureColumnName = "Image",
            Network = network,
            Sharpness = new Plain(),
            Epoch = 1,
            BatchSize = 4,
            ValidationSetFraction = null,
            Augmentation = null,
            HalfPrecisionWeights = half,
        })).Fit(rows);
        ml.Model.Save(model, rows.Schema, path);
    }

    public static PredictionEngine<Picture, Answer> Engine(string path)
    {
        var ml = new MLContext();
        return ml.Model.CreatePredictionEngine<Picture, Answer>(ml.Model.Load(path, out _));
    }
}
