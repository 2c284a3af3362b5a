using System.Text.RegularExpressions;
using Microsoft.ML.SharpnessAware.Tests;
using static System.FormattableString;

namespace Microsoft.ML.SharpnessAware.Reports.Tests;

[TestClass]
public partial class HtmlReportTests
{
    static readonly string[] AllSections = ["summary", "data", "options", "epochs", "confusion", "classes", "calibration", "losses", "pairs", "suspicious", "duplicates", "sharpness", "landscape"];

    [TestMethod]
    public void Report_has_all_sections()
    {
        Assert.AreSequenceEqual(AllSections, SectionsOf(File.ReadAllText(SampleReports.Images)));
        Assert.AreSequenceEqual(AllSections, SectionsOf(File.ReadAllText(SampleReports.Texts)));
    }

    [TestMethod]
    public void Report_names_nothing_outside_of_itself()
    {
        foreach (var page in new[] { SampleReports.Images, SampleReports.Texts }.Select(File.ReadAllText))
        {
            Assert.IsEmpty(Reference().Matches(page).Select(match => match.Groups["target"].Value).Where(target => !target.StartsWith("data:image/", StringComparison.Ordinal) && !target.StartsWith('#')));
            Assert.DoesNotContain("@import", page);
            Assert.DoesNotContain("url(http", page);
        }
    }

    [TestMethod]
    public void Report_shows_hostile_names_texts_and_classes_as_text()
    {
        var (images, texts) = (File.ReadAllText(SampleReports.Images), File.ReadAllText(SampleReports.Texts));

        Assert.DoesNotContain("<img src=x", images);
        Assert.DoesNotContain("<b>down", images);
        Assert.Contains("&lt;img src=x onerror=document.title=&#x27;owned&#x27;&gt;", images);
        Assert.Contains("&lt;b&gt;down&lt;/b&gt; &amp; &#x27;co&#x27;", images);
        // The page's own script is the only one.
        Assert.HasCount(1, Regex.Matches(texts, "<script"));
        Assert.HasCount(1, Regex.Matches(images, "<script"));
    }

    [TestMethod]
    public void Ids_are_unique()
    {
        foreach (var page in new[] { SampleReports.Images, SampleReports.Texts }.Select(File.ReadAllText))
        {
            var ids = Id().Matches(page).Select(match => match.Groups["id"].Value).ToArray();
            Assert.IsEmpty(ids.GroupBy(id => id).Where(group => group.Count() > 1).Select(group => group.Key));
        }
    }

    [TestMethod]
    public void Report_finds_the_rows_that_were_put_in()
    {
        // Test pictures 88 and 89 are training pictures; of texts 60 to 79, all twenty are.
        Assert.AreEqual("2 test rows are", Twins().Match(File.ReadAllText(SampleReports.Images)).Value);
        Assert.AreEqual("20 test rows are", Twins().Match(File.ReadAllText(SampleReports.Texts)).Value);
    }

    [TestMethod]
    public void Report_has_the_accuracy_that_MlNet_has()
    {
        var (ml, model, _, test, _) = SampleReports.TrainedOnTexts();

        var accuracy = ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy;

        Assert.Contains(Invariant($"<dt>test accuracy</dt><dd>{100 * accuracy:0.0} %</dd>"), File.ReadAllText(SampleReports.Texts));
    }

    [TestMethod]
    public void Report_leaves_out_what_is_not_asked_for()
    {
        var (ml, model, _, test, _) = SampleReports.TrainedOnTexts();
        var path = SampleReports.FileOf("little");

        HtmlReport.Write(path, ml, model, train: null, test, new HtmlReportOptions { Sharpness = null, Landscape = null, SuspiciousLabels = false, Explanations = 0, RowsPerList = 0, RowsPerCell = 0 });

        Assert.AreSequenceEqual(new[] { "summary", "data", "options", "confusion", "classes", "calibration", "pairs" }, SectionsOf(File.ReadAllText(path)));
    }

    [TestMethod]
    public void Report_on_a_transformer_says_that_it_has_no_heat_maps()
    {
        var ml = new MLContext(seed: 1);
        var rows = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 30).Select(i => new PictureRow { Image = SamplePictures.Png(i), Label = $"{i % 3}" }).ToArray());
        var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.MulticlassClassification.Trainers.SamImage(new SamImageTrainer.Options { FeatureColumnName = "Image", Network = new ViTTiny(PatchSize: 8), Epoch = 1, Augmentation = null })).Fit(rows);
        var path = SampleReports.FileOf("patches");

        HtmlReport.Write(path, ml, model, train: null, rows, new HtmlReportOptions { Sharpness = null, Landscape = null });

        Assert.Contains("There are no explanations: Grad-CAM needs feature maps near the end of the network", File.ReadAllText(path));
    }

    [TestMethod]
    public void Report_that_is_cancelled_or_fails_leaves_no_file()
    {
        var (ml, model, train, test, _) = SampleReports.TrainedOnTexts();
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var path = SampleReports.FileOf("cancelled");

        Assert.ThrowsExactly<OperationCanceledException>(() => HtmlReport.Write(path, ml, model, train, test, new HtmlReportOptions { CancellationToken = cancelled.Token }));

        Assert.IsEmpty(Directory.EnumerateFiles(Path.GetDirectoryName(path)!, "cancelled*"));
    }

    [TestMethod]
    public void Request_to_end_reaches_the_measurements()
    {
        var (ml, model, train, test, options) = SampleReports.TrainedOnTexts();
        using var cancellation = new CancellationTokenSource();
        var steps = new List<string>();
        options.CancellationToken = cancellation.Token;
        options.Progress = new Told<string>(text =>
        {
            if (text == "Measuring sharpness")
                cancellation.Cancel();
        });
        options.Sharpness!.Progress = new Told<MeasuringProgress>(step => steps.Add(step.Measure));

        Assert.ThrowsExactly<OperationCanceledException>(() => HtmlReport.Write(SampleReports.FileOf("stopped"), ml, model, train, test, options));

        Assert.IsEmpty(steps);
    }

    [TestMethod]
    public void Measurements_are_ended_by_their_own_request_as_well()
    {
        var (ml, model, _, test, _) = SampleReports.TrainedOnTexts();
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var path = SampleReports.FileOf("stopped");

        Assert.ThrowsExactly<OperationCanceledException>(() => HtmlReport.Write(path, ml, model, train: null, test, new HtmlReportOptions { Sharpness = new SharpnessOptions { CancellationToken = cancelled.Token } }));
        Assert.ThrowsExactly<OperationCanceledException>(() => HtmlReport.Write(path, ml, model, train: null, test, new HtmlReportOptions { Sharpness = null, Landscape = new LossLandscapeOptions { CancellationToken = cancelled.Token } }));
    }

    [TestMethod]
    public void Errors_name_what_is_wrong()
    {
        var (ml, model, train, test, _) = SampleReports.TrainedOnTexts();
        var path = SampleReports.FileOf("never");
        var transformer = ((IEnumerable<ITransformer>)model).Last();
        var otherKeys = ml.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(test).Transform(test);
        var strangers = ml.Data.LoadFromEnumerable([new TextRow { Text = "today", Label = "sports" }]);

        Golden.Matches("Errors.txt", new ErrorText()
            .Add("a folder that is not there", () => HtmlReport.Write(Path.Combine("nowhere", "report.html"), ml, model, train, test))
            .Add("a model of others", () => HtmlReport.Write(path, ml, ml.Transforms.CopyColumns("Copy", "Label").Fit(test), train, test))
            .Add("labels that are no keys", () => HtmlReport.Write(path, ml, transformer, train, test))
            .Add("labels of other keys", () => HtmlReport.Write(path, ml, transformer, null, otherKeys))
            .Add("labels that the model does not know", () => HtmlReport.Write(path, ml, model, null, strangers))
            .Add("no such column of names", () => HtmlReport.Write(path, ml, model, null, test, new HtmlReportOptions { NameColumnName = "File" }))
            .Add("no rows", () => HtmlReport.Write(path, ml, model, train, test, new HtmlReportOptions { MaxRows = 0 }))
            .ToString().Replace(Directory.GetCurrentDirectory(), "(here)", StringComparison.Ordinal));
    }

    static string[] SectionsOf(string page) => [.. Heading().Matches(page).Select(match => match.Groups["id"].Value)];

    sealed class Told<T>(Action<T> tell) : IProgress<T>
    {
        public void Report(T value) => tell(value);
    }

    [GeneratedRegex("\\d+ test rows? (is|are)(?= nearly the same)")]
    private static partial Regex Twins();

    [GeneratedRegex("<h2 id=\"(?<id>[^\"]+)\"")]
    private static partial Regex Heading();

    [GeneratedRegex("\\s(?:src|href|xlink:href|action|srcset)=\"(?<target>[^\"]*)\"")]
    private static partial Regex Reference();

    [GeneratedRegex("\\sid=\"(?<id>[^\"]*)\"")]
    private static partial Regex Id();
}
