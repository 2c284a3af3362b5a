namespace Microsoft.ML.SharpnessAware;

/// <summary>What a <see cref="WordPieceEncoder"/> is made of, and saved as. A token's place is its id; of a token that occurs twice, the later place counts.</summary>
internal sealed record WordPieces(string[] Tokens, bool LowerCase, bool StripAccents, bool SplitIdeographs, string Unknown, string Start, string Separator, string Padding);
