namespace Microsoft.ML.SharpnessAware;

/// <summary>A row that was left out of training.</summary>
/// <param name="Row">The row's position in the data, counting from 0.</param>
/// <param name="Reason">What is wrong with it.</param>
internal sealed record SkippedRow(long Row, string Reason)
{
    public override string ToString() => $"row {Row}: {Reason}";
}
