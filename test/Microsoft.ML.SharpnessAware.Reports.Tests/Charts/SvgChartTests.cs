using System.Xml.Linq;
using OxyPlot;
using OxyPlot.Axes;

namespace Microsoft.ML.SharpnessAware.Reports.Tests;

[TestClass]
public class SvgChartTests
{
    static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [TestMethod]
    public void Of_says_to_screen_readers_what_it_is()
    {
        var root = XElement.Parse(Chart("loss", "Loss <1>", "It falls & falls.").Text);

        Assert.AreEqual("img", root.Attribute("role")!.Value);
        Assert.AreEqual("loss-title loss-description", root.Attribute("aria-labelledby")!.Value);
        Assert.AreEqual(("loss-title", "Loss <1>"), (root.Element(Svg + "title")!.Attribute("id")!.Value, root.Element(Svg + "title")!.Value));
        Assert.AreEqual("It falls & falls.", root.Element(Svg + "desc")!.Value);
    }

    [TestMethod]
    public void Of_grows_with_the_page()
    {
        var root = XElement.Parse(Chart("loss", "", "").Text);

        Assert.AreEqual("0 0 400 280", root.Attribute("viewBox")!.Value);
        Assert.IsNull(root.Attribute("width"));
    }

    [TestMethod]
    public void Of_leaves_colors_to_the_page()
    {
        var text = Chart("loss", "", "").Text;

        Assert.Contains("stroke:var(--series-1)", text);
        Assert.Contains("fill:var(--text)", text);
        Assert.DoesNotContain("rgb(1,2,", text);
        Assert.DoesNotContain("stroke:black", text);
    }

    [TestMethod]
    public void Of_has_ids_of_its_own()
    {
        var (first, second) = (IdsIn(Chart("a", "", "")), IdsIn(Chart("b", "", "")));

        Assert.IsEmpty(first.Intersect(second));
        Assert.IsGreaterThan(2, first.Length);
    }

    static Markup Chart(string id, string title, string description)
    {
        var plot = SvgChart.Plot();
        plot.Axes.Add(SvgChart.Axis(AxisPosition.Bottom, "epoch"));
        plot.Axes.Add(SvgChart.Axis(AxisPosition.Left, "loss"));
        plot.Series.Add(SvgChart.Line("training", ChartColors.First, LineStyle.Solid, [(1, 2), (2, 1), (3, double.NaN)]));
        return SvgChart.Of(plot, id, title, description);
    }

    static string[] IdsIn(Markup chart) => [.. XElement.Parse(chart.Text).Descendants().Attributes("id").Select(id => id.Value)];
}
