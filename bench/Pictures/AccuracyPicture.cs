using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Pictures;

/// <summary>The accuracy on test images while networks are trained on wrong labels.</summary>
static class AccuracyPicture
{
    /// <summary>SGD, which learns the wrong labels by heart, and SAM.</summary>
    public static Drawing OverEpochs(IReadOnlyList<TrainingCurve> curves)
    {
        var plot = Plot("Test accuracy over epochs, 30 % of the training labels wrong", "epoch");
        foreach (var name in (string[])["SGD", "SAM", "ASAM"])
            Add(plot, curves, name, point => point.Epoch);
        return new Drawing(plot, 680, 380);
    }

    /// <summary>All rules, in the time that the processor needed.</summary>
    public static Drawing OverTime(IReadOnlyList<TrainingCurve> curves)
    {
        var plot = Plot("Test accuracy over time, 30 % of the training labels wrong", "seconds of the processor, one thread");
        foreach (var curve in curves)
            Add(plot, curves, curve.Name, point => point.Seconds);
        return new Drawing(plot, 680, 420);
    }

    static PlotModel Plot(string title, string horizontal)
    {
        var plot = PictureFile.NewPlot(title);
        var x = PictureFile.NewAxis<LinearAxis>(AxisPosition.Bottom, horizontal);
        x.Minimum = 0;
        var y = PictureFile.NewAxis<LinearAxis>(AxisPosition.Left, "accuracy on 2,000 test images");
        (y.Minimum, y.Maximum, y.StringFormat) = (0.4, 0.85, "0 %");
        plot.Axes.Add(x);
        plot.Axes.Add(y);
        plot.Legends.Add(PictureFile.LegendBelow());
        return plot;
    }

    static void Add(PlotModel plot, IReadOnlyList<TrainingCurve> curves, string name, Func<CurvePoint, double> x)
    {
        var curve = curves.Single(curve => curve.Name == name);
        var line = new LineSeries { Title = name, Color = PictureFile.Colors[curves.ToList().IndexOf(curve)], StrokeThickness = 2 };
        line.Points.AddRange(curve.Points.Select(point => new DataPoint(x(point), point.Accuracy)));
        plot.Series.Add(line);
    }
}
