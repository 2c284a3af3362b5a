using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Microsoft.ML.SharpnessAware.Reports;

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
