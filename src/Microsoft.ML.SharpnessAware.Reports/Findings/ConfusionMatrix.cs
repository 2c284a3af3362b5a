namespace Microsoft.ML.SharpnessAware.Reports;

/// <summary>How often rows of each class are predicted as each class.</summary>
internal sealed class ConfusionMatrix
{
    readonly int[,] _counts;

    public ConfusionMatrix(IReadOnlyList<ScoredRow> rows, IReadOnlyList<string> classes)
    {
        Classes = classes;
        _counts = new int[classes.Count, classes.Count];
        foreach (var row in rows)
            _counts[row.Label, row.Predicted]++;
        Figures = [.. Enumerable.Range(0, classes.Count).Select(FiguresOf)];
    }

    public IReadOnlyList<string> Classes { get; }

    /// <summary>The figures of each class.</summary>
    public IReadOnlyList<ClassFigures> Figures { get; }

    public int Rows => Figures.Sum(figures => figures.Rows);

    /// <summary>The share of rows that are classified correctly.</summary>
    public double Accuracy => (double)Figures.Sum(figures => figures.Hits) / Rows;

    /// <summary>The mean recall of the classes that have rows.</summary>
    public double MacroAccuracy => Figures.Where(figures => figures.Rows > 0).Average(figures => figures.Recall!.Value);

    /// <summary>Rows with that label and that prediction.</summary>
    public int this[int label, int predicted] => _counts[label, predicted];

    /// <summary>Which classes are taken for which others, the most frequent confusion first.</summary>
    public IEnumerable<(int Label, int Predicted, int Count)> Confusions() =>
        from label in Enumerable.Range(0, Classes.Count)
        from predicted in Enumerable.Range(0, Classes.Count)
        where label != predicted && _counts[label, predicted] > 0
        orderby _counts[label, predicted] descending
        select (label, predicted, _counts[label, predicted]);

    ClassFigures FiguresOf(int index)
    {
        var all = Enumerable.Range(0, Classes.Count);
        return new ClassFigures(Classes[index], all.Sum(predicted => _counts[index, predicted]), all.Sum(label => _counts[label, index]), _counts[index, index]);
    }
}

/// <summary>The figures of one class.</summary>
/// <param name="Class">Its name.</param>
/// <param name="Rows">Rows with that label.</param>
/// <param name="Predictions">Rows that are predicted as it.</param>
/// <param name="Hits">Rows that are both.</param>
internal sealed record ClassFigures(string Class, int Rows, int Predictions, int Hits)
{
    /// <summary>The share of predictions of the class that are correct; null where there are none.</summary>
    public double? Precision => Predictions == 0 ? null : (double)Hits / Predictions;

    /// <summary>The share of the class's rows that are found; null where there are none.</summary>
    public double? Recall => Rows == 0 ? null : (double)Hits / Rows;

    /// <summary>The harmonic mean of precision and recall, 2 · hits / (rows + predictions); null where there are neither.</summary>
    public double? F1 => Rows + Predictions == 0 ? null : 2.0 * Hits / (Rows + Predictions);
}
