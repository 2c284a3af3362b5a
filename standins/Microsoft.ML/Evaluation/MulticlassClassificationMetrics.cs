using System.Collections.Immutable;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>How well a multiclass classifier did.</summary>
public sealed class MulticlassClassificationMetrics
{
    public double LogLoss { get; }

    public double LogLossReduction { get; private set; }

    public double MacroAccuracy { get; }

    public double MicroAccuracy { get; }

    public double TopKAccuracy => TopKAccuracyForAllK?.LastOrDefault() ?? 0;

    public int TopKPredictionCount { get; }

    public IReadOnlyList<double> TopKAccuracyForAllK { get; }

    public IReadOnlyList<double> PerClassLogLoss { get; }

    public ConfusionMatrix ConfusionMatrix { get; }

    internal MulticlassClassificationMetrics(IHost host, MulticlassTally tally, int topK, ReadOnlyMemory<char>[] classNames)
    {
        LogLoss = tally.LogLoss;
        LogLossReduction = tally.LogLossReduction;
        MacroAccuracy = tally.MacroAccuracy;
        MicroAccuracy = tally.MicroAccuracy;
        TopKPredictionCount = topK;
        if (topK > 0)
        {
            var accuracies = tally.TopKAccuracies(topK);
            // ML.NET does not stop at the number of classes; past one more it fails like this.
            if (accuracies.Length < topK)
                throw new IndexOutOfRangeException();
            TopKAccuracyForAllK = accuracies.ToImmutableArray();
        }

        PerClassLogLoss = tally.PerClassLogLoss.ToImmutableArray();
        ConfusionMatrix = new ConfusionMatrix(host, tally.Confusion, classNames);
    }
}
