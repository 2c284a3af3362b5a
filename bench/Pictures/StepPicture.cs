using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Pictures;

/// <summary>One step of SAM on a loss with two weights: w, ε, w + ε, and the step from w along the gradient at w + ε; and that of SGD.</summary>
static class StepPicture
{
    const double Rho = 0.75, LearningRate = 0.75;

    static readonly OxyColor _climb = PictureFile.Colors[1], _sam = PictureFile.Colors[0], _plain = OxyColor.FromRgb(0x66, 0x66, 0x66);

    static readonly (double X, double Y) _w = (-0.42, 0.5);

    // A narrow valley that bends, beside a wide one.
    static double Loss(double x, double y) => 1.5 - 1.1 * Math.Exp(-(Square(x + 0.9) / 0.25 + Square(y) / 1.6)) - Math.Exp(-(Square(x - 1.3) / 2.2 + Square(y + 0.1) / 1.8));

    public static Drawing Draw()
    {
        var plot = PictureFile.NewPlot("A step of SAM, and one of SGD");
        plot.PlotType = PlotType.Cartesian;
        plot.Axes.Add(Axis(AxisPosition.Bottom, -2.1, 2.5));
        plot.Axes.Add(Axis(AxisPosition.Left, -1.2, 1.4));
        plot.Series.Add(Contours(-2.1, 2.5, -1.2, 1.4));

        var g = Gradient(_w);
        var climbed = Plus(_w, g, Rho / Norm(g));
        var perturbed = Gradient(climbed);
        var withSgd = Plus(_w, g, -LearningRate);
        var withSam = Plus(_w, perturbed, -LearningRate);
        Arrow(plot, _w, climbed, _climb);
        Arrow(plot, climbed, Plus(climbed, perturbed, -LearningRate), OxyColor.FromRgb(0x99, 0xC7, 0xE0));
        Arrow(plot, _w, withSgd, _plain);
        Arrow(plot, _w, withSam, _sam);
        Point(plot, _w);
        Point(plot, climbed);
        Label(plot, _w, -14, 8, "w", OxyColors.Black);
        Label(plot, climbed, 34, 6, "w + ε", OxyColors.Black);
        Label(plot, Middle(_w, climbed), -20, 22, "ε = ρ g / ‖g‖", _climb);
        Label(plot, withSgd, -10, -18, "SGD: w − η ∇L(w)", _plain);
        Label(plot, withSam, 10, -16, "SAM: w − η ∇L(w + ε)", _sam);
        return new Drawing(plot, 720, 440);
    }

    static LinearAxis Axis(AxisPosition position, double from, double to) => new() { Position = position, Minimum = from, Maximum = to, TickStyle = TickStyle.None, LabelFormatter = _ => "" };

    static ContourSeries Contours(double x0, double x1, double y0, double y1)
    {
        var (xs, ys) = (ArrayBuilder.CreateVector(x0, x1, 60), ArrayBuilder.CreateVector(y0, y1, 50));
        return new ContourSeries
        {
            ColumnCoordinates = xs,
            RowCoordinates = ys,
            Data = ArrayBuilder.Evaluate(Loss, xs, ys),
            ContourLevelStep = 0.1,
            Color = OxyColor.FromRgb(0xBB, 0xBB, 0xBB),
            StrokeThickness = 1,
            FontSize = 0,
        };
    }

    static (double X, double Y) Gradient((double X, double Y) at)
    {
        const double h = 1e-5;
        return ((Loss(at.X + h, at.Y) - Loss(at.X - h, at.Y)) / (2 * h), (Loss(at.X, at.Y + h) - Loss(at.X, at.Y - h)) / (2 * h));
    }

    static void Arrow(PlotModel plot, (double X, double Y) from, (double X, double Y) to, OxyColor color) => plot.Annotations.Add(new ArrowAnnotation
    {
        StartPoint = new DataPoint(from.X, from.Y),
        EndPoint = new DataPoint(to.X, to.Y),
        Color = color,
        StrokeThickness = 2.5,
        HeadLength = 6,
        HeadWidth = 2.5,
    });

    static void Point(PlotModel plot, (double X, double Y) at) => plot.Annotations.Add(new PointAnnotation { X = at.X, Y = at.Y, Size = 5, Fill = OxyColors.Black });

    static void Label(PlotModel plot, (double X, double Y) at, double right, double up, string text, OxyColor color)
    {
        var label = PictureFile.Label(new DataPoint(at.X, at.Y), right, up, text, color, HorizontalAlignment.Center);
        (label.FontSize, label.Background) = (15, OxyColor.FromAColor(200, OxyColors.White));
        plot.Annotations.Add(label);
    }

    static (double X, double Y) Middle((double X, double Y) a, (double X, double Y) b) => ((a.X + b.X) / 2, (a.Y + b.Y) / 2);

    static (double X, double Y) Plus((double X, double Y) at, (double X, double Y) direction, double factor) => (at.X + factor * direction.X, at.Y + factor * direction.Y);

    static double Norm((double X, double Y) vector) => Math.Sqrt(Square(vector.X) + Square(vector.Y));

    static double Square(double x) => x * x;
}
