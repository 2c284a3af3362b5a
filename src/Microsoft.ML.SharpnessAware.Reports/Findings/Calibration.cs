namespace Microsoft.ML.SharpnessAware.Reports;

/// <summary>Whether probabilities mean what they say: of rows that are predicted with 80 %, 80 % should be right. Guo et al. 2017, arXiv:1706.04599, §2.</summary>
internal sealed class Calibration
{
    public Calibration(IReadOnlyList<ScoredRow> rows, int bins)
    {
        Bins = [.. Enumerable.Range(0, bins).Select(bin => Bin.Of([.. rows.Where(row => BinOf(row.Confidence, bins) == bin)], (double)bin / bins, (bin + 1.0) / bins))];
        ExpectedError = Bins.Sum(bin => (double)bin.Rows / rows.Count * Math.Abs(bin.Accuracy - bin.Confidence));
        MeanConfidence = rows.Average(row => row.Confidence);
        LogLoss = rows.Average(row => row.Loss);
    }

    /// <summary>Bins of equal width by the probability of the likeliest class.</summary>
    public IReadOnlyList<Bin> Bins { get; }

    /// <summary>The expected calibration error, ECE: the mean over all rows of |accuracy − confidence| of the row's bin.</summary>
    public double ExpectedError { get; }

    /// <summary>The mean probability of the likeliest class.</summary>
    public double MeanConfidence { get; }

    /// <summary>The mean of −ln of the probability of the row's own class.</summary>
    public double LogLoss { get; }

    // ((b − 1) / B, b / B], as in the paper.
    static int BinOf(double confidence, int bins) => Math.Clamp((int)Math.Ceiling(confidence * bins) - 1, 0, bins - 1);
}

/// <summary>The rows of a range of confidence.</summary>
internal sealed record Bin(double From, double To, int Rows, double Confidence, double Accuracy)
{
    public static Bin Of(IReadOnlyCollection<ScoredRow> rows, double from, double to) => rows.Count == 0
        ? new Bin(from, to, 0, 0, 0)
        : new Bin(from, to, rows.Count, rows.Average(row => row.Confidence), (double)rows.Count(row => row.IsCorrect) / rows.Count);
}
