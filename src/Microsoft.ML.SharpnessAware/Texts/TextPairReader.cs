using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware;

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
