using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The rows after the first ones, or the first ones alone.</summary>
internal sealed class SkipTakeView : FilterBase
{
    private readonly long _skip;
    private readonly long _take;

    public SkipTakeView(IHostEnvironment env, IDataView source, long skip, long take)
        : base(env, "SkipTakeFilter", source)
    {
        _skip = skip;
        _take = take;
    }

    public override bool CanShuffle => false;

    public override long? GetRowCount() => Source.GetRowCount() is { } count ? Math.Min(Math.Max(0, count - _skip), _take) : null;

    public override DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursorCore(columnsNeeded)];

    protected override bool? ShouldUseParallelCursors(Func<int, bool> predicate) => false;

    protected override DataViewRowCursor GetRowCursorCore(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
        => new Cursor(Host, Source.GetRowCursor(columnsNeeded), Utils.BuildArray(OutputSchema.Count, columnsNeeded), _skip, _take);

    private sealed class Cursor(IHost host, DataViewRowCursor input, bool[] active, long skip, long take) : LinkedRootCursorBase(host, input)
    {
        private long _left = take;

        public override DataViewSchema Schema => Input.Schema;

        public override long Batch => 0;

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Input.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

        protected override bool MoveNextCore()
        {
            if (_left-- <= 0)
                return false;
            for (var toSkip = Position < 0 ? skip : 0; toSkip > 0; toSkip--)
            {
                if (!Root.MoveNext())
                    return false;
            }

            return Root.MoveNext();
        }
    }
}
