using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Labelled texts, or pairs of texts, as they came.</summary>
internal sealed class LabelledTexts(TextPair[] texts, long[] labels, float[] exampleWeights, IReadOnlyList<SkippedRow> skipped, int missingLabels) : IDivisibleRows<LabelledTexts>
{
    public int Count => labels.Length;

    public IReadOnlyList<TextPair> Texts => texts;

    public IReadOnlyList<long> Labels => labels;

    public IReadOnlyList<float> ExampleWeights => exampleWeights;

    public IReadOnlyList<SkippedRow> Skipped => skipped;

    public int MissingLabels => missingLabels;

    // A vocabulary is learned from all texts, so that each worker has read all.
    public LabelledTexts SharedBy(Team team) => this;

    public (LabelledTexts Train, LabelledTexts Validation) Split(double validationFraction, long seed)
    {
        var (train, validation) = RowOrder.Divide(Count, validationFraction, seed);
        return (View(train), View(validation));
    }

    public void AddTo(IncrementalHash hash)
    {
        for (var i = 0; i < Count; i++)
        {
            hash.AppendData(BitConverter.GetBytes(labels[i]));
            hash.AppendData(BitConverter.GetBytes(exampleWeights[i]));
            Add(texts[i].First);
            Add(texts[i].Second);
        }

        // The length first: without it, two texts would be the same as one of both.
        void Add(string? text)
        {
            hash.AppendData(BitConverter.GetBytes(text?.Length ?? -1));
            hash.AppendData(Encoding.Unicode.GetBytes(text ?? ""));
        }
    }

    public void Dispose() { }

    LabelledTexts View(int[] rows) =>
        new(Array.ConvertAll(rows, row => texts[row]), Array.ConvertAll(rows, row => labels[row]), Array.ConvertAll(rows, row => exampleWeights[row]), skipped, missingLabels);
}

/// <summary>What to do with a row whose text, or both of whose texts, are missing, empty or white space.</summary>
public enum EmptyTextPolicy
{
    /// <summary>The row is used like others.</summary>
    Keep,

    /// <summary>Training leaves it out, and reports how many and which; scoring gives it NaN and no label.</summary>
    Skip,

    /// <summary>Training and scoring stop with an error that names the row.</summary>
    Fail,
}

/// <summary>Reads a data view of labelled texts once from beginning to end.</summary>
internal sealed class LabelledTextLoader(IDataView data, TextLoading loading)
{
    readonly List<TextPair> _texts = [];
    readonly List<long> _labels = [];
    readonly List<float> _weights = [];
    readonly List<SkippedRow> _skipped = [];
    int _missingLabels;

    /// <exception cref="InvalidOperationException">A text is empty where that is not allowed, or a weight is none, or no row is left.</exception>
    public LabelledTexts Load()
    {
        var reader = new TextPairReader(data.Schema, loading.Sentence1Column, loading.Sentence2Column);
        var labels = data.Schema[loading.LabelColumn];
        var weights = new ExampleWeightReader(data.Schema, loading.WeightColumn);
        using var cursor = data.GetRowCursor([.. reader.Columns, labels, .. weights.Columns]);
        var (text, label, weight) = (reader.Open(cursor), LabelReader.Open(cursor, labels), weights.Open(cursor));
        while (cursor.MoveNext())
        {
            loading.CheckAlive();
            if (label() is > 0 and var key)
                Add(cursor.Position, text(), key - 1, weight());
            else
                _missingLabels++;
        }
        return _labels.Count > 0 ? new LabelledTexts([.. _texts], [.. _labels], [.. _weights], _skipped, _missingLabels) : throw NothingLeft();
    }

    void Add(long row, TextPair text, long label, float weight)
    {
        if (text.IsEmpty && loading.EmptyTexts != EmptyTextPolicy.Keep)
        {
            Skip(row);
            return;
        }
        _texts.Add(text);
        _labels.Add(label);
        _weights.Add(weight);
    }

    void Skip(long row)
    {
        if (loading.EmptyTexts == EmptyTextPolicy.Fail)
            throw new InvalidOperationException($"Row {row} (counting from 0) cannot be used: {TextPair.EmptyReason} in column '{loading.Sentence1Column}'{(loading.Sentence2Column is { } second ? $" or '{second}'" : "")}. Remove the row, or set EmptyTexts to Skip to train without such rows, or to Keep to train on them.");
        _skipped.Add(new SkippedRow(row, TextPair.EmptyReason));
    }

    InvalidOperationException NothingLeft()
    {
        var rows = _missingLabels + _skipped.Count;
        return new($"Column '{loading.Sentence1Column}' gives no text to learn from: {(rows == 0 ? "the data have no rows" : $"of {rows} rows, {_missingLabels} lack a label and {_skipped.Count} a text")}.");
    }
}

/// <summary>Which texts and labels to load, and how.</summary>
internal sealed record TextLoading
{
    public required string Sentence1Column { get; init; }

    /// <summary>Null: rows have one text.</summary>
    public string? Sentence2Column { get; init; }

    public required string LabelColumn { get; init; }

    /// <summary>Null: each row counts 1.</summary>
    public string? WeightColumn { get; init; }

    public EmptyTextPolicy EmptyTexts { get; init; }

    /// <summary>Called for every row; throws to stop.</summary>
    public Action CheckAlive { get; init; } = () => { };
}

/// <summary>A row's text, or its two.</summary>
internal readonly record struct TextPair(string First, string? Second)
{
    /// <summary>Why the row may be unusable, as the end of a sentence.</summary>
    public const string EmptyReason = "it has no text";

    public bool IsEmpty => string.IsNullOrWhiteSpace(First) && string.IsNullOrWhiteSpace(Second);
}

/// <summary>Reads a column of texts, or two side by side. A missing text is an empty one.</summary>
internal sealed class TextPairReader(DataViewSchema schema, string firstColumn, string? secondColumn)
{
    readonly DataViewSchema.Column _first = TextColumn(schema, firstColumn);
    readonly DataViewSchema.Column? _second = secondColumn is null ? null : TextColumn(schema, secondColumn);

    public IReadOnlyList<DataViewSchema.Column> Columns => _second is { } second ? [_first, second] : [_first];

    /// <summary>Takes the texts of the row that the cursor stands on, again and again.</summary>
    public Func<TextPair> Open(DataViewRow row)
    {
        var first = Getter(row, _first);
        var second = _second is { } column ? Getter(row, column) : null;
        return () => new TextPair(first(), second?.Invoke());
    }

    static Func<string> Getter(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> text = default;
        return () =>
        {
            getter(ref text);
            return text.ToString();
        };
    }

    static DataViewSchema.Column TextColumn(DataViewSchema schema, string name) => schema[name].Type is TextDataViewType
        ? schema[name]
        : throw new ArgumentException($"Cannot read texts from column '{name}': expected text, but got {schema[name].Type}.");
}
