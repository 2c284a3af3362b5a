using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The rows of a run: those given, how they are divided into those to train on and those to validate on, what the former count, and which classes are only among the latter.</summary>
internal sealed record RunRows<T>(T Given, T? GivenValidation, T Train, T? Validation, float[]? TrainWeights, IReadOnlyList<string> SetAsideWhole) : IDisposable
    where T : class, IDivisibleRows<T>
{
    const int MostNamed = 10;

    /// <summary>Reads all rows, once. Without validation data, a fraction of the rows is set aside for it.</summary>
    /// <exception cref="InvalidOperationException">The rows cannot be learned from.</exception>
    public static RunRows<T> Load(Func<T> train, Func<T, T>? validation, LabelClasses classes, SamTrainerOptions options, Seeds seeds)
    {
        var all = train();
        try
        {
            classes.CheckSeveral(all.Labels);
            var given = validation?.Invoke(all);
            var (rest, setAside) = given is null && options.ValidationSetFraction is > 0 and var fraction ? all.Split(fraction, seeds.For("validation")) : (all, given);
            return new(all, given, rest, setAside, RowWeights.Of(rest, classes, options), [.. all.Labels.Except(rest.Labels).Select(label => classes.Names[(int)label])]);
        }
        catch
        {
            all.Dispose();
            throw;
        }
    }

    /// <summary>Says which rows were left out, and why, and which classes cannot be learned.</summary>
    public void ReportLeftOut(IChannel channel)
    {
        Report(Given, "training");
        if (GivenValidation is not null)
            Report(GivenValidation, "validation");
        if (SetAsideWhole.Count > 0)
            channel.Warning(MessageSensitivity.None, $"All rows of {string.Join(", ", SetAsideWhole.Take(MostNamed).Select(name => $"'{name}'"))}{(SetAsideWhole.Count > MostNamed ? ", ..." : "")} were drawn to validate on, so that nothing is learned of them. Give more rows, or a ValidationSet, or set ValidationSetFraction to null.");

        void Report(T rows, string purpose)
        {
            if (rows.MissingLabels > 0)
                channel.Warning(MessageSensitivity.None, $"Left out {rows.MissingLabels} rows of the {purpose} data: they have no label.");
            if (rows.Skipped.Count > 0)
                channel.Warning(MessageSensitivity.None, $"Left out {rows.Skipped.Count} rows of the {purpose} data that cannot be used: {string.Join("; ", rows.Skipped.Take(MostNamed))}{(rows.Skipped.Count > MostNamed ? "; ..." : "")}.");
        }
    }

    public void Dispose()
    {
        Given.Dispose();
        GivenValidation?.Dispose();
    }
}
