namespace Microsoft.ML.SharpnessAware;

/// <summary>The columns of texts that a classifier reads.</summary>
internal sealed class TextInput(TextModel model, TextPairReader reader, ITokenEncoder encoder) : ClassifierInput
{
    public override IReadOnlyList<DataViewSchema.Column> Columns => reader.Columns;

    public override DataViewRowCursor Cursor(IDataView data) => data.GetRowCursor(reader.Columns);

    public override IRowIntake Open(DataViewRow row) => new TextIntake(model, reader.Open(row), encoder);
}
