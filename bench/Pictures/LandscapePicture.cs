using System.Globalization;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Pictures;

/// <summary>The training loss around the weights of models, side by side, in the same colors.</summary>
static class LandscapePicture
{
    const double Gap = 0.04;
    const double Lowest = -0.5, Highest = 3; // of the colors: logarithms of the loss to base 2

    static readonly double[] _levels = [1, 1.5, 2, 3, 4, 6, 8];

    public static Drawing Draw(IReadOnlyList<TrainedModel> models)
    {
        var plot = PictureFile.NewPlot("Training loss around the weights that SGD and SAM found, at the same scale");
        plot.Axes.Add(new LinearColorAxis
        {
            Position = AxisPosition.Right,
            Palette = OxyPalettes.Viridis(100),
            Minimum = Lowest,
            Maximum = Highest,
            MajorStep = 1,
            MinorTickSize = 0,
            LabelFormatter = logarithm => Math.Pow(2, logarithm).ToString("0", CultureInfo.InvariantCulture),
            Title = "loss",
            AxisTitleDistance = 8,
        });
        for (var i = 0; i < models.Count; i++)
            Add(plot, models, i);
        return new Drawing(plot, 760, 430);
    }

    static void Add(PlotModel plot, IReadOnlyList<TrainedModel> models, int index)
    {
        var model = models[index];
        var width = (1 + Gap) / models.Count;
        var (from, to) = (model.Along[0], model.Along[^1]);
        var x = new LinearAxis
        {
            Key = $"x{index}",
            Position = AxisPosition.Bottom,
            StartPosition = index * width,
            EndPosition = (index + 1) * width - Gap,
            Minimum = from,
            Maximum = to,
            Title = FormattableString.Invariant($"{model.Name}: test accuracy {100 * model.TestAccuracy:0.0} %"),
            TitleFontSize = 16,
            TitleFontWeight = FontWeights.Bold,
            AxisTitleDistance = 10,
            TickStyle = TickStyle.None,
            LabelFormatter = _ => "",
        };
        var y = new LinearAxis { Key = $"y{index}", Position = AxisPosition.Left, Minimum = from, Maximum = to, TickStyle = TickStyle.None, LabelFormatter = _ => "" };
        plot.Axes.Add(x);
        plot.Axes.Add(y);

        var losses = Grid(model);
        plot.Series.Add(new HeatMapSeries { XAxisKey = x.Key, YAxisKey = y.Key, X0 = from, X1 = to, Y0 = from, Y1 = to, Data = Map(losses, loss => Math.Clamp(Math.Log2(loss), Lowest, Highest)), Interpolate = true, RenderMethod = HeatMapRenderMethod.Bitmap });
        plot.Series.Add(new ContourSeries
        {
            XAxisKey = x.Key,
            YAxisKey = y.Key,
            ColumnCoordinates = [.. model.Along],
            RowCoordinates = [.. model.Along],
            Data = losses,
            ContourLevels = _levels,
            Color = OxyColors.White,
            StrokeThickness = 1,
            FontSize = 0,
        });
        var weights = new ScatterSeries { XAxisKey = x.Key, YAxisKey = y.Key, MarkerType = MarkerType.Circle, MarkerFill = OxyColors.White, MarkerSize = 4 };
        weights.Points.Add(new ScatterPoint(0, 0));
        plot.Series.Add(weights);
    }

    static double[,] Grid(TrainedModel model)
    {
        var grid = new double[model.Along.Count, model.Along.Count];
        for (var i = 0; i < model.Along.Count; i++)
            for (var j = 0; j < model.Along.Count; j++)
                grid[i, j] = model.Losses[i][j];
        return grid;
    }

    static double[,] Map(double[,] grid, Func<double, double> function)
    {
        var mapped = new double[grid.GetLength(0), grid.GetLength(1)];
        for (var i = 0; i < grid.GetLength(0); i++)
            for (var j = 0; j < grid.GetLength(1); j++)
                mapped[i, j] = function(grid[i, j]);
        return mapped;
    }
}
