using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.SharpnessAware;

namespace TextRules;

/// <summary>A network trained, tested and measured, as a user of the library would.</summary>
static class Run
{
    public static Dictionary<string, double> Of(Trial trial, Setup setup, string data, int threads)
    {
        var settings = trial.Settings;
        var ml = new MLContext(trial.Seed);
        var (train, test) = trial.Tuning ? Texts.ToTune(ml, data, trial.Task) : Texts.Of(ml, data, trial.Task);
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.SamText(new SamTextTrainer.Options
        {
            Sentence1ColumnName = "Text",
            Sharpness = setup.Rule,
            Optimizer = setup.Optimizer,
            Network = setup.Network,
            Tokenizer = new LearnedVocabulary(trial.Task.MinCount),
            MaxLength = trial.Task.MaxLength,
            BatchSize = settings.Batch,
            Epoch = trial.Epochs,
            ValidationSetFraction = null, // so the model is that of the last epoch
            EarlyStoppingCriteria = null,
            Threads = threads,
        }));

        var watch = Stopwatch.StartNew();
        using var model = pipeline.Fit(train);
        var numbers = new Dictionary<string, double> { ["seconds to train"] = watch.Elapsed.TotalSeconds };
        numbers["accuracy"] = ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy;
        if (!trial.Tuning)
            foreach (var (name, value) in Measures.Of(ml.MulticlassClassification.EvaluateSharpness(model, train, Measures.Options)))
                numbers.Add(name, value);
        Console.Error.WriteLine($"{trial.Task.Name}, {trial.Rule}, {trial.Epochs} epochs, seed {trial.Seed}{(trial.Tuning ? ", tuning" : "")}: {string.Join(", ", numbers.Select(number => $"{number.Key} {number.Value:0.####}"))}");
        return numbers;
    }
}
