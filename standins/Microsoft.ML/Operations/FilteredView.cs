using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The rows of a view that pass a test.</summary>
internal sealed class FilteredView : FilterBase
{
    /// <summary>Makes the test of one cursor; it is asked once per row, in order.</summary>
    public delegate Func<bool> TestMaker(DataViewRowCursor cursor);

    private readonly TestMaker _makeTest;
    private readonly DataViewSchema.Column? _tested;

    public FilteredView(IHostEnvironment env, IDataView source, TestMaker makeTest, DataViewSchema.Column? tested = null)
        : base(env, "RangeFilter", source)
    {
        _makeTest = makeTest;
        _tested = tested;
    }

    /// <summary>A test that counts on the order of the rows does not let it change.</summary>
    public override bool CanShuffle => _tested != null && Source.CanShuffle;

    public override DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
        => [GetRowCursor(columnsNeeded, rand)];

    protected override bool? ShouldUseParallelCursors(Func<int, bool> predicate) => false;

    protected override DataViewRowCursor GetRowCursorCore(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = Utils.BuildArray(Source.Schema.Count, columnsNeeded);
        var input = Source.GetRowCursor(Source.Schema.Where(column => active[column.Index] || column.Index == _tested?.Index), rand);
        return new Cursor(Host, input, active, _makeTest(input));
    }

    private sealed class Cursor(IHost host, DataViewRowCursor input, bool[] active, Func<bool> accepts) : LinkedRootCursorBase(host, input)
    {
        public override DataViewSchema Schema => Input.Schema;

        public override long Batch => Input.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => active[column.Index];

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => Input.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

        protected override bool MoveNextCore()
        {
            while (Root.MoveNext())
            {
                if (accepts())
                    return true;
            }

            return false;
        }
    }
}
