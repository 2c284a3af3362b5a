using System.Globalization;
using ImageQuickstart;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SharpnessAware;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    return Arguments.Command(Train).Parse(args).Invoke(new() { EnableDefaultExceptionHandler = false });
}
catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException or InvalidOperationException or ArgumentException)
{
    Console.Error.WriteLine(fault.Message);
    return 1;
}

static void Train(Arguments arguments)
{
    var (folder, testFolder, modelFile) = (arguments.Folder, arguments.TestFolder, arguments.Model);

    #region options
    var options = new SamImageTrainer.Options
    {
        Sharpness = arguments.Sharpness, // such as new Asam(Rho: 0.5)
        Network = arguments.Network, // such as new CifarResNet(Depth: 8)
        Optimizer = new Sgd(LearningRate: 0.1 * arguments.BatchSize / 128),
        BatchSize = arguments.BatchSize,
        Epoch = arguments.Epochs,
        Augmentation = arguments.Epochs < 10 ? null : new Augmentation(), // pays in long runs only
        MetricsCallback = Console.WriteLine,
        Progress = new ProgressLines(every: TimeSpan.FromSeconds(15)),
    };
    #endregion

    #region pipeline
    var ml = new MLContext(seed: 1);
    var (train, test) = ImageFolder.Load(ml, folder, testFolder);

    var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ml.Transforms.LoadRawImageBytes("Features", imageFolder: null, "ImagePath"))
        .Append(ml.MulticlassClassification.Trainers.SamImage(options))
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
