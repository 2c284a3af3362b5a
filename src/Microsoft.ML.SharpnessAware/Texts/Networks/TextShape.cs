namespace Microsoft.ML.SharpnessAware;

/// <summary>What a network has to know of the texts that it is given, as token ids.</summary>
/// <param name="Vocabulary">How many ids there are; they count from 0.</param>
/// <param name="MaxLength">The most tokens that a text has.</param>
/// <param name="PadId">The id that fills up short texts and is never produced by one.</param>
public sealed record TextShape(int Vocabulary, int MaxLength, int PadId)
{
    /// <summary>How many ids there are; they count from 0.</summary>
    public int Vocabulary { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Vocabulary);

    /// <summary>The most tokens that a text has.</summary>
    public int MaxLength { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, MaxLength);

    /// <summary>The id that fills up short texts and is never produced by one.</summary>
    public int PadId { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, PadId);
}
