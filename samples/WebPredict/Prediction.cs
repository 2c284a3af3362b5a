namespace WebPredict;

/// <summary>What the model says of an image.</summary>
sealed class Prediction
{
    public string? PredictedLabel { get; set; }

    /// <summary>The probability of each class.</summary>
    public float[] Score { get; set; } = [];
}
