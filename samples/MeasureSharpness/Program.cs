using System.Globalization;
using MeasureSharpness;
using Microsoft.ML;
using Microsoft.ML.SharpnessAware;

if (args is not [var modelFile, var folder, .. { Length: <= 1 } csv])
{
    Console.Error.WriteLine("usage: MeasureSharpness MODEL TRAINING_FOLDER [LANDSCAPE.csv]");
    return 2;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    Measure(modelFile, folder, csv.FirstOrDefault());
    return 0;
}
catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidOperationException or FormatException or ArgumentException)
{
    Console.Error.WriteLine(fault.GetBaseException().Message); // ML.NET wraps what went wrong in loading
    return 1;
}

static void Measure(string modelFile, string folder, string? csv)
{
    #region measure
    var ml = new MLContext();
    var model = ml.Model.Load(modelFile, out _);
    var train = ml.Data.LoadFromEnumerable(ImageFolder.Read(folder));

    var metrics = ml.MulticlassClassification.EvaluateSharpness(model, train, new SharpnessOptions
    {
        Rows = 1024, // drawn by the seed, the same ones for every model
        Rho = 0.05,
        AdaptiveRho = 0.5,
        M = 128,
        Progress = new ProgressLine(),
    });
    Console.WriteLine(metrics);
    #endregion

    if (csv is null)
        return;

    #region landscape
    var landscape = ml.MulticlassClassification.LossLandscape(model, train, new LossLandscapeOptions
    {
        Dimensions = 2,
        Points = 21,
        Progress = new ProgressLine(),
    });
    landscape.WriteCsv(csv);
    #endregion
}

/// <summary>Says, on one line, how far the measurement has come.</summary>
sealed class ProgressLine : IProgress<MeasuringProgress>
{
    public void Report(MeasuringProgress value) => Console.Error.Write($"\r{value.Measure}: {value.Step} of {value.Steps}".PadRight(50) + "\r");
}
