namespace WebPredict;

/// <summary>The probability of a class.</summary>
sealed record ClassScore(string Label, float Score);
