using System.Globalization;
using System.Text;

namespace Microsoft.ML.SharpnessAware;

/// <summary>
/// The words of a text as BERT has them before it cuts them in pieces: split at white space, punctuation by itself, control characters left out.
/// As Hugging Face's fast tokenizer does it (tokenizers, normalizers/bert.rs and pre_tokenizers/bert.rs). Microsoft.ML.Tokenizers' BertTokenizer
/// leaves out line breaks and symbols such as $ and 😀, so its ids are others.
/// </summary>
internal sealed class BertWords(bool lowerCase, bool stripAccents, bool splitIdeographs)
{
    public IEnumerable<string> In(string text)
    {
        var word = new StringBuilder();
        foreach (var character in text.EnumerateRunes())
        {
            if (IsLeftOut(character))
                continue;
            var alone = splitIdeographs && IsIdeograph(character.Value);
            if (word.Length > 0 && (alone || Rune.IsWhiteSpace(character)))
                yield return Take(word);
            if (Rune.IsWhiteSpace(character))
                continue;

            foreach (var part in Normalized(character).EnumerateRunes())
            {
                var punctuation = IsPunctuation(part);
                if (punctuation && word.Length > 0)
                    yield return Take(word);
                word.Append(part);
                if (punctuation)
                    yield return Take(word);
            }
            if (alone && word.Length > 0)
                yield return Take(word);
        }
        if (word.Length > 0)
            yield return Take(word);
    }

    static string Take(StringBuilder word)
    {
        var taken = word.ToString();
        word.Clear();
        return taken;
    }

    string Normalized(Rune character) => stripAccents && !character.IsAscii ? WithoutAccents(character) : Cased(character);

    string WithoutAccents(Rune character) => string.Concat(
        from part in (CanonicalDecomposition.Of(character) ?? character.ToString()).EnumerateRunes()
        where Rune.GetUnicodeCategory(part) != UnicodeCategory.NonSpacingMark
        select Cased(part));

    // The one character whose lower case is two: .NET's invariant culture leaves it as it is.
    string Cased(Rune character) => !lowerCase ? character.ToString() : character.Value == 'İ' ? "i\u0307" : Rune.ToLowerInvariant(character).ToString();

    /// <summary>Characters that show nothing, but for tabs and line breaks. Half of a surrogate pair is read as U+FFFD, and left out too.</summary>
    static bool IsLeftOut(Rune character) => character.Value switch
    {
        '\t' or '\n' or '\r' => false,
        0xFFFD => true,
        _ => Rune.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse,
    };

    /// <summary>ASCII's symbols count as punctuation, other symbols do not.</summary>
    static bool IsPunctuation(Rune character) => Rune.IsPunctuation(character) || (character.IsAscii && Rune.IsSymbol(character));

    // The ranges of the fast tokenizer. BERT's own begin the last but two at 2B820; there, the fast tokenizer has 2B920.
    static bool IsIdeograph(int value) => value is
        (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F) or
        (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
