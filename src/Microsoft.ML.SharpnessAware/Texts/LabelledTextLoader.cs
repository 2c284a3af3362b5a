using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware;

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
