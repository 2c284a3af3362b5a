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
        (y.Minimum, y.Maximum) = (0, 1.1 * sweep.Points.Max(point => point.SmoothedLoss)); // the last losses go far beyond
        plot.Axes.Add(x);
        plot.Axes.Add(y);
        plot.Legends.Add(PictureFile.LegendBelow());
        plot.Series.Add(Line("loss of the step's batch", OxyColor.FromRgb(0xBB, 0xBB, 0xBB), 1, sweep, point => point.Loss));
        plot.Series.Add(Line("smoothed loss", PictureFile.Colors[0], 2, sweep, point => point.SmoothedLoss));
        Mark(plot, "Suggestion", sweep.Suggestion, PictureFile.Colors[1]);
        Mark(plot, "Valley", sweep.Valley, PictureFile.Colors[2]);
        return new Drawing(plot, 680, 380);
    }

    static LineSeries Line(string title, OxyColor color, double width, Sweep sweep, Func<Microsoft.ML.SharpnessAware.LearningRatePoint, double> y)
    {
        var line = new LineSeries { Title = title, Color = color, StrokeThickness = width };
        line.Points.AddRange(sweep.Points.Select(point => new DataPoint(point.LearningRate, y(point))));
        return line;
    }

    static void Mark(PlotModel plot, string name, double? learningRate, OxyColor color)
    {
        if (learningRate is { } rate)
            plot.Annotations.Add(new LineAnnotation
            {
                Type = LineAnnotationType.Vertical,
                X = rate,
                Text = FormattableString.Invariant($"{name}: {rate:0.0e0}"),
                TextColor = color,
                Color = color,
                LineStyle = LineStyle.Dash,
                StrokeThickness = 1.5,
            });
    }
}
