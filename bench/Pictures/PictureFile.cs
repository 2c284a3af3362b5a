using Microsoft.ML.SharpnessAware;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;

namespace Pictures;

/// <summary>A plot as an SVG file. The background is white, so that the picture can be read on a dark page as well.</summary>
static class PictureFile
{
    /// <summary>Blue, orange, green, red, purple and brown that color-blind readers can tell apart. Okabe and Ito 2008, https://jfly.uni-koeln.de/color.</summary>
    public static IReadOnlyList<OxyColor> Colors { get; } =
    [
        OxyColor.FromRgb(0x00, 0x72, 0xB2),
        OxyColor.FromRgb(0xD5, 0x5E, 0x00),
        OxyColor.FromRgb(0x00, 0x9E, 0x73),
        OxyColor.FromRgb(0xCC, 0x79, 0xA7),
        OxyColor.FromRgb(0xE6, 0x9F, 0x00),
        OxyColor.FromRgb(0x56, 0xB4, 0xE9),
    ];

    /// <summary>An empty plot.</summary>
    public static PlotModel NewPlot(string title) => new()
    {
        Title = title,
        TitleFontSize = 15,
        TitleFontWeight = FontWeights.Bold,
        DefaultFont = "Arial, Helvetica, sans-serif",
        DefaultFontSize = 12,
        Background = OxyColors.White,
        PlotAreaBorderColor = OxyColor.FromRgb(0x99, 0x99, 0x99),
        Padding = new OxyThickness(8, 8, 16, 8),
    };

    /// <summary>An axis with faint lines at its major ticks.</summary>
    public static TAxis NewAxis<TAxis>(AxisPosition position, string title)
        where TAxis : Axis, new() => new()
        {
            Position = position,
            Title = title,
            MajorGridlineStyle = LineStyle.Solid,
            MajorGridlineColor = OxyColor.FromRgb(0xE5, 0xE5, 0xE5),
            TicklineColor = OxyColor.FromRgb(0x99, 0x99, 0x99),
            AxisTitleDistance = 16,
        };

    /// <summary>A text that begins so many pixels right of a point, with its middle so many above it.</summary>
    public static TextAnnotation Label(DataPoint at, double right, double up, string text, OxyColor color, HorizontalAlignment alignment = HorizontalAlignment.Left) => new()
    {
        TextPosition = at,
        Offset = new ScreenVector(right, -up),
        Text = text,
        TextColor = color,
        TextHorizontalAlignment = alignment,
        TextVerticalAlignment = VerticalAlignment.Middle,
        FontWeight = FontWeights.Bold,
        StrokeThickness = 0,
        Layer = AnnotationLayer.AboveSeries,
    };

    /// <summary>Writes the plot as NAME.svg.</summary>
    public static void Write(string folder, string name, Drawing drawing)
    {
        var svg = new SvgExporter { Width = drawing.Width, Height = drawing.Height, UseVerticalTextAlignmentWorkaround = true }.ExportToString(drawing.Plot);
        WholeFile.Write(Path.Combine(folder, $"{name}.svg"), writer => writer.Write(svg.ReplaceLineEndings("\n")));
    }
}

/// <summary>A plot and the size to draw it in, in pixels.</summary>
sealed record Drawing(PlotModel Plot, double Width, double Height);
