namespace Microsoft.ML.SharpnessAware;

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
        var present = sums.Count(sum => sum > 0);
        return Array.ConvertAll(sums, sum => sum > 0 ? sums.Sum() / (present * sum) : 0);
    }

    static double[] Given(LabelClasses classes, IReadOnlyDictionary<string, double>? weights) =>
        [.. classes.Names.Select(name => weights is not null && weights.TryGetValue(name, out var weight) ? weight : 1)];
}
