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

/// <summary>How a network was trained.</summary>
/// <param name="Settings">What all trainings have in common.</param>
/// <param name="Task">The texts.</param>
/// <param name="Rule">The rule, with its radius.</param>
/// <param name="Optimizer">The optimizer, with its rate.</param>
/// <param name="Network">The network.</param>
/// <param name="Epochs">Passes of the loop over the training rows.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Tuning">Whether it was trained on half of the training rows and tested on the other half.</param>
sealed record Trial(Settings Settings, TextTask Task, string Rule, string Optimizer, string Network, int Epochs, int Seed, bool Tuning)
{
    public static Trial Of(Settings settings, TextTask task, Method method, Setup setup, int seed, bool tuning) =>
        new(settings, task, setup.Rule.ToString(), setup.Optimizer.ToString(), setup.Network.ToString(), task.Epochs * method.Longer, seed, tuning);
}
