using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.SharpnessAware;

/// <summary>What a run is of, by names that people know: all options that decide what it computes, the classes and the data.</summary>
internal static class RunIdentity
{
    public static JsonObject Of(SamTrainerOptions options, IReadOnlyList<string> classes, ILabelledRows training, ILabelledRows? validation)
    {
        var identity = new JsonObject();
        foreach (var option in options.GetType().GetFields().Where(field => field.GetCustomAttribute<MayDifferOnResumeAttribute>() is null))
            identity[option.Name] = RecordJson.Describe(Contents(option.GetValue(options)), option.FieldType);
        identity["Classes"] = new JsonArray([.. classes.Select(name => JsonValue.Create(name))]);
        Add("training rows", training);
        Add("validation rows", validation);
        return identity;

        void Add(string name, ILabelledRows? rows)
        {
            identity[$"the number of {name}"] = rows?.Count ?? 0;
            identity[$"the {name}"] = rows is null ? null : Digest(rows);
        }
    }

    // What is in a file counts, and not where it lies.
    static object? Contents(object? option) => option is INamesFiles names ? names.With(Digest) : option;

    static string Digest(string path)
    {
        using var file = File.OpenRead(path);
        return Text(SHA256.HashData(file));
    }

    static string Digest(ILabelledRows rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        rows.AddTo(hash);
        return Text(hash.GetHashAndReset());
    }

    static string Text(byte[] hash) => JsonDifferences.Digest + Convert.ToHexStringLower(hash);
}

/// <summary>On an option that does not decide what a run computes, so that one may go on from a checkpoint with another.</summary>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class MayDifferOnResumeAttribute : Attribute;

/// <summary>How a model came about, for people to read in its file.</summary>
internal static class TrainingFacts
{
    public static JsonObject Of(SamTrainerOptions options, int seed, int rows, TrainingSummary summary) => new()
    {
        ["Sharpness"] = Describe(options.Sharpness),
        ["Optimizer"] = Describe(options.Optimizer),
        ["Schedule"] = Describe(options.Schedule),
        ["RhoSchedule"] = Describe(options.RhoSchedule),
        ["PerturbedWeights"] = Describe(options.PerturbedWeights),
        ["ParameterGroups"] = new JsonArray([.. options.ParameterGroups.Select(Describe)]),
        ["ExampleWeightColumnName"] = options.ExampleWeightColumnName,
        ["ClassWeights"] = Describe(options.ClassWeights),
        ["BalanceClassWeights"] = options.BalanceClassWeights,
        ["WeightAverage"] = Describe(options.WeightAverage),
        ["BatchSize"] = options.BatchSize,
        ["MicroBatch"] = options.MicroBatch,
        ["RowsPerPass"] = options.RowsPerPass,
        ["FreezeBackboneEpochs"] = options.FreezeBackboneEpochs,
        ["LabelSmoothing"] = options.LabelSmoothing,
        ["ClipNorm"] = options.ClipNorm,
        ["FreshMasks"] = options.FreshMasks,
        ["Seed"] = seed,
        ["Rows"] = rows,
        ["Epochs"] = summary.Epochs,
        ["BestEpoch"] = summary.BestEpoch,
    };

    static JsonNode? Describe<T>(T record) => RecordJson.Describe(record, typeof(T));
}

/// <summary>An option that names files: what is in them decides what a run computes, and not where they lie.</summary>
internal interface INamesFiles
{
    /// <summary>The option with what the function makes of each path in the path's place.</summary>
    object With(Func<string, string> contentOf);
}
