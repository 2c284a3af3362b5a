using System.Text.Json;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>A text with the ids that Golden/Texts/Tokens/tokens.py computed.</summary>
sealed record ReferenceTokens(string Text, int[] Lower, int[] Cased, int[] BytePairs)
{
    public static ReferenceTokens[] All { get; } = JsonSerializer.Deserialize<ReferenceTokens[]>(File.ReadAllText(Golden.PathOf("Texts/Tokens/tokens.json")))!;
}
