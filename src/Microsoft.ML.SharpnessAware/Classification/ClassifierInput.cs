namespace Microsoft.ML.SharpnessAware;

/// <summary>The columns that a classifier reads, of data of one schema.</summary>
internal abstract class ClassifierInput
{
    public abstract IReadOnlyList<DataViewSchema.Column> Columns { get; }

    /// <summary>A cursor over the columns, in the order of the rows.</summary>
    public abstract DataViewRowCursor Cursor(IDataView data);

    /// <summary>Takes what the row has in the columns, again and again as it moves on.</summary>
    public abstract IRowIntake Open(DataViewRow row);
}
