using System.Globalization;
using Benchmarks;
using FewRows;
using Microsoft.ML.SharpnessAware;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Pictures;

/// <summary>Test accuracy after training on few rows, from fresh and from trained weights: a plot for each data set, side by side.</summary>
static class FewRowsPicture
{
    const double Lowest = 0.2, Highest = 1;
    const double Gap = 0.02; // between plots, of the picture's width

    static readonly (string Task, string Rows)[] _plots =
    [
        ("TREC", "questions of TREC"),
        ("SST-2", "sentences of SST-2"),
        ("cracks", "photographs of cracks"),
        ("Fashion-MNIST", "images of Fashion-MNIST"),
    ];

    static readonly (Start Start, string Name, OxyColor Color)[] _starts =
    [
        (Start.FineTuned, "trained weights, all layers", PictureFile.Colors[1]),
        (Start.Frozen, "trained weights, last layer", PictureFile.Colors[0]),
        (Start.Fresh, "fresh weights", PictureFile.Colors[2]),
    ];

    public static Drawing Draw(IReadOnlyList<Result<Trial>> results)
    {
        var plot = PictureFile.NewPlot("Test accuracy after training on few rows");
        plot.PlotAreaBorderThickness = new OxyThickness(0);
        var y = PictureFile.NewAxis<LinearAxis>(AxisPosition.Left, "accuracy");
        (y.Minimum, y.Maximum, y.MajorStep, y.MinorTickSize, y.StringFormat) = (Lowest, Highest + 0.02, 0.2, 0, "0 %");
        plot.Axes.Add(y);
        for (var i = 0; i < _plots.Length; i++)
            Add(plot, [.. results.Where(result => result.Run.Task == _plots[i].Task && !result.Run.Tuning)], i);
        AddLegend(plot, at: plot.Axes.Single(axis => axis.Title == "photographs of cracks"));
        return new Drawing(plot, 960, 400);
    }

    static void Add(PlotModel plot, Result<Trial>[] results, int index)
    {
        int[] rows = [.. results.Select(result => result.Run.Rows).Distinct().Order()];
        var (left, right) = (-0.5, rows.Length - 0.5);
        var width = (1 + Gap) / _plots.Length;
        var x = PictureFile.NewAxis<LinearAxis>(AxisPosition.Bottom, _plots[index].Rows);
        (x.Key, x.Minimum, x.Maximum, x.MajorStep, x.MinorTickSize, x.AxisTitleDistance) = ($"x{index}", left, right, 1, 0, 10);
        (x.StartPosition, x.EndPosition) = (index * width, (index + 1) * width - Gap);
        x.LabelFormatter = place => place >= 0 && place < rows.Length && double.IsInteger(place) ? rows[(int)place].ToString("N0", CultureInfo.InvariantCulture) : "";
        plot.Axes.Add(x);
        plot.Annotations.Add(new RectangleAnnotation { XAxisKey = x.Key, MinimumX = left, MaximumX = right, MinimumY = Lowest, MaximumY = Highest + 0.02, Fill = OxyColors.Transparent, Stroke = plot.PlotAreaBorderColor, StrokeThickness = 1, Layer = AnnotationLayer.BelowSeries });

        foreach (var (start, _, color) in _starts)
        {
            var ofStart = results.Where(result => result.Run.Start == start).ToArray();
            var plain = Means(rows, ofStart.Where(result => IsOf<Plain>(result.Run) && result.Run.Longer == 2));
            var sam = Means(rows, ofStart.Where(result => IsOf<Sam>(result.Run)));
            AddLine(plot, x, plain, -0.03, color, LineStyle.Solid, color);
            AddLine(plot, x, sam, 0.03, color, LineStyle.Dash, OxyColors.White);
        }
    }

    static bool IsOf<TRule>(Trial trial)
        where TRule : SharpnessRule => trial.Rule.StartsWith($"{typeof(TRule).Name} ", StringComparison.Ordinal);

    // In the plot whose lower half is empty.
    static void AddLegend(PlotModel plot, Axis at)
    {
        (string Text, OxyColor Color)[] lines = [.. _starts.Select(start => (start.Name, start.Color)), ("solid: plain training", OxyColors.Black), ("dashed: SAM, equal time", OxyColors.Black)];
        for (var i = 0; i < lines.Length; i++)
        {
            var line = PictureFile.Label(new DataPoint(at.Minimum, 0.5), 8, -18 * i, lines[i].Text, lines[i].Color);
            line.XAxisKey = at.Key;
            plot.Annotations.Add(line);
        }
    }

    static void AddLine(PlotModel plot, Axis x, IEnumerable<(int Place, double Mean, double Deviation)> points, double right, OxyColor color, LineStyle style, OxyColor fill)
    {
        var line = new LineSeries { XAxisKey = x.Key, Color = color, LineStyle = style, StrokeThickness = 2, MarkerType = MarkerType.Circle, MarkerSize = 4, MarkerFill = fill, MarkerStroke = color, MarkerStrokeThickness = 1.5 };
        var deviations = new ScatterErrorSeries { XAxisKey = x.Key, MarkerType = MarkerType.None, ErrorBarColor = color, ErrorBarStrokeThickness = 1 };
        foreach (var (place, mean, deviation) in points)
        {
            line.Points.Add(new DataPoint(place + right, mean));
            deviations.Points.Add(new ScatterErrorPoint(place + right, mean, 0, 2 * deviation)); // the length of the whole bar
        }
        plot.Series.Add(deviations);
        plot.Series.Add(line);
    }

    // Only what ran with three seeds or more, as in the table.
    static (int Place, double Mean, double Deviation)[] Means(int[] rows, IEnumerable<Result<Trial>> results) =>
    [
        .. from result in results
           group result.Numbers["accuracy"] by Array.IndexOf(rows, result.Run.Rows) into ofRows
           where ofRows.Count() >= 3
           orderby ofRows.Key
           let mean = ofRows.Average()
           select (ofRows.Key, mean, Math.Sqrt(ofRows.Sum(accuracy => (accuracy - mean) * (accuracy - mean)) / (ofRows.Count() - 1))),
    ];
}
