using System.Collections.Immutable;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Rows of the data by true class (outer list) and predicted class (inner lists).</summary>
public sealed class ConfusionMatrix
{
    private readonly IHost _host;
    private string _formatted;

    public IReadOnlyList<double> PerClassPrecision { get; }

    public IReadOnlyList<double> PerClassRecall { get; }

    public IReadOnlyList<IReadOnlyList<double>> Counts { get; }

    public int NumberOfClasses { get; }

    [InternalInMlNet]
    public IReadOnlyList<ReadOnlyMemory<char>> PredictedClassesIndicators;

    internal ConfusionMatrix(IHost host, double[][] counts, ReadOnlyMemory<char>[] classNames)
    {
        _host = host;
        NumberOfClasses = counts.Length;
        Counts = Array.ConvertAll(counts, row => (IReadOnlyList<double>)Array.AsReadOnly(row)).AsReadOnly();
        PredictedClassesIndicators = Array.AsReadOnly(classNames);
        PerClassRecall = counts.Select((row, i) => Share(row[i], row.Sum())).ToImmutableArray();
        PerClassPrecision = counts.Select((_, i) => Share(counts[i][i], counts.Sum(row => row[i]))).ToImmutableArray();
    }

    public string GetFormattedConfusionTable() => _formatted ??= ConfusionTable.Format(this);

    public double GetCountForClassPair(int predictedClassIndicatorIndex, int actualClassIndicatorIndex)
    {
        CheckIndex(predictedClassIndicatorIndex, nameof(predictedClassIndicatorIndex));
        CheckIndex(actualClassIndicatorIndex, nameof(actualClassIndicatorIndex));
        return Counts[actualClassIndicatorIndex][predictedClassIndicatorIndex];
    }

    private void CheckIndex(int index, string name)
        => _host.CheckParam(index > -1 && index < Counts.Count, name, "Invalid index. Should be non-negative, less than the number of classes.");

    private static double Share(double part, double whole) => whole > 0 ? part / whole : 0;
}
