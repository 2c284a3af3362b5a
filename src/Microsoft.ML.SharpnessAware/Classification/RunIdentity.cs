using System.Reflection;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.SharpnessAware;

/// <summary>What a run is of, by names that people know: all options that decide what it computes, the classes and the data.</summary>
internal static class RunIdentity
{
    public static JsonObject Of(SamTrainerOptions options, IReadOnlyList<string> classes, ITrainingData data)
    {
        var identity = Deciding(options, Digest);
        identity["Classes"] = new JsonArray([.. classes.Select(name => JsonValue.Create(name))]);
        if (data.SaveVocabulary is { } save)
            identity["the words and settings of the tokenizer"] = Digest(save);
        AddRows(identity, data.Given, data.GivenValidation);
        return identity;
    }

    /// <summary>What has to be the same on all workers before rows are divided and exchanged.</summary>
    public static JsonObject OfRows(ILabelledRows training, ILabelledRows? validation)
    {
        var identity = new JsonObject();
        AddRows(identity, training, validation);
        return identity;
    }

    /// <summary>What has to be the same on all workers before they read rows, by names that people know.</summary>
    public static JsonObject OfWorker(SamTrainerOptions options, int? seedOfContext, bool hasValidationRows)
    {
        // What is in files is compared when they have been read.
        var identity = Deciding(options, _ => "a file");
        identity[nameof(options.Seed)] = options.Seed ?? seedOfContext;
        identity[nameof(options.OnCancel)] = $"{options.OnCancel}";
        identity[nameof(options.CheckpointEveryEpochs)] = options.CheckpointEveryEpochs;
        identity[$"whether there is a {nameof(options.CheckpointFolder)}"] = options.CheckpointFolder is not null;
        identity[$"whether there is a {nameof(options.FeatureFolder)}"] = options.FeatureFolder is not null;
        identity["whether there are rows to validate on"] = hasValidationRows;
        identity["the version of Microsoft.ML.SharpnessAware"] = LibraryVersion.Text;
        return identity;
    }

    /// <summary>The options that decide what a run computes.</summary>
    public static IEnumerable<FieldInfo> DecidingOptions(Type options) => options.GetFields().Where(field => field.GetCustomAttribute<MayDifferOnResumeAttribute>() is null);

    // What is in a file counts, and not where it lies.
    static JsonObject Deciding(SamTrainerOptions options, Func<string, string> contentOf)
    {
        var identity = new JsonObject();
        foreach (var option in DecidingOptions(options.GetType()))
            identity[option.Name] = RecordJson.Describe(option.GetValue(options) is INamesFiles names ? names.With(contentOf) : option.GetValue(options), option.FieldType);
        return identity;
    }

    static void AddRows(JsonObject identity, ILabelledRows training, ILabelledRows? validation)
    {
        Add("training rows", training);
        Add("validation rows", validation);

        void Add(string name, ILabelledRows? rows)
        {
            identity[$"the number of {name}"] = rows?.Count ?? 0;
            identity[$"the {name}"] = rows is null ? null : Digest(rows);
        }
    }

    static string Digest(string path)
    {
        using var file = File.OpenRead(path);
        return Text(SHA256.HashData(file));
    }

    static string Digest(Action<Stream> save)
    {
        using var saved = new MemoryStream();
        save(saved);
        return Text(SHA256.HashData(saved.ToArray()));
    }

    static string Digest(ILabelledRows rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        rows.AddTo(hash);
        return Text(hash.GetHashAndReset());
    }

    static string Text(byte[] hash) => JsonDifferences.Digest + Convert.ToHexStringLower(hash);
}

/// <summary>On an option that does not decide what a run computes, so that one may resume from a checkpoint with another.</summary>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class MayDifferOnResumeAttribute : Attribute;

/// <summary>How a model came about, for people to read in its file: the options that all trainers have, and how the run ended.</summary>
internal static class TrainingFacts
{
    public static JsonObject Of(SamTrainerOptions options, int seed, int rows, TrainingSummary summary)
    {
        var facts = new JsonObject();
        foreach (var option in RunIdentity.DecidingOptions(typeof(SamTrainerOptions)))
            facts[option.Name] = RecordJson.Describe(option.GetValue(options), option.FieldType);
        facts["Seed"] = seed;
        facts["Rows"] = rows;
        facts["Epochs"] = summary.Epochs;
        facts["BestEpoch"] = summary.BestEpoch;
        return facts;
    }
}

/// <summary>An option that names files: what is in them decides what a run computes, and not where they lie.</summary>
internal interface INamesFiles
{
    /// <summary>The option with what the function makes of each path in the path's place.</summary>
    object With(Func<string, string> contentOf);
}
