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
    public IEnumerable<string> In(string text) => Located(text).Select(word => word.Text);

    /// <summary>The words, and where they stand in the text.</summary>
    public IEnumerable<SourceWord> Located(string text)
    {
        var word = new OpenWord();
        var next = 0;
        foreach (var character in text.EnumerateRunes())
        {
            var start = next;
            next += character.Utf16SequenceLength;
            if (IsLeftOut(character))
                continue;
            var alone = splitIdeographs && IsIdeograph(character.Value);
            if (!word.IsEmpty && (alone || Rune.IsWhiteSpace(character)))
                yield return word.Take();
            if (Rune.IsWhiteSpace(character))
                continue;

            var parts = Normalized(character);
            // A mark that is left out belongs to its word all the same.
            if (parts.Length == 0)
                word.ExtendTo(next);
            foreach (var part in parts.EnumerateRunes())
            {
                var punctuation = IsPunctuation(part);
                if (punctuation && !word.IsEmpty)
                    yield return word.Take();
                word.Append(part, start, next);
                if (punctuation)
                    yield return word.Take();
            }
            if (alone && !word.IsEmpty)
                yield return word.Take();
        }
        if (!word.IsEmpty)
            yield return word.Take();
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

    /// <summary>A word that is being read.</summary>
    sealed class OpenWord
    {
        readonly StringBuilder _text = new();
        int _start;
        int _end;

        public bool IsEmpty => _text.Length == 0;

        public void Append(Rune character, int start, int end)
        {
            if (IsEmpty)
                _start = start;
            _end = end;
            _text.Append(character);
        }

        public void ExtendTo(int end) => _end = end;

        public SourceWord Take()
        {
            var taken = new SourceWord(_text.ToString(), _start, _end);
            _text.Clear();
            return taken;
        }
    }
}
