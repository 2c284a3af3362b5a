namespace Microsoft.ML.SharpnessAware.Reports;

/// <summary>The confusion matrix, whose cells open the rows that they count.</summary>
internal static class ConfusionSection
{
    public static Section Of(ReportContent content)
    {
        content.Options.Progress?.Report("Collecting the rows of the confusion matrix");
        var (matrix, classes) = (content.Confusion, content.Classes);
        var cells = content.Test.Rows.GroupBy(row => (row.Label, row.Predicted)).ToDictionary(cell => cell.Key, cell => Shown(cell, content.Options.RowsPerCell));
        var shown = content.Test.ContentOf(cells.Values.SelectMany(rows => rows).Select(row => row.Position));
        var table = Markup.Of($"""
            <table class="matrix"><caption>Confusion matrix: labels down, predictions across</caption>
            <thead><tr><td></td>{classes.Select(name => Markup.Of($"""<th scope="col"><bdi>{name}</bdi></th>"""))}</tr></thead>
            <tbody>{Enumerable.Range(0, classes.Count).Select(label => Row(matrix, label))}</tbody></table>
            """);
        return new Section("confusion", "Confusion matrix", Markup.Of($"""
            <p>Each cell counts the test rows of one label with one prediction: blue where they agree, orange where they do not, the stronger the larger its share of the label's rows. A cell opens the rows that it counts, mistakes with the highest confidence first; arrow keys move between cells, Escape closes.</p>
            {Table.Scrolling("Confusion matrix", table)}
            <div id="cells">{cells.OrderBy(cell => cell.Key).Select(cell => Panel(content, cell.Key.Label, cell.Key.Predicted, cell.Value, shown))}</div>
            """));
    }

    static ScoredRow[] Shown(IEnumerable<ScoredRow> rows, int most) => [.. rows.OrderByDescending(row => row.IsCorrect ? -row.Confidence : row.Confidence).ThenBy(row => row.Position).Take(most)];

    static Markup Row(ConfusionMatrix matrix, int label) => Markup.Of($"""
        <tr><th scope="row"><bdi>{matrix.Classes[label]}</bdi></th>{Enumerable.Range(0, matrix.Classes.Count).Select(predicted => Cell(matrix, label, predicted))}</tr>
        """);

    static Markup Cell(ConfusionMatrix matrix, int label, int predicted)
    {
        var count = matrix[label, predicted];
        if (count == 0)
            return Markup.Of($"<td>0</td>");
        var share = Invariant($"{(double)count / matrix.Figures[label].Rows:0.000}");
        return Markup.Of($"""
            <td class="{(label == predicted ? "right" : "wrong")}" style="--share:{share}"><button type="button" data-cell="{label}-{predicted}" aria-expanded="false" aria-controls="cell-{label}-{predicted}" aria-label="{Invariant($"{count:N0}")}: label {matrix.Classes[label]}, predicted {matrix.Classes[predicted]}">{Invariant($"{count:N0}")}</button></td>
            """);
    }

    static Markup Panel(ReportContent content, int label, int predicted, ScoredRow[] rows, Dictionary<long, ShownContent> shown)
    {
        var count = content.Confusion[label, predicted];
        return Markup.Of($"""
            <section class="cell" id="cell-{label}-{predicted}" hidden tabindex="-1" aria-labelledby="cell-{label}-{predicted}-title">
            <h3 id="cell-{label}-{predicted}-title">Label <bdi>{content.Classes[label]}</bdi>, predicted <bdi>{content.Classes[predicted]}</bdi>: {(rows.Length < count ? $"{rows.Length} of {Say.Count(count, "row")}" : Say.Count(count, "row"))}</h3>
            {RowFigures.Grid(rows.Where(row => shown.ContainsKey(row.Position)).Select(row => RowFigures.Figure(shown[row.Position], RowFigures.Says(row, content.Classes))), content.AreTexts)}
            <p><button type="button" class="close">Back to the matrix</button></p>
            </section>
            """);
    }
}

/// <summary>Precision and recall of each class.</summary>
internal static class ClassesSection
{
    public static Section Of(ReportContent content) => new("classes", "Precision and recall", Markup.Of($"""
        <p>Precision is the share of predictions of a class that are right; recall is the share of the class's rows that are found; F₁ is the harmonic mean of the two.</p>
        {Table.Of("Figures of each class on the test rows", ["class", "rows", "precision", "recall", "F₁"], content.Confusion.Figures.Select(Row))}
        """));

    static Markup[] Row(ClassFigures figures) =>
        [Table.Name(figures.Class), Table.Cell(Invariant($"{figures.Rows:N0}")), Table.Cell(Say.Percent(figures.Precision)), Table.Cell(Say.Percent(figures.Recall)), Table.Cell(Say.Percent(figures.F1))];
}

/// <summary>Whether the probabilities mean what they say.</summary>
internal static class CalibrationSection
{
    public static Section Of(ReportContent content)
    {
        var calibration = content.Calibration;
        return new Section("calibration", "Calibration", Markup.Of($"""
            <p>{Verdict(calibration, content.Confusion.Accuracy)}</p>
            <div class="charts"><div class="chart">{ReliabilityChart.Of(calibration)}</div></div>
            <details><summary>Table of bins</summary>{Table.Of("Test rows by the probability of the predicted class", ["confidence", "rows", "mean confidence", "accuracy"], calibration.Bins.Where(bin => bin.Rows > 0).Select(Row))}</details>
            """));
    }

    static string Verdict(Calibration calibration, double accuracy)
    {
        var gap = calibration.MeanConfidence - accuracy;
        var direction = gap > 0 ? "more confident than it is right" : "right more often than it is confident";
        return $"On average the model gives its prediction a probability of {Say.Percent(calibration.MeanConfidence)}, and {Say.Percent(accuracy)} of its predictions are right: it is {direction}. "
            + $"The expected calibration error, the mean distance between confidence and accuracy over {calibration.Bins.Count} bins, is {Say.Percent(calibration.ExpectedError)}.";
    }

    static Markup[] Row(Bin bin) =>
        [Table.Cell($"{Say.Percent(bin.From)} to {Say.Percent(bin.To)}"), Table.Cell(Invariant($"{bin.Rows:N0}")), Table.Cell(Say.Percent(bin.Confidence)), Table.Cell(Say.Percent(bin.Accuracy))];
}
