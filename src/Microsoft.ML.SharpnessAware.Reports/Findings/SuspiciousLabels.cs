namespace Microsoft.ML.SharpnessAware.Reports;

/// <summary>A row whose label the model contradicts.</summary>
/// <param name="Row">The row.</param>
/// <param name="Suggested">The class that the model is confident of.</param>
/// <param name="Margin">How much likelier that class is than the label's.</param>
internal sealed record SuspiciousLabel(ScoredRow Row, int Suggested, double Margin);

/// <summary>Rows that are likely to be labelled wrongly, by confident learning: the model gives another class a probability that is high for that class. Northcutt et al. 2021, arXiv:1911.00068, eq. 2.</summary>
internal static class SuspiciousLabels
{
    /// <summary>Such rows, the largest margin first.</summary>
    public static IReadOnlyList<SuspiciousLabel> In(IReadOnlyList<ScoredRow> rows, int classes)
    {
        var thresholds = Enumerable.Range(0, classes).Select(index => ThresholdOf(rows, index)).ToArray();
        return
        [
            .. from row in rows
               let confident = Enumerable.Range(0, classes).Where(index => row.Scores[index] >= thresholds[index]).ToArray()
               where confident.Length > 0
               let suggested = confident.MaxBy(index => row.Scores[index])
               where suggested != row.Label && row.Scores[suggested] > row.Scores[row.Label]
               let margin = (double)row.Scores[suggested] - row.Scores[row.Label]
               orderby margin descending
               select new SuspiciousLabel(row, suggested, margin),
        ];
    }

    // The mean probability of the class over the rows that are labelled as it; of a class without rows, none is confident.
    static double ThresholdOf(IReadOnlyList<ScoredRow> rows, int index) =>
        rows.Where(row => row.Label == index).Select(row => (double)row.Scores[index]).DefaultIfEmpty(double.PositiveInfinity).Average();
}
