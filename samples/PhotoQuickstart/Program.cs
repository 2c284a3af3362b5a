using System.Globalization;
using ImageQuickstart;
using Microsoft.ML;
using Microsoft.ML.SharpnessAware;

if (args is not [var folder, var modelFile])
{
    Console.Error.WriteLine("usage: PhotoQuickstart FOLDER MODEL\n\nFOLDER has a folder of photographs for each class; a fifth of them is held out to test on. MODEL is where to save the model, FILE.zip.");
    return 2;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    Train(folder, modelFile);
    return 0;
}
catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException or InvalidOperationException or ArgumentException)
{
    Console.Error.WriteLine(fault.Message);
    return 1;
}

static void Train(string folder, string modelFile)
{
    var ml = new MLContext(seed: 1);
    ml.Log += (_, message) => Print(message);
    var (train, test) = ImageFolder.Load(ml, folder, testFolder: null);

    #region pipeline
    var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ml.Transforms.LoadRawImageBytes("Features", imageFolder: null, "ImagePath"))
        .Append(ml.MulticlassClassification.Trainers.SamImage(network: new DnnImageFeaturizerResNet18()))
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
        .Append(ml.Transforms.LoadRawImageBytes("Features", imageFolder: null, "ImagePath"))
        .Append(ml.MulticlassClassification.Trainers.SamImage())
        .Fit(train);
    return ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy;
}

static void Print(LoggingEventArgs message)
{
    if (message.Source.StartsWith("SamImageTrainer", StringComparison.Ordinal) && message.Kind >= Microsoft.ML.Runtime.ChannelMessageKind.Info)
        Console.WriteLine(message.RawMessage);
}
