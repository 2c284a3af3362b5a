using Microsoft.ML.SharpnessAware;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Pictures;

/// <summary>The loss while the learning rate grows from step to step, and what FindLearningRate reads from it.</summary>
static class LearningRatePicture
{
    public static Drawing Draw(Sweep sweep)
    {
        var plot = PictureFile.NewPlot("FindLearningRate: the loss while the learning rate grows");
        var x = PictureFile.NewAxis<LogarithmicAxis>(AxisPosition.Bottom, "learning rate");
        (x.StringFormat, x.MinorTickSize) = ("0e0", 0);
        var y = PictureFile.NewAxis<LinearAxis>(AxisPosition.Left, "loss");
        (y.Minimum, y.Maximum, y.MajorStep) = (1, 1.1 * sweep.Points.Max(point => point.SmoothedLoss), 0.5); // the last losses are far larger
        plot.Axes.Add(x);
        plot.Axes.Add(y);
        Add(plot, "loss of each batch", OxyColor.FromRgb(0x99, 0x99, 0x99), 1, sweep, point => point.Loss, points => points.MinBy(point => point.Y));
        Add(plot, "smoothed loss", PictureFile.Colors[0], 2.5, sweep, point => point.SmoothedLoss, points => points[12]);
        Mark(plot, "Suggestion", sweep.Suggestion, PictureFile.Colors[1]);
        Mark(plot, "Valley", sweep.Valley, PictureFile.Colors[2]);
        return new Drawing(plot, 680, 380);
    }

    static void Add(PlotModel plot, string name, OxyColor color, double width, Sweep sweep, Func<LearningRatePoint, double> y, Func<IReadOnlyList<DataPoint>, DataPoint> named)
    {
        var line = new LineSeries { Color = color, StrokeThickness = width };
        line.Points.AddRange(sweep.Points.Select(point => new DataPoint(point.LearningRate, y(point))));
        plot.Series.Add(line);
        plot.Annotations.Add(PictureFile.Label(named(line.Points), 0, -12, name, color, HorizontalAlignment.Center));
    }

    static void Mark(PlotModel plot, string name, double? learningRate, OxyColor color)
    {
        if (learningRate is not { } rate)
            return;
        plot.Annotations.Add(new LineAnnotation { Type = LineAnnotationType.Vertical, X = rate, Color = color, LineStyle = LineStyle.Dash, StrokeThickness = 1.5 });
        plot.Annotations.Add(PictureFile.Label(new DataPoint(rate, 1), -6, 14, FormattableString.Invariant($"{name}: {rate:0.0e0}"), color, HorizontalAlignment.Right));
    }
}
