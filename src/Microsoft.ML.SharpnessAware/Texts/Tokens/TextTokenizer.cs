using System.Text.Json;

namespace Microsoft.ML.SharpnessAware;

/// <summary>How texts are tokenized: by a vocabulary learned from the training texts, or that of a trained network. The vocabulary is stored in the model.</summary>
[RecordFamily]
public abstract record TextTokenizer : INamesFiles
{
    /// <summary>The same without the place of its files, which a model does not need: the vocabulary is a part of it.</summary>
    internal virtual TextTokenizer WithoutFiles => this;

    /// <summary>What turns texts into ids: learned from those texts, or read from files.</summary>
    /// <exception cref="IOException">A file is missing or cannot be read.</exception>
    /// <exception cref="FormatException">A file is malformed, or lacks a special token.</exception>
    internal abstract ITokenEncoder CreateEncoder(IEnumerable<string> trainingTexts);

    /// <summary>What <see cref="ITokenEncoder.Save"/> of this kind's encoder has written.</summary>
    /// <exception cref="System.Text.Json.JsonException">It is no such JSON.</exception>
    /// <exception cref="FormatException">It is damaged.</exception>
    internal abstract ITokenEncoder Load(Stream saved);

    // What was read from the files is compared by itself.
    object INamesFiles.With(Func<string, string> contentOf) => WithoutFiles;
}

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

    /// <summary>For each id that <see cref="Encode"/> gives, the word that it is of, or is a piece of; null for special tokens.</summary>
    WordPlace?[] Places(string first, string? second, int maxLength);

    /// <summary>Writes all that is needed to make it again, without its files.</summary>
    void Save(Stream stream);
}

/// <summary>Vocabularies as a part of the model file: JSON.</summary>
internal static class SavedVocabulary
{
    public static void Write<T>(Stream stream, T vocabulary) => JsonSerializer.Serialize(stream, vocabulary, RecordJson.Options);

    /// <exception cref="JsonException">It is no JSON of such a vocabulary.</exception>
    public static T Read<T>(Stream stream)
        where T : class => JsonSerializer.Deserialize<T>(stream, RecordJson.Options) ?? throw new JsonException("the vocabulary is missing");
}

/// <summary>Where special tokens stand: start, first text, end; or start, first text, between, second text, end.</summary>
internal sealed class TokenLayout(int[] start, int[] between, int[] end)
{
    readonly int _specialOfPair = start.Length + between.Length + end.Length;

    public int MinLength => _specialOfPair + 2;

    public TokenRow Row(IEnumerable<int> first, IEnumerable<int>? second, int maxLength)
    {
        Require.AtLeast(MinLength, maxLength);
        return second is null
            ? One([.. first.Take(maxLength - start.Length - end.Length)])
            : Two([.. first], [.. second], maxLength - _specialOfPair);
    }

    /// <summary>For each place of the row, the word whose id stands there; null for special tokens.</summary>
    /// <param name="first">For each id of the first text, its word.</param>
    /// <param name="second">The same of the second text; null where there is none.</param>
    /// <param name="maxLength">The most places.</param>
    public WordPlace?[] Places(IEnumerable<SourceWord> first, IEnumerable<SourceWord>? second, int maxLength)
    {
        List<WordPlace> places = [.. first.Select(word => new WordPlace(0, word.Start, word.End))];
        var secondStart = places.Count;
        places.AddRange(second?.Select(word => new WordPlace(1, word.Start, word.End)) ?? []);
        var numbered = new TokenLayout(Special(start), Special(between), Special(end)).Row(
            Enumerable.Range(0, secondStart),
            second is null ? null : Enumerable.Range(secondStart, places.Count - secondStart),
            maxLength);
        return Array.ConvertAll(numbered.Ids, number => number < 0 ? (WordPlace?)null : places[number]);
    }

    static int[] Special(int[] ids) => Array.ConvertAll(ids, _ => -1);

    TokenRow One(int[] ids)
    {
        int[] row = [.. start, .. ids, .. end];
        return new TokenRow(row, row.Length);
    }

    TokenRow Two(int[] first, int[] second, int room)
    {
        if (first.Length + second.Length > room)
            (first, second) = Shortened(first, second, room);
        return new TokenRow([.. start, .. first, .. between, .. second, .. end], start.Length + first.Length + between.Length);
    }

    // As Hugging Face's fast tokenizers do for "longest first": where both are cut, an odd token stays with the longer, or with the second of two equals.
    static (int[], int[]) Shortened(int[] first, int[] second, int room)
    {
        var shorter = Math.Min(Math.Min(first.Length, second.Length), room / 2);
        var longer = room - shorter;
        return first.Length > second.Length ? (first[..longer], second[..shorter]) : (first[..shorter], second[..longer]);
    }
}

/// <summary>An example as ids, special tokens included. From <paramref name="SecondStart"/> on they belong to the second text; where there is none, it is their count.</summary>
internal readonly record struct TokenRow(int[] Ids, int SecondStart);

/// <summary>A word as a vocabulary sees it, and where it stands in the text: from one UTF-16 index up to another.</summary>
internal readonly record struct SourceWord(string Text, int Start, int End);

/// <summary>Where a word stands: in the first text, 0, or the second, 1, from one UTF-16 index up to another.</summary>
internal readonly record struct WordPlace(int Sentence, int Start, int End);
