using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Reports;

/// <summary>The columns that hold what a row is about: its name, and its picture or its texts.</summary>
internal sealed class ContentColumns
{
    readonly DataViewSchema.Column? _name;
    readonly DataViewSchema.Column? _picture;
    readonly DataViewSchema.Column[] _texts;

    ContentColumns(DataViewSchema.Column? name, DataViewSchema.Column? picture, DataViewSchema.Column[] texts) => (_name, _picture, _texts) = (name, picture, texts);

    public IReadOnlyList<DataViewSchema.Column> Columns => [.. _name is { } name ? [name] : Array.Empty<DataViewSchema.Column>(), .. _picture is { } picture ? [picture] : Array.Empty<DataViewSchema.Column>(), .. _texts];

    /// <exception cref="ArgumentOutOfRangeException">There is no column of texts by that name.</exception>
    public static ContentColumns Of(DataViewSchema schema, ReportedModel model, string? nameColumn)
    {
        var inputs = model.Facts.InputColumnNames;
        var name = nameColumn is null
            ? schema.Where(column => IsText(column) && column.Name != model.Facts.LabelColumnName && !inputs.Contains(column.Name)).Select(column => (DataViewSchema.Column?)column).FirstOrDefault()
            : schema.GetColumnOrNull(nameColumn);
        if (nameColumn is not null && (name is null || !IsText(name.Value)))
            throw new ArgumentOutOfRangeException(nameof(nameColumn), $"{nameof(HtmlReportOptions.NameColumnName)} is '{nameColumn}', but the data have no column of texts by that name.");
        return model.ReadsImages
            ? new ContentColumns(name, schema[inputs[0]], [])
            : new ContentColumns(name, null, [.. inputs.Select(input => schema[input])]);
    }

    /// <summary>Reads the row that the cursor stands on, again and again. The picture is the caller's to dispose of.</summary>
    public Func<RowContent> Open(DataViewRow row)
    {
        var name = _name is { } column ? TextGetter(row, column) : null;
        var picture = _picture is { } pictures ? PictureReader.Open(row, pictures) : null;
        var texts = Array.ConvertAll(_texts, text => TextGetter(row, text));
        return () => new RowContent(name?.Invoke(), picture?.Invoke(), texts.Length == 0 ? null : texts[0](), texts.Length < 2 ? null : texts[1]());
    }

    static bool IsText(DataViewSchema.Column column) => !column.IsHidden && column.Type is TextDataViewType;

    static Func<string> TextGetter(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<ReadOnlyMemory<char>>(column);
        ReadOnlyMemory<char> text = default;
        return () =>
        {
            getter(ref text);
            return text.ToString();
        };
    }
}

/// <summary>What a row is about. A picture that cannot be shown is null.</summary>
internal sealed record RowContent(string? Name, SkiaSharp.SKBitmap? Picture, string? Text, string? SecondText);
