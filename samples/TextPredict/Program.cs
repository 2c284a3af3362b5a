using System.Globalization;
using Microsoft.ML;

if (args is not [var modelFile, .. { Length: > 0 } texts])
{
    Console.Error.WriteLine("usage: TextPredict MODEL TEXT...");
    return 2;
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    Predict(modelFile, texts);
    return 0;
}
catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidOperationException or FormatException or ArgumentException)
{
    Console.Error.WriteLine(fault.GetBaseException().Message); // ML.NET wraps what went wrong in loading
    return 1;
}

static void Predict(string modelFile, string[] texts)
{
    #region predict
    var ml = new MLContext();
    var model = ml.Model.Load(modelFile, out _);
    using var engine = ml.Model.CreatePredictionEngine<TextToClassify, Prediction>(model);

    foreach (var text in texts)
    {
        var prediction = engine.Predict(new TextToClassify { Text = text });
        Console.WriteLine($"{prediction.PredictedLabel} ({prediction.Score.Max():0.000}): {text}");
    }
    #endregion
}

#region columns
/// <summary>What the model is given.</summary>
sealed class TextToClassify
{
    public string? Text { get; set; }

    /// <summary>Stays empty. The model asks for the column, as the pipeline that was saved begins by numbering the labels.</summary>
    public string? Label { get; set; }
}

/// <summary>What the model says of a text.</summary>
sealed class Prediction
{
    public string PredictedLabel { get; set; } = "";

    /// <summary>The probability of each class.</summary>
    public float[] Score { get; set; } = [];
}
#endregion
