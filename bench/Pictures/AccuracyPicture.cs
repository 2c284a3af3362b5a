using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Pictures;

/// <summary>The accuracy on test images while networks are trained on labels of which some are wrong.</summary>
static class AccuracyPicture
{
    const int Mean = 5; // epochs; single ones differ much

    /// <summary>SGD, which learns the wrong labels by heart, and SAM: each epoch as a thin line, and the mean of five.</summary>
    public static Drawing OverEpochs(IReadOnlyList<TrainingCurve> curves)
    {
        var plot = Plot("Test accuracy over epochs, 30 % of the training labels wrong", "epoch", room: 24);
        foreach (var (name, up) in (ReadOnlySpan<(string, double)>)[("SGD", 0), ("SGD, half the time", -8), ("SAM", 4)])
        {
            var curve = curves.Single(curve => curve.Name == name);
            var color = PictureFile.Colors[curves.ToList().IndexOf(curve)];
            plot.Series.Add(Line(curve.Points.Select(point => new DataPoint(point.Epoch, point.Accuracy)), OxyColor.FromAColor(70, color), 1));
            AddMean(plot, curve, color, point => point.Epoch, name == "SGD, half the time" ? "SGD, 50 epochs" : name, up);
        }
        return new Drawing(plot, 720, 380);
    }

    /// <summary>All rules, in the time that the processor needed: means of five epochs.</summary>
    public static Drawing OverTime(IReadOnlyList<TrainingCurve> curves)
    {
        var plot = Plot("Test accuracy over time, 30 % of the training labels wrong", "seconds of the processor, one thread", room: 32);
        for (var i = 0; i < curves.Count; i++)
            AddMean(plot, curves[i], PictureFile.Colors[i], point => point.Seconds, curves[i].Name, curves[i].Name switch { "SAM" => 7, "ASAM" => -7, "SGD, half the time" => 0, _ => 0 });
        return new Drawing(plot, 720, 420);
    }

    static PlotModel Plot(string title, string horizontal, double room)
    {
        var plot = PictureFile.NewPlot(title);
        var x = PictureFile.NewAxis<LinearAxis>(AxisPosition.Bottom, horizontal);
        x.Minimum = 0;
        x.MaximumDataMargin = x.MaximumMargin = 0;
        x.MaximumPadding = room / 100; // for the names
        var y = PictureFile.NewAxis<LinearAxis>(AxisPosition.Left, "accuracy on 2,000 test images");
        (y.Minimum, y.Maximum, y.MajorStep, y.StringFormat) = (0.4, 0.85, 0.1, "0 %");
        plot.Axes.Add(x);
        plot.Axes.Add(y);
        return plot;
    }

    static void AddMean(PlotModel plot, TrainingCurve curve, OxyColor color, Func<CurvePoint, double> x, string name, double up)
    {
        DataPoint[] means = [.. curve.Points.Skip(Mean - 1).Select((point, i) => new DataPoint(x(point), curve.Points.Skip(i).Take(Mean).Average(one => one.Accuracy)))];
        plot.Series.Add(Line(means, color, 2.5));
        plot.Annotations.Add(PictureFile.Label(means[^1], 6, up, name, color));
    }

    static LineSeries Line(IEnumerable<DataPoint> points, OxyColor color, double width)
    {
        var line = new LineSeries { Color = color, StrokeThickness = width };
        line.Points.AddRange(points);
        return line;
    }
}
