using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SharpnessAware;
using Microsoft.ML.SharpnessAware.Reports;
using ModelReport;

if (args is not [var train, var test, var report])
{
    Console.Error.WriteLine("usage: ModelReport TRAIN TEST REPORT.html\n\nTRAIN and TEST are folders with a folder of images for each class, or files of lines with a label, a tab and a text, after one line that names the columns.");
    return 2;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    if (Directory.Exists(train))
        ReportOnImages(train, test, report);
    else
        ReportOnTexts(train, test, report);
    return 0;
}
catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidOperationException or FormatException or ArgumentException)
{
    Console.Error.WriteLine(fault.Message);
    return 1;
}

static void ReportOnImages(string trainFolder, string testFolder, string reportFile)
{
    #region images
    var ml = new MLContext(seed: 1);
    var train = ml.Data.LoadFromEnumerable(ImageFolder.Read(trainFolder));
    var test = ml.Data.LoadFromEnumerable(ImageFolder.Read(testFolder));

    var epochs = new List<EpochMetrics>();
    var options = new SamImageTrainer.Options
    {
        Network = new CifarResNet(Depth: 8),
        Epoch = 5,
        MetricsCallback = epochs.Add,
    };
    var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ml.Transforms.LoadRawImageBytes("Features", imageFolder: null, "ImagePath"))
        .Append(ml.MulticlassClassification.Trainers.SamImage(options));
    using var model = pipeline.Fit(train);

    HtmlReport.Write(reportFile, ml, model, train, test, new HtmlReportOptions
    {
        Title = "Clothes, ResNet-8 with SAM",
        Epochs = epochs,
        TrainerOptions = options,
        Progress = new Progress<string>(Console.Error.WriteLine),
    });
    #endregion
}

static void ReportOnTexts(string trainFile, string testFile, string reportFile)
{
    #region texts
    var ml = new MLContext(seed: 1);
    var train = ml.Data.LoadFromTextFile<LabeledText>(trainFile, hasHeader: true);
    var test = ml.Data.LoadFromTextFile<LabeledText>(testFile, hasHeader: true);

    var epochs = new List<EpochMetrics>();
    var options = new SamTextTrainer.Options
    {
        Sentence1ColumnName = "Text",
        Network = new TextCnn(),
        Epoch = 5,
        MetricsCallback = epochs.Add,
    };
    var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ml.MulticlassClassification.Trainers.SamText(options));
    using var model = pipeline.Fit(train);

    HtmlReport.Write(reportFile, ml, model, train, test, new HtmlReportOptions
    {
        Title = "Questions, TextCnn with SAM",
        Epochs = epochs,
        TrainerOptions = options,
        Landscape = null, // leaves out what takes long
    });
    #endregion
}

/// <summary>A row of data: a text and its class.</summary>
sealed class LabeledText
{
    [LoadColumn(0)]
    public string? Label { get; set; }

    [LoadColumn(1)]
    public string? Text { get; set; }
}
