using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Consecutive rows of one batch, column by column; or the error that took their place.</summary>
internal sealed record RowBlock(long Batch, int Count, Array[] Columns)
{
    private readonly Exception _error;

    public RowBlock(Exception error)
        : this(-1, 0, [])
        => _error = error;

    public RowBlock OrThrow()
        => _error == null ? this : throw Contracts.Except(_error, "Splitter/consolidator worker encountered exception while consuming source data");
}
