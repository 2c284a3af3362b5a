using System.Text;

namespace Microsoft.ML.SharpnessAware;

/// <summary>
/// The words of a text as GPT-2 and RoBERTa have them before they merge bytes: nothing is lost, and a word takes the space before it with it.
/// The pattern is 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+ over code points; .NET's Regex
/// sees UTF-16 halves, which are no letters, in place of characters beyond U+FFFF, and so do the pre-tokenizers of Microsoft.ML.Tokenizers, which use it.
/// </summary>
internal static class GptWords
{
    enum Kind { Letter, Number, Other, WhiteSpace }

    static readonly string[] _contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    public static IEnumerable<Range> In(string text)
    {
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = EndOfWord(text, start);
            yield return start..end;
        }
    }

    static int EndOfWord(string text, int start)
    {
        foreach (var contraction in _contractions)
            if (string.CompareOrdinal(text, start, contraction, 0, contraction.Length) == 0)
                return start + contraction.Length;

        var afterSpace = text[start] == ' ' && start + 1 < text.Length ? start + 1 : start;
        var kind = KindAt(text, afterSpace).Kind;
        return kind == Kind.WhiteSpace ? EndOfSpace(text, start) : EndOfRun(text, afterSpace, kind);
    }

    /// <summary>The last of several white spaces is left to the word that follows.</summary>
    static int EndOfSpace(string text, int start)
    {
        var end = EndOfRun(text, start, Kind.WhiteSpace);
        return end < text.Length && end - 1 > start ? end - 1 : end;
    }

    static int EndOfRun(string text, int start, Kind kind)
    {
        var end = start;
        while (end < text.Length && KindAt(text, end) is var next && next.Kind == kind)
            end += next.Length;
        return end;
    }

    static (Kind Kind, int Length) KindAt(string text, int index)
    {
        Rune.DecodeFromUtf16(text.AsSpan(index), out var character, out var length);
        return (KindOf(character), length);
    }

    static Kind KindOf(Rune character) =>
        Rune.IsLetter(character) ? Kind.Letter
        : Rune.IsNumber(character) ? Kind.Number
        : Rune.IsWhiteSpace(character) ? Kind.WhiteSpace
        : Kind.Other;
}
