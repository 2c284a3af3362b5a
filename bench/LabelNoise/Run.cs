using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.SharpnessAware;

namespace LabelNoise;

/// <summary>A network trained, tested and measured, as a user of the library would.</summary>
static class Run
{
    public static Dictionary<string, double> Of(Settings settings, Method method, int seed, string data, int threads)
    {
        var ml = new MLContext(seed);
        var train = ml.Data.LoadFromEnumerable(Clothes.Training(data, settings.Rows, settings.Noise, seed));
        var test = ml.Data.LoadFromEnumerable(Clothes.Test(data));
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.SamImage(new SamImageTrainer.Options
        {
            Sharpness = method.Rule(settings),
            Network = new SmallConvNet(settings.Width),
            Optimizer = new Sgd(LearningRate: settings.Rate),
            BatchSize = settings.Batch,
            Epoch = settings.Epochs * method.Longer,
            Augmentation = null,
            ValidationSetFraction = null, // so the model is that of the last epoch
            EarlyStoppingCriteria = null,
            Threads = threads,
            MetricsCallback = epoch => Console.Error.WriteLine($"{method.Name}, seed {seed}: {epoch}"),
        }));

        var watch = Stopwatch.StartNew();
        using var model = pipeline.Fit(train);
        var training = watch.Elapsed.TotalSeconds;
        var testAccuracy = ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy;
        var trainingAccuracy = ml.MulticlassClassification.Evaluate(model.Transform(train)).MicroAccuracy;
        watch.Restart();
        var sharpness = ml.MulticlassClassification.EvaluateSharpness(model, train, new SharpnessOptions
        {
            Rows = settings.Measured,
            AverageDeviation = 0.01, // with σ = ρ every model guesses
            AdaptiveAverageDeviation = 0.1,
        });
        var measuring = watch.Elapsed.TotalSeconds;

        var numbers = new Dictionary<string, double>
        {
            ["test accuracy, true labels"] = testAccuracy,
            ["training accuracy, noisy labels"] = trainingAccuracy,
        };
        foreach (var (name, value) in Measures.Of(sharpness))
            numbers.Add(name, value);
        numbers["seconds to train"] = training;
        numbers["seconds to measure"] = measuring;
        return numbers;
    }
}

/// <summary>How a network was trained.</summary>
sealed record Trial(Settings Settings, string Method, string Rule, int Seed);
