using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SharpnessAware;
using TextQuickstart;

if (args is not [var trainFile, var testFile, var modelFile])
{
    Console.Error.WriteLine("usage: TextQuickstart TRAIN TEST MODEL\n\nTRAIN and TEST are files of lines with a label, a tab and a text, after one line that names the columns.");
    return 2;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    Train(trainFile, testFile, modelFile);
    return 0;
}
catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException or InvalidOperationException or FormatException or ArgumentException)
{
    Console.Error.WriteLine(fault.Message);
    return 1;
}

static void Train(string trainFile, string testFile, string modelFile)
{
    #region options
    var options = new SamTextTrainer.Options
    {
        Sentence1ColumnName = "Text",
        Sharpness = new Sam(Rho: 0.05),
        Network = new TextCnn(), // or BagOfEmbeddings, TextTransformer, BertEncoder.FromFolder("...")
        MaxLength = 128,
        Epoch = 3,
        MetricsCallback = Console.WriteLine,
        Progress = new ProgressLines(every: TimeSpan.FromSeconds(15)),
    };
    #endregion

    #region pipeline
    var ml = new MLContext(seed: 1);
    var train = ml.Data.LoadFromTextFile<LabeledText>(trainFile, hasHeader: true);
    var test = ml.Data.LoadFromTextFile<LabeledText>(testFile, hasHeader: true);

    var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ml.MulticlassClassification.Trainers.SamText(options))
        .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    using var model = pipeline.Fit(train);
    var metrics = ml.MulticlassClassification.Evaluate(model.Transform(test));
    ml.Model.Save(model, train.Schema, modelFile);
    #endregion

    var report = $"""
        {metrics.ConfusionMatrix.GetFormattedConfusionTable()}
        LogLoss: {metrics.LogLoss:0.0000}
        MacroAccuracy: {metrics.MacroAccuracy:0.0000}
        MicroAccuracy: {metrics.MicroAccuracy:0.0000}
        """;
    File.WriteAllText(Path.ChangeExtension(modelFile, ".txt"), report + Environment.NewLine);
    Console.WriteLine(report);
}

/// <summary>A line of the files.</summary>
sealed class LabeledText
{
    [LoadColumn(0)]
    public string? Label { get; set; }

    [LoadColumn(1)]
    public string? Text { get; set; }
}
