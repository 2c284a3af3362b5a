namespace LabelNoise;

/// <summary>How a network was trained.</summary>
sealed record Trial(Settings Settings, string Method, string Rule, int Seed);
