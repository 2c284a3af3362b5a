using OxyPlot;
using OxyPlot.Axes;

namespace Microsoft.ML.SharpnessAware.Reports;

/// <summary>The curves of a run, epoch by epoch.</summary>
internal static class EpochCharts
{
    public static Markup Losses(IReadOnlyList<EpochMetrics> epochs)
    {
        var plot = OverEpochs("mean loss", epochs);
        plot.Series.Add(SvgChart.Line("training", ChartColors.First, LineStyle.Solid, epochs.Select(epoch => ((double)epoch.Epoch, epoch.Loss))));
        if (epochs.Any(epoch => epoch.PerturbedLoss != epoch.Loss))
            plot.Series.Add(SvgChart.Line("at w + ε", ChartColors.Second, LineStyle.Dash, epochs.Select(epoch => ((double)epoch.Epoch, epoch.PerturbedLoss))));
        if (epochs.Any(epoch => epoch.ValidationLoss is not null))
            plot.Series.Add(SvgChart.Line("validation", ChartColors.Third, LineStyle.DashDot, epochs.Select(epoch => ((double)epoch.Epoch, epoch.ValidationLoss ?? double.NaN))));
        return SvgChart.Of(plot, "losses", "Loss of each epoch", $"The training loss goes from {Say.Number(epochs[0].Loss)} to {Say.Number(epochs[^1].Loss)} in {epochs.Count} epochs. All numbers are in the table of epochs.");
    }

    public static Markup Accuracies(IReadOnlyList<EpochMetrics> epochs)
    {
        var plot = OverEpochs("accuracy", epochs);
        plot.Series.Add(SvgChart.Line("training", ChartColors.First, LineStyle.Solid, epochs.Select(epoch => ((double)epoch.Epoch, epoch.TrainAccuracy))));
        if (epochs.Any(epoch => epoch.ValidationAccuracy is not null))
            plot.Series.Add(SvgChart.Line("validation", ChartColors.Third, LineStyle.DashDot, epochs.Select(epoch => ((double)epoch.Epoch, epoch.ValidationAccuracy ?? double.NaN))));
        return SvgChart.Of(plot, "accuracies", "Accuracy of each epoch", $"The training accuracy goes from {Say.Percent(epochs[0].TrainAccuracy)} to {Say.Percent(epochs[^1].TrainAccuracy)} in {epochs.Count} epochs. All numbers are in the table of epochs.");
    }

    static PlotModel OverEpochs(string what, IReadOnlyList<EpochMetrics> epochs)
    {
        var plot = SvgChart.Plot();
        var across = SvgChart.Axis(AxisPosition.Bottom, "epoch");
        across.MajorStep = Math.Max(1, Math.Ceiling(epochs.Count / 10.0));
        plot.Axes.Add(across);
        plot.Axes.Add(SvgChart.Axis(AxisPosition.Left, what));
        return plot;
    }
}
