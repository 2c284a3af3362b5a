using System.Globalization;
using ImagePredict;
using Microsoft.ML;
using Microsoft.ML.Data;

if (args is not [var modelFile, .. { Length: > 0 } filesAndFolders])
{
    Console.Error.WriteLine("usage: ImagePredict MODEL (IMAGE|FOLDER)...");
    return 2;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    Predict(modelFile, ImageFiles.Of(filesAndFolders));
    return 0;
}
catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidOperationException or FormatException or ArgumentException)
{
    Console.Error.WriteLine(fault.GetBaseException().Message); // ML.NET wraps what went wrong in loading
    return 1;
}

static void Predict(string modelFile, string[] images)
{
    #region predict
    var ml = new MLContext();
    var model = ml.Model.Load(modelFile, out _);
    using var engine = ml.Model.CreatePredictionEngine<Image, Prediction>(model);

    var classes = default(VBuffer<ReadOnlyMemory<char>>);
    engine.OutputSchema["Score"].GetSlotNames(ref classes);

    foreach (var image in images)
    {
        var prediction = engine.Predict(new Image { ImagePath = image });
        var best = classes.DenseValues().Zip(prediction.Score).OrderByDescending(pair => pair.Second).Take(3);
        Console.WriteLine($"{image}: {prediction.PredictedLabel} ({string.Join(", ", best.Select(pair => $"{pair.First} {pair.Second:0.000}"))})");
    }
    #endregion
}

#region columns
/// <summary>An image to classify.</summary>
sealed class Image
{
    public string ImagePath { get; set; } = "";

    /// <summary>Stays empty. The model asks for the column, as the pipeline that was saved begins by numbering the labels.</summary>
    public string Label { get; set; } = "";
}

/// <summary>What the model says of an image.</summary>
sealed class Prediction
{
    public string PredictedLabel { get; set; } = "";

    /// <summary>The probability of each class.</summary>
    public float[] Score { get; set; } = [];
}
#endregion
