using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Microsoft.ML.SharpnessAware.Reports;

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
