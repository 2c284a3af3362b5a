namespace Microsoft.ML.SharpnessAware;

/// <summary>Turns texts into ids. It never changes, and many threads may use it at once.</summary>
internal interface ITokenEncoder
{
    /// <summary>All ids are below it.</summary>
    int VocabularySize { get; }

    /// <summary>The id that fills up the shorter rows of a batch. No text gives it, not even one that spells the padding token.</summary>
    int PadId { get; }

    /// <summary>The least maxLength: there is room for the special tokens and a token of either text.</summary>
    int MinLength { get; }

    /// <summary>The ids of a text or of a pair of texts, with special tokens. What is longer than <paramref name="maxLength"/> loses its end; of a pair, the longer text does first.</summary>
    TokenRow Encode(string first, string? second, int maxLength);

    /// <summary>Writes all that is needed to make it again, without its files.</summary>
    void Save(Stream stream);
}
