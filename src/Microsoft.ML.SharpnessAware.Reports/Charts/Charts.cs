using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

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

/// <summary>The reliability curve.</summary>
internal static class ReliabilityChart
{
    public static Markup Of(Calibration calibration)
    {
        var plot = SvgChart.Plot();
        var across = SvgChart.Axis(AxisPosition.Bottom, "confidence");
        var up = SvgChart.Axis(AxisPosition.Left, "accuracy");
        (across.Minimum, across.Maximum, up.Minimum, up.Maximum) = (0, 1, 0, 1);
        plot.Axes.Add(across);
        plot.Axes.Add(up);
        var bars = new RectangleBarSeries { Title = "accuracy of the bin", FillColor = ChartColors.First, StrokeColor = ChartColors.Surface, StrokeThickness = 1 };
        foreach (var bin in calibration.Bins.Where(bin => bin.Rows > 0))
            bars.Items.Add(new RectangleBarItem(bin.From, 0, bin.To, bin.Accuracy));
        plot.Series.Add(bars);
        plot.Series.Add(SvgChart.Line("as it should be", ChartColors.Second, LineStyle.Dash, [(0, 0), (1, 1)]));
        return SvgChart.Of(plot, "reliability", "Reliability curve", $"Bars show the accuracy of rows by the model's confidence; where they end on the diagonal, the confidence is right. The expected calibration error is {Say.Percent(calibration.ExpectedError)}. All numbers are in the table of bins.");
    }
}

/// <summary>The loss around the weights.</summary>
internal static class LandscapeCharts
{
    const int Levels = 9;

    public static Markup Line(LossLandscape landscape)
    {
        var plot = SvgChart.Plot();
        plot.Axes.Add(SvgChart.Axis(AxisPosition.Bottom, "α, in lengths of the filters"));
        plot.Axes.Add(SvgChart.Axis(AxisPosition.Left, "loss"));
        plot.Series.Add(SvgChart.Line(title: null, ChartColors.First, LineStyle.Solid, landscape.Alphas.Select((alpha, i) => (alpha, landscape.Losses[i][0]))));
        plot.Annotations.Add(new LineAnnotation { Type = LineAnnotationType.Vertical, X = 0, Color = ChartColors.Line, LineStyle = LineStyle.Dot, Text = "the model", TextColor = ChartColors.Text });
        return SvgChart.Of(plot, "landscape-line", "Loss along one random direction", $"{Ends(landscape)} The flatter the curve around 0, the flatter the minimum.");
    }

    public static Markup Plane(LossLandscape landscape)
    {
        // Losses far up are all the same to see; equal steps of their logarithm show the middle, too.
        var plot = SvgChart.Plot();
        plot.Axes.Add(SvgChart.Axis(AxisPosition.Bottom, "α"));
        var up = SvgChart.Axis(AxisPosition.Left, "β");
        up.MajorGridlineStyle = LineStyle.None;
        plot.Axes.Add(up);
        var logs = new double[landscape.Alphas.Count, landscape.Betas.Count];
        for (var i = 0; i < landscape.Alphas.Count; i++)
            for (var j = 0; j < landscape.Betas.Count; j++)
                logs[i, j] = Math.Log(Math.Max(double.IsFinite(landscape.Losses[i][j]) ? landscape.Losses[i][j] : float.MaxValue, 1e-8));
        var colors = new LinearColorAxis { Position = AxisPosition.Right, Palette = OxyPalettes.Viridis(64), Title = "ln loss", AxisTitleDistance = 10, TicklineColor = ChartColors.Line, MinorTickSize = 0 };
        plot.Axes.Add(colors);
        plot.Series.Add(new HeatMapSeries
        {
            X0 = landscape.Alphas[0],
            X1 = landscape.Alphas[^1],
            Y0 = landscape.Betas[0],
            Y1 = landscape.Betas[^1],
            Data = logs,
            Interpolate = false,
            RenderMethod = HeatMapRenderMethod.Rectangles,
        });
        var (least, most) = (logs.Cast<double>().Min(), logs.Cast<double>().Max());
        if (most > least)
            plot.Series.Add(new ContourSeries
            {
                ColumnCoordinates = [.. landscape.Alphas],
                RowCoordinates = [.. landscape.Betas],
                Data = logs,
                ContourLevels = [.. Enumerable.Range(1, Levels).Select(level => least + (most - least) * level / (Levels + 1))],
                ContourColors = [OxyColors.White],
                LabelStep = int.MaxValue,
                StrokeThickness = 1,
                FontSize = 0.01,
                LabelBackground = OxyColors.Undefined,
                TextColor = OxyColors.Transparent,
            });
        plot.Annotations.Add(new PointAnnotation { X = 0, Y = 0, Shape = MarkerType.Cross, Size = 7, Stroke = OxyColors.White, StrokeThickness = 3 });
        return SvgChart.Of(plot, "landscape-plane", "Loss over two random directions", $"{Ends(landscape)} Dark is low. The model is at the cross in the middle.");
    }

    static string Ends(LossLandscape landscape)
    {
        var losses = landscape.Losses.SelectMany(row => row).ToArray();
        return $"The loss is {Say.Number(landscape.Losses[landscape.Alphas.Count / 2][landscape.Betas.Count / 2])} in the middle, {Say.Number(losses.Min())} at the lowest and {Say.Number(losses.Max())} at the highest of {losses.Length} points.";
    }
}
