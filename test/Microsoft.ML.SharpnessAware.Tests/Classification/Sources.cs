using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Rows that cannot be read as if they lay in memory.</summary>
static class Sources
{
    /// <summary>A stream: who reads second gets no row.</summary>
    public static IDataView ReadOnce(MLContext ml, IDataView rows)
    {
        var readers = 0;
        return new Source(rows, (columns, rand) => (readers++ == 0 ? rows : ml.Data.SkipRows(rows, int.MaxValue)).GetRowCursor(columns, rand));
    }

    /// <summary>A query without an order.</summary>
    public static IDataView InAnotherOrderEachTime(MLContext ml, IDataView rows)
    {
        var seed = 0;
        return new Source(rows, (columns, rand) => ml.Data.ShuffleRows(rows, seed: ++seed).GetRowCursor(columns, rand));
    }

    /// <summary>A connection: one reader at a time.</summary>
    public static IDataView OneReaderAtATime(IDataView rows)
    {
        var isOpen = false;
        return new Source(rows, (columns, rand) =>
        {
            Assert.IsFalse(isOpen, "another reader is open");
            isOpen = true;
            return new Cursor(rows.GetRowCursor(columns, rand)) { Disposed = () => isOpen = false };
        });
    }

    /// <summary>A connection that breaks before that row.</summary>
    public static IDataView BreakingBefore(int row, IDataView rows) => new Source(rows, (columns, rand) => new Cursor(rows.GetRowCursor(columns, rand))
    {
        Moving = position => _ = position == row ? throw new IOException($"broken before row {row}") : 0,
    });

    /// <summary>Rows that tell how far they have been read and when no reader is left.</summary>
    public static IDataView Watched(IDataView rows, Action<long> moving, Action disposed) =>
        new Source(rows, (columns, rand) => new Cursor(rows.GetRowCursor(columns, rand)) { Moving = moving, Disposed = disposed });

    sealed class Source(IDataView rows, Func<IEnumerable<DataViewSchema.Column>, Random?, DataViewRowCursor> open) : IDataView
    {
        public DataViewSchema Schema => rows.Schema;

        public bool CanShuffle => rows.CanShuffle;

        public long? GetRowCount() => null;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => open(columnsNeeded, rand);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) => [open(columnsNeeded, rand)];
    }

    sealed class Cursor(DataViewRowCursor rows) : PassingCursor(rows)
    {
        public Action<long> Moving { get; init; } = _ => { };

        public Action Disposed { get; init; } = () => { };

        public override bool MoveNext()
        {
            Moving(Rows.Position + 1);
            return Rows.MoveNext();
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing)
                Disposed();
        }
    }
}
