namespace ModelFile;

/// <summary>What a model says of a picture.</summary>
sealed class Answer
{
    public float[] Score { get; set; } = [];
}
