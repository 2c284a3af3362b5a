using LabelNoise;
using Microsoft.ML;
using Microsoft.ML.SharpnessAware;

namespace Pictures;

/// <summary>
/// The setting of the table in docs/measuring-sharpness.md: 2000 images of Fashion-MNIST, 30 % of them with a wrong label, and a small network of three
/// convolutions. One seed and one thread, so that the time of the processor is the time that a run takes on an idle machine.
/// </summary>
/// <param name="data">The folder with Fashion-MNIST.</param>
sealed class Experiment(string data)
{
    const int Seed = 1, Rows = 2000, Width = 16, ValidationRows = 2000;
    const double Noise = 0.3;

    /// <summary>A training run, with the accuracy on test images after each epoch.</summary>
    public TrainingCurve Curve(Contestant contestant)
    {
        var ml = new MLContext(Seed);
        var time = new TrainingTime();
        var points = new List<CurvePoint>();
        var keys = ml.Transforms.Conversion.MapValueToKey("Label").Fit(Train(ml));
        var options = Options(contestant, time);
        options.ValidationSet = keys.Transform(ml.Data.LoadFromEnumerable(Clothes.Test(data).Take(ValidationRows)));
        options.MetricsCallback = epoch =>
        {
            points.Add(new CurvePoint(epoch.Epoch, time.Seconds, epoch.ValidationAccuracy!.Value));
            Console.Error.WriteLine($"{contestant.Name}: {epoch}");
            time.EpochEnded();
        };
        ml.MulticlassClassification.Trainers.SamImage(options).Fit(keys.Transform(Train(ml))).Dispose();
        return new TrainingCurve(contestant.Name, points);
    }

    /// <summary>The landscape around the weights of the last epoch, and the accuracy on all test images.</summary>
    public TrainedModel Landscape(Contestant contestant)
    {
        var ml = new MLContext(Seed);
        using var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.MulticlassClassification.Trainers.SamImage(Options(contestant, new TrainingTime())))
            .Fit(Train(ml));
        var accuracy = ml.MulticlassClassification.Evaluate(model.Transform(ml.Data.LoadFromEnumerable(Clothes.Test(data)))).MicroAccuracy;
        var landscape = ml.MulticlassClassification.LossLandscape(model, Train(ml), new LossLandscapeOptions { Points = 31, Rows = 512, Reach = 0.6 });
        return new TrainedModel(contestant.Name, contestant.Epochs, accuracy, landscape.Alphas, landscape.Losses);
    }

    /// <summary>The losses of a sweep of learning rates with SAM on right labels, and what it suggests.</summary>
    public Sweep LearningRates()
    {
        var ml = new MLContext(Seed);
        var rows = ml.Data.LoadFromEnumerable(Clothes.Training(data, Rows, noise: 0, Seed));
        var keyed = ml.Transforms.Conversion.MapValueToKey("Label").Fit(rows).Transform(rows);
        var curve = ml.MulticlassClassification.Trainers.SamImage(Options(Contestant.OnePicture[1], new TrainingTime())).FindLearningRate(keyed);
        return new Sweep(curve.Points, curve.Suggestion, curve.Valley);
    }

    /// <summary>The first training images, grey levels [N, 1, 28, 28] from 0 to 255.</summary>
    public Tensor Images(int count) =>
        tensor(Clothes.Training(data, count, noise: 0, Seed).SelectMany(row => row.Features).Select(pixel => (byte)Math.Round(255 * pixel)).ToArray(), [count, 1, Clothes.Size, Clothes.Size]);

    static SamImageTrainer.Options Options(Contestant contestant, TrainingTime time) => new()
    {
        Sharpness = contestant.Rule,
        Network = new SmallConvNet(Width),
        Optimizer = new Sgd(LearningRate: 0.1),
        BatchSize = 128,
        Epoch = contestant.Epochs,
        Augmentation = null,
        ValidationSetFraction = null,
        EarlyStoppingCriteria = null,
        Threads = 1,
        Progress = time,
    };

    IDataView Train(MLContext ml) => ml.Data.LoadFromEnumerable(Clothes.Training(data, Rows, Noise, Seed));
}

/// <summary>Accuracies on test images, epoch by epoch.</summary>
sealed record TrainingCurve(string Name, IReadOnlyList<CurvePoint> Points);

/// <summary>The state after an epoch.</summary>
/// <param name="Epoch">The epoch, counted from 1.</param>
/// <param name="Seconds">The processor's time spent on training up to here, without validation.</param>
/// <param name="Accuracy">The share of test images classified correctly.</param>
sealed record CurvePoint(int Epoch, double Seconds, double Accuracy);

/// <summary>A trained model: its accuracy on all test images, and the training loss around its weights.</summary>
sealed record TrainedModel(string Name, int Epochs, double TestAccuracy, IReadOnlyList<double> Along, IReadOnlyList<IReadOnlyList<double>> Losses);

/// <summary>What FindLearningRate found.</summary>
sealed record Sweep(IReadOnlyList<LearningRatePoint> Points, double? Suggestion, double? Valley);
