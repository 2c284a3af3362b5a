using Microsoft.Extensions.Time.Testing;

namespace Microsoft.ML.SharpnessAware.Reports.Tests;

/// <summary>Reports on models that take a moment to train, with names and texts that a page must not take for its own.</summary>
static class SampleReports
{
    public const string HostileName = "\"><img src=x onerror=document.title='owned'>&\u202Egnp.exe";
    public const string HostileText = "</blockquote></script><script>document.title='owned'</script> & 'quoted' \"text\"";
    public const string HostileClass = "<b>down</b> & 'co'";

    static readonly Lazy<string> LazyImages = new(() => Write("images", ImageReport));
    static readonly Lazy<string> LazyTexts = new(() => Write("texts", TextReport));

    /// <summary>The file of a report on an image classifier, with all sections.</summary>
    public static string Images => LazyImages.Value;

    /// <summary>The file of a report on a text classifier, with all sections.</summary>
    public static string Texts => LazyTexts.Value;

    public static (MLContext Ml, ITransformer Model, IDataView Train, IDataView Test, HtmlReportOptions Options) TrainedOnImages()
    {
        var ml = new MLContext(seed: 1);
        // One label in ten is another's, so that there are mistakes; two test pictures are training pictures.
        var train = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 90).Select(i => Picture(i, i % 10 == 9 ? i + 1 : i)).ToArray());
        var test = ml.Data.LoadFromEnumerable(Enumerable.Range(88, 60).Select(i => Picture(i, i % 10 == 7 ? i + 1 : i)).ToArray());
        var epochs = new List<EpochMetrics>();
        var trainer = new SamImageTrainer.Options { FeatureColumnName = "Image", Network = new CifarResNet(8), Epoch = 3, BatchSize = 15, Augmentation = null, MetricsCallback = epochs.Add, Seed = 1 };
        var model = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.SamImage(trainer)).Fit(train);
        return (ml, model, train, test, Options("Stripes", epochs, trainer));
    }

    public static (MLContext Ml, ITransformer Model, IDataView Train, IDataView Test, HtmlReportOptions Options) TrainedOnTexts()
    {
        var ml = new MLContext(seed: 1);
        var train = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 80).Select(i => Text(i, i % 9 == 8 ? i + 1 : i)).ToArray());
        var test = ml.Data.LoadFromEnumerable(Enumerable.Range(60, 50).Select(i => Text(i, i % 9 == 7 ? i + 1 : i)).ToArray());
        var epochs = new List<EpochMetrics>();
        var trainer = new SamTextTrainer.Options { Sentence1ColumnName = "Text", Network = new BagOfEmbeddings(Width: 16), Optimizer = new AdamW(LearningRate: 0.02), Epoch = 8, BatchSize = 10, MetricsCallback = epochs.Add, Seed = 1 };
        var model = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.MulticlassClassification.Trainers.SamText(trainer)).Fit(train);
        return (ml, model, train, test, Options("Weather, food and music", epochs, trainer));
    }

    /// <summary>A file in a folder of the test run's own.</summary>
    public static string FileOf(string name) => Path.Combine(Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "reports")).FullName, $"{name}.html");

    static void ImageReport(string path)
    {
        var (ml, model, train, test, options) = TrainedOnImages();
        HtmlReport.Write(path, ml, model, train, test, options);
    }

    static void TextReport(string path)
    {
        var (ml, model, train, test, options) = TrainedOnTexts();
        HtmlReport.Write(path, ml, model, train, test, options);
    }

    static string Write(string name, Action<string> write)
    {
        var path = FileOf(name);
        write(path);
        return path;
    }

    static HtmlReportOptions Options(string title, IReadOnlyList<EpochMetrics> epochs, SamTrainerOptions trainer) => new()
    {
        Title = title,
        Epochs = epochs,
        TrainerOptions = trainer,
        Sharpness = new SharpnessOptions { Rows = 30, M = 15, AscentSteps = 3, AverageDraws = 2, Eigenvalues = 1, LanczosSteps = 3, TraceProbes = 2 },
        Landscape = new LossLandscapeOptions { Rows = 30, Points = 5 },
        Time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 29, 12, 34, 0, TimeSpan.Zero)),
    };

    static PictureRow Picture(int number, int label) => new()
    {
        Image = SamplePictures.Png(number),
        Label = (label % SamplePictures.Classes) switch { 0 => "across", 1 => HostileClass, _ => "plain" },
        Name = number % 4 == 0 ? $"{HostileName}{number}" : $"pictures/{number}.png",
    };

    // Sixteen letters that few other numbers give.
    static string Name(int number) => string.Concat(Enumerable.Range(1, 16).Select(place => (char)('a' + (number + 31) * (place * place + 7) * 7919 / 13 % 26)));

    static TextRow Text(int number, int label)
    {
        string[][] words = [["rain", "sun", "wind", "clouds"], ["bread", "soup", "apples", "cheese"], ["piano", "songs", "drums", "choir"]];
        var own = words[number % 3];
        return new TextRow
        {
            Text = $"today the {own[number % 4]} of {Name(number)} and {own[(number + 1) % 4]}, {Name(number + 500)}{(number % 5 == 0 ? HostileText : "")}",
            Label = (label % 3) switch { 0 => "weather", 1 => "food", _ => "music" },
        };
    }
}

sealed class PictureRow
{
    public byte[] Image { get; set; } = [];

    public string? Label { get; set; }

    public string? Name { get; set; }
}

sealed class TextRow
{
    public string? Text { get; set; }

    public string? Label { get; set; }
}
