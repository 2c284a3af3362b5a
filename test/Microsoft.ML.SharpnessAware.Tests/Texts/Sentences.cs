namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Data sets of short texts in three classes, each with words of its own among words that all have.</summary>
static class Sentences
{
    static readonly string[] Classes = ["weather", "food", "music"];

    static readonly string[][] Words = [["rain", "sun", "wind", "clouds"], ["bread", "soup", "apples", "cheese"], ["piano", "songs", "drums", "choir"]];

    /// <summary>Rows as a user has them: two texts, a text label, and a number that goes along.</summary>
    public static IDataView Rows(MLContext ml, int count = 12) => RowsOf(Row)(ml, count);

    public static IDataView RowsWithoutLabel(MLContext ml, int count = 12) =>
        RowsOf(i => new SentenceOnly { Sentence1 = Text(i), Sentence2 = Text(i + 1) })(ml, count);

    /// <summary>Rows of any kind, made from their numbers.</summary>
    public static Func<MLContext, int, IDataView> RowsOf<T>(Func<int, T> row)
        where T : class => Pictures.RowsOf(row);

    /// <summary>The same rows with labels made into keys.</summary>
    public static IDataView KeyedRows(MLContext ml, int count = 12) => Pictures.Keyed(ml, Rows(ml, count));

    public static SentenceRow Row(int number) => new() { Sentence1 = Text(number), Sentence2 = Text(number + 1), Label = Classes[number % Classes.Length], Number = number };

    /// <summary>The number-th text: its class goes round, its length goes up and down.</summary>
    public static string Text(int number)
    {
        var words = Words[number % Classes.Length];
        return $"today the {words[number % 4]} and {string.Join(" and ", Enumerable.Range(0, number % 5 + 1).Select(i => words[(number + i) % 4]))}, nothing else";
    }
}

sealed class SentenceRow
{
    public string? Sentence1 { get; set; }

    public string? Sentence2 { get; set; }

    public string? Label { get; set; }

    public float Number { get; set; }
}

sealed class SentenceOnly
{
    public string? Sentence1 { get; set; }

    public string? Sentence2 { get; set; }
}
