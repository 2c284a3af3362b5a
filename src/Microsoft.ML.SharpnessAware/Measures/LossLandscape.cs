using System.Globalization;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The loss along one or two random directions from a model's weights, filter-normalised. Li et al. 2018, arXiv:1712.09913.</summary>
public sealed class LossLandscape
{
    internal LossLandscape() { }

    /// <summary>How many rows the losses are the means of.</summary>
    public required int Rows { get; init; }

    /// <summary>How far each point is along the first direction.</summary>
    public required IReadOnlyList<double> Alphas { get; init; }

    /// <summary>How far each point is along the second direction; a single 0 where there is one direction.</summary>
    public required IReadOnlyList<double> Betas { get; init; }

    /// <summary>The losses L(w + α d + β e): by the index of α in <see cref="Alphas"/>, then of β in <see cref="Betas"/>.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Losses { get; init; }

    /// <summary>The cosine of the angle between the two directions: near 0, or the picture is skewed. Null where there is one direction.</summary>
    public double? Cosine { get; init; }

    /// <summary>Writes <see cref="WriteCsv(TextWriter)"/> to a file, which appears, or is replaced, when it is complete.</summary>
    public void WriteCsv(string path) => WholeFile.Write(path, WriteCsv);

    /// <summary>Writes a line "alpha,loss" or "alpha,beta,loss", and so a line for each point, in the invariant culture and to the last digit.</summary>
    public void WriteCsv(TextWriter writer)
    {
        var isPlane = Cosine is not null;
        writer.Write(isPlane ? "alpha,beta,loss\n" : "alpha,loss\n");
        for (var i = 0; i < Alphas.Count; i++)
            for (var j = 0; j < Betas.Count; j++)
                writer.Write(isPlane ? $"{Text(Alphas[i])},{Text(Betas[j])},{Text(Losses[i][j])}\n" : $"{Text(Alphas[i])},{Text(Losses[i][j])}\n");
    }

    static string Text(double value) => value.ToString("r", CultureInfo.InvariantCulture);
}
