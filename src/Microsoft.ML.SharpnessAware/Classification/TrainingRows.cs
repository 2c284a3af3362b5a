using System.Security.Cryptography;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The rows given to train on, and those given to validate on; null where none were.</summary>
internal sealed record GivenRows<T>(T Training, T? Validation) : IDisposable
    where T : class, IDivisibleRows<T>
{
    /// <summary>Reads all rows, once; of several workers, each its own.</summary>
    /// <exception cref="InvalidOperationException">They cannot be used.</exception>
    public static GivenRows<T> Read(Func<T> training, Func<T, T>? validation)
    {
        var rows = training();
        try
        {
            return new(rows, validation?.Invoke(rows));
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    /// <inheritdoc cref="IDivisibleRows{T}.SharedBy"/>
    public GivenRows<T> SharedBy(Team team) => new(Training.SharedBy(team), Validation?.SharedBy(team));

    public void Dispose()
    {
        Training.Dispose();
        Validation?.Dispose();
    }
}

/// <summary>The rows of a run: those given, how they are divided into those to train on and those to validate on, what the former count, and which classes are only among the latter.</summary>
internal sealed record RunRows<T>(GivenRows<T> Given, T Train, T? Validation, float[]? TrainWeights, IReadOnlyList<string> SetAsideWhole) : IDisposable
    where T : class, IDivisibleRows<T>
{
    /// <summary>Divides the rows, which belong to what is returned. Without validation data, a fraction of them is set aside for it.</summary>
    /// <exception cref="InvalidOperationException">The rows cannot be learned from.</exception>
    public static RunRows<T> Of(GivenRows<T> given, LabelClasses classes, SamTrainerOptions options, Seeds seeds)
    {
        var all = given.Training;
        classes.CheckSeveral(all.Labels);
        var (rest, setAside) = given.Validation is null && options.ValidationSetFraction is > 0 and var fraction ? all.Split(fraction, seeds.For("validation")) : (all, given.Validation);
        return new(given, rest, setAside, RowWeights.Of(rest, classes, options), [.. all.Labels.Except(rest.Labels).Select(label => classes.Names[(int)label])]);
    }

    /// <summary>Says which rows were left out, and why, and which classes cannot be learned.</summary>
    public void ReportLeftOut(IChannel channel)
    {
        Report(Given.Training, "training");
        if (Given.Validation is not null)
            Report(Given.Validation, "validation");
        if (SetAsideWhole.Count > 0)
            channel.Warning(MessageSensitivity.None, $"All rows of {Listing.OfNames(SetAsideWhole)} were drawn to validate on, so that nothing is learned of them. Give more rows, or a ValidationSet, or set ValidationSetFraction to null.");

        void Report(T rows, string purpose)
        {
            if (rows.MissingLabels > 0)
                channel.Warning(MessageSensitivity.None, $"Left out {rows.MissingLabels} rows of the {purpose} data: they have no label.");
            if (rows.Skipped.Count > 0)
                channel.Warning(MessageSensitivity.None, $"Left out {rows.Skipped.Count} rows of the {purpose} data that cannot be used: {Listing.Of(rows.Skipped.Select(row => row.ToString()), "; ")}.");
        }
    }

    public void Dispose() => Given.Dispose();
}

/// <summary>How much each row to train on counts: its own weight times that of its class.</summary>
internal static class RowWeights
{
    /// <summary>The rows' weights, brought to a mean of 1; null where all are the same.</summary>
    /// <exception cref="InvalidOperationException">All are 0.</exception>
    public static float[]? Of<T>(IDivisibleRows<T> rows, LabelClasses classes, SamTrainerOptions options)
    {
        var (labels, given) = (rows.Labels, rows.ExampleWeights);
        var ofClass = options.BalanceClassWeights ? Balanced(labels, given, classes.Count) : Given(classes, options.ClassWeights);
        var weights = labels.Zip(given, (label, weight) => weight * ofClass[label]).ToArray();
        var mean = weights.Average();
        if (mean == 0)
            throw new InvalidOperationException("The weights of all rows to train on are 0, so that there is nothing to learn from. Give some rows, and their classes, a weight above 0.");
        return weights.All(weight => weight == weights[0]) ? null : Array.ConvertAll(weights, weight => (float)(weight / mean));
    }

    /// <summary>Weights with which all classes that have rows count the same: rows / (classes · rows of the class), rows counted by their own weights.</summary>
    public static double[] Balanced(IReadOnlyList<long> labels, IReadOnlyList<float> exampleWeights, int classes)
    {
        var sums = new double[classes];
        foreach (var (label, weight) in labels.Zip(exampleWeights))
            sums[label] += weight;
        var (total, present) = (sums.Sum(), sums.Count(sum => sum > 0));
        return Array.ConvertAll(sums, sum => sum > 0 ? total / (present * sum) : 0);
    }

    static double[] Given(LabelClasses classes, IReadOnlyDictionary<string, double>? weights) =>
        [.. classes.Names.Select(name => weights is not null && weights.TryGetValue(name, out var weight) ? weight : 1)];
}

/// <summary>Examples of which some count more than others.</summary>
internal sealed class WeightedExamples : IExamples
{
    readonly IExamples _examples;
    readonly float[] _weights;

    WeightedExamples(IExamples examples, float[] weights) => (_examples, _weights) = (examples, weights);

    public int Count => _examples.Count;

    /// <summary>The examples with a weight for each; null for 1 each.</summary>
    public static IExamples Of(IExamples examples, float[]? weights) => weights is null ? examples : new WeightedExamples(examples, weights);

    public IEnumerable<int[]> Batches(int batchSize, long? shuffleSeed) => _examples.Batches(batchSize, shuffleSeed);

    public Batch Load(int[] rows, long? augmentationSeed, int[]? places)
    {
        var batch = _examples.Load(rows, augmentationSeed, places);
        var weights = tensor(Array.ConvertAll(rows.At(places), row => _weights[row])).DetachFromDisposeScope();
        return new Batch(batch.Inputs, [new Target(batch.Labels, weights)]);
    }

    public void Fetch(IEnumerable<BatchPart> parts) => _examples.Fetch(parts);

    public void AddTo(IncrementalHash hash) => _examples.AddTo(hash);

    public void Dispose() => _examples.Dispose();
}
