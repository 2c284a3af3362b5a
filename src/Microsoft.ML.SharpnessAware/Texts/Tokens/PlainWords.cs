using System.Globalization;
using System.Text;

namespace Microsoft.ML.SharpnessAware;

/// <summary>
/// The words of a text in any language, in Unicode's decomposed form: runs of letters and digits with their marks, and single other characters
/// as one sees them, so that 👩‍👩‍👧 is one word. In scripts that put no spaces between words, each letter is a word.
/// </summary>
internal static class PlainWords
{
    public static IEnumerable<string> In(string text, bool lowerCase) => Located(text, lowerCase).Select(word => word.Text);

    /// <summary>The words, and where they stand in the text.</summary>
    public static IEnumerable<SourceWord> Located(string text, bool lowerCase)
    {
        var (visible, origins) = Canonical(text, lowerCase);
        var word = new StringBuilder();
        var (wordStart, wordEnd) = (0, 0);
        for (int start = 0, next; start < visible.Length; start = next)
        {
            next = EndOfElement(visible, start);
            var first = RuneAt(visible, start);
            var joins = Joins(first) || (word.Length > 0 && IsApostrophe(first) && next < visible.Length && Joins(RuneAt(visible, next)));
            if (joins)
            {
                wordStart = word.Length == 0 ? origins[start].Start : wordStart;
                wordEnd = origins[next - 1].End;
                word.Append(IsApostrophe(first) ? "'" : visible[start..next]);
            }
            else if (Rune.GetUnicodeCategory(first) != UnicodeCategory.Format)
            {
                if (word.Length > 0)
                    yield return new SourceWord(word.ToString(), wordStart, wordEnd);
                word.Clear();
                if (!IsSeparator(first))
                    yield return new SourceWord(visible[start..next], origins[start].Start, origins[next - 1].End);
            }
        }
        if (word.Length > 0)
            yield return new SourceWord(word.ToString(), wordStart, wordEnd);
    }

    /// <summary>Characters that look alike are alike: taken apart, and without what only chooses between black and coloured emoji. For each one, where it comes from in the text.</summary>
    static (string Text, List<(int Start, int End)> Origins) Canonical(string text, bool lowerCase)
    {
        var canonical = new StringBuilder(text.Length);
        var origins = new List<(int Start, int End)>(text.Length);
        var next = 0;
        foreach (var character in text.EnumerateRunes())
        {
            var origin = (Start: next, End: next += character.Utf16SequenceLength);
            if (character.Value is not ('\uFE0E' or '\uFE0F'))
                if (CanonicalDecomposition.Of(character) is string parts)
                    foreach (var part in parts.EnumerateRunes())
                        Append(part, origin);
                else
                    Append(character, origin);
        }
        return (canonical.ToString(), origins);

        void Append(Rune character, (int, int) origin)
        {
            canonical.Append(lowerCase ? Rune.ToLowerInvariant(character) : character);
            while (origins.Count < canonical.Length)
                origins.Add(origin);
        }
    }

    static int EndOfElement(string text, int start) =>
        start + (char.IsAscii(text[start]) && (start + 1 == text.Length || char.IsAscii(text[start + 1])) ? 1 : StringInfo.GetNextTextElementLength(text.AsSpan(start)));

    static Rune RuneAt(string text, int index) => Rune.GetRuneAt(text, index);

    static bool Joins(Rune character) => (Rune.IsLetter(character) || Rune.IsNumber(character) || IsMark(character)) && !StandsAlone(character.Value);

    static bool IsMark(Rune character) => Rune.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    static bool IsApostrophe(Rune character) => character.Value is '\'' or '’';

    static bool IsSeparator(Rune character) => Rune.IsWhiteSpace(character) || Rune.IsControl(character);

    // Thai, Lao, Myanmar, Khmer, kana, and the ideographs.
    static bool StandsAlone(int value) => value is
        (>= 0x0E00 and <= 0x0EFF) or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF) or (>= 0x3005 and <= 0x3007) or (>= 0x3040 and <= 0x30FF) or
        (>= 0x31F0 and <= 0x31FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFF66 and <= 0xFF9F) or
        (>= 0x20000 and <= 0x3FFFF);
}
