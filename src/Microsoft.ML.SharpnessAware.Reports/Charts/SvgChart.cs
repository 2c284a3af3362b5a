using System.Xml.Linq;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Legends;
using OxyPlot.Series;

namespace Microsoft.ML.SharpnessAware.Reports;

/// <summary>Placeholder colors, which <see cref="AsVariables"/> replaces by variables of the page's style sheet. No chart uses them for themselves.</summary>
internal static class ChartColors
{
    public static readonly OxyColor Text = OxyColor.FromRgb(1, 2, 1);
    public static readonly OxyColor Line = OxyColor.FromRgb(1, 2, 2);
    public static readonly OxyColor Grid = OxyColor.FromRgb(1, 2, 3);
    public static readonly OxyColor Surface = OxyColor.FromRgb(1, 2, 4);
    public static readonly OxyColor First = OxyColor.FromRgb(1, 2, 5);
    public static readonly OxyColor Second = OxyColor.FromRgb(1, 2, 6);
    public static readonly OxyColor Third = OxyColor.FromRgb(1, 2, 7);

    static readonly Dictionary<string, string> Variables = new()
    {
        [Written(Text)] = "var(--text)",
        [Written(Line)] = "var(--muted)",
        [Written(Grid)] = "var(--grid)",
        [Written(Surface)] = "var(--surface)",
        [Written(First)] = "var(--series-1)",
        [Written(Second)] = "var(--series-2)",
        [Written(Third)] = "var(--series-3)",
    };

    /// <summary>A style or a color with the page's variables in place of the placeholders.</summary>
    public static string AsVariables(string style) => Variables.Aggregate(style, (text, color) => text.Replace(color.Key, color.Value, StringComparison.Ordinal));

    // As OxyPlot writes it.
    static string Written(OxyColor color) => $"rgb({color.R},{color.G},{color.B})";
}

/// <summary>A plot as SVG inside of a page.</summary>
internal static class SvgChart
{
    const int Width = 400;
    const int Height = 280;
    const int FontSize = 14;

    /// <summary>An empty plot in the page's colors.</summary>
    public static PlotModel Plot()
    {
        var plot = new PlotModel
        {
            Background = OxyColors.Undefined,
            TextColor = ChartColors.Text,
            PlotAreaBorderColor = ChartColors.Line,
            PlotAreaBorderThickness = new OxyThickness(1, 0, 0, 1),
            DefaultFont = "system-ui, sans-serif",
            DefaultFontSize = FontSize,
            PlotMargins = new OxyThickness(double.NaN),
        };
        plot.Legends.Add(new Legend
        {
            LegendPlacement = LegendPlacement.Outside,
            LegendPosition = LegendPosition.TopLeft,
            LegendOrientation = LegendOrientation.Horizontal,
            LegendFontSize = FontSize,
            LegendSymbolLength = 30,
        });
        return plot;
    }

    public static LinearAxis Axis(AxisPosition position, string title) => new()
    {
        Position = position,
        Title = title,
        MajorGridlineStyle = position == AxisPosition.Left ? LineStyle.Solid : LineStyle.None,
        MajorGridlineColor = ChartColors.Grid,
        TicklineColor = ChartColors.Line,
        AxislineColor = ChartColors.Line,
        MinorTickSize = 0,
        AxisTitleDistance = position == AxisPosition.Left ? 14 : 4,
    };

    public static LineSeries Line(string? title, OxyColor color, LineStyle style, IEnumerable<(double X, double Y)> points)
    {
        var line = new LineSeries { Title = title, Color = color, LineStyle = style, StrokeThickness = 2.5 };
        line.Points.AddRange(points.Where(point => double.IsFinite(point.Y)).Select(point => new DataPoint(point.X, point.Y)));
        // A line of one point would be nothing to see.
        if (line.Points.Count == 1)
            (line.MarkerType, line.MarkerFill, line.MarkerSize) = (MarkerType.Circle, color, 4);
        return line;
    }

    /// <summary>The plot as an element that grows with the page.</summary>
    /// <param name="plot">The plot.</param>
    /// <param name="id">What its ids begin with: all ids of a page differ.</param>
    /// <param name="title">What it is, for screen readers.</param>
    /// <param name="description">What there is to see, in words.</param>
    public static Markup Of(PlotModel plot, string id, string title, string description)
    {
        // ExportToString would say of itself that it is XML in UTF-8, which is of no use inside of a page.
        var root = XDocument.Parse(new SvgExporter { Width = Width, Height = Height, IsDocument = false, TextMeasurer = new RoomyText() }.ExportToString(plot)).Root!;
        foreach (var attribute in root.Descendants().Attributes().ToArray())
            attribute.Value = attribute.Name.LocalName switch
            {
                "id" => $"{id}-{attribute.Value}",
                "clip-path" => attribute.Value.Replace("url(#", $"url(#{id}-", StringComparison.Ordinal),
                _ => ChartColors.AsVariables(attribute.Value),
            };
        // A browser's font may be wider than OxyPlot thinks: words are not cut.
        foreach (var group in root.Elements(root.Name.Namespace + "g").Where(group => group.Descendants(root.Name.Namespace + "text").Any()))
            group.SetAttributeValue("clip-path", null);
        // Colors of their own win over the page's variables in attributes, but not in styles.
        foreach (var element in root.Descendants().Where(element => element.Attribute("fill")?.Value.StartsWith("var(", StringComparison.Ordinal) == true))
        {
            element.SetAttributeValue("style", $"fill:{element.Attribute("fill")!.Value}");
            element.SetAttributeValue("fill", null);
        }
        root.ReplaceAttributes(
            new XAttribute("viewBox", $"0 0 {Width} {Height}"),
            new XAttribute("role", "img"),
            new XAttribute("aria-labelledby", $"{id}-title {id}-description"));
        root.AddFirst(
            new XElement(root.Name.Namespace + "title", new XAttribute("id", $"{id}-title"), title),
            new XElement(root.Name.Namespace + "desc", new XAttribute("id", $"{id}-description"), description));
        return Markup.Raw(root.ToString(SaveOptions.DisableFormatting));
    }

    /// <summary>Measures text as wider than in the font that OxyPlot knows: which font a browser takes is its own choice.</summary>
    sealed class RoomyText() : PdfRenderContext(Width, Height, OxyColors.Undefined)
    {
        const double Widest = 1.35;

        public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight)
        {
            var size = base.MeasureText(text, "Arial", fontSize, fontWeight);
            return new OxySize(Widest * size.Width, Widest * size.Height);
        }
    }
}
