using System.Collections.Concurrent;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Reads a cursor on a thread of its own and hands its rows to several cursors, block by block.</summary>
internal sealed class CursorSplitter
{
    private const int RowsPerBlock = 128;
    private const int BlocksAhead = 4;

    private readonly BlockingCollection<RowBlock> _blocks = new(BlocksAhead);
    private readonly DataViewRowCursor _input;
    private readonly DataViewSchema _schema;
    private readonly HashSet<int> _active;
    private readonly int _count;
    private readonly Task _reader;
    private int _running;
    private volatile bool _done;

    public CursorSplitter(DataViewRowCursor input, int count)
    {
        _input = input;
        _schema = input.Schema;
        _active = [.. _schema.Where(input.IsColumnActive).Select(c => c.Index)];
        _count = _running = count;
        _reader = Task.Factory.StartNew(Read, TaskCreationOptions.LongRunning);
    }

    public DataViewRowCursor[] CreateCursors(IChannelProvider provider)
        => [.. Enumerable.Range(0, _count).Select(_ => new Cursor(provider, this))];

    private void Read()
    {
        RowBlock last = null;
        try
        {
            using var input = _input;
            var filler = new BlockFiller(input);
            var batch = 0L;
            while (input.MoveNext() && !_done)
            {
                filler.AddRow();
                if (filler.Count == RowsPerBlock)
                    _blocks.Add(filler.TakeBlock(batch++));
            }
            if (filler.Count > 0)
                _blocks.Add(filler.TakeBlock(batch));
        }
        catch (Exception ex)
        {
            last = new RowBlock(ex);
        }
        // One end for each cursor; the first to come gets the error.
        _blocks.Add(last);
        for (var i = 1; i < _count; i++)
            _blocks.Add(null);
        _blocks.CompleteAdding();
    }

    private void CursorDisposed()
    {
        if (Interlocked.Decrement(ref _running) > 0)
            return;
        _done = true;
        while (_blocks.TryTake(out _, Timeout.Infinite))
            continue;
        _reader.Wait();
    }

    private sealed class Cursor : BlockCursor
    {
        private readonly CursorSplitter _splitter;
        private bool _disposed;

        public Cursor(IChannelProvider provider, CursorSplitter splitter)
            : base(provider, splitter._schema, column => splitter._active.Contains(column.Index))
            => _splitter = splitter;

        protected override RowBlock NextBlock() => _splitter._blocks.Take();

        protected override void Dispose(bool disposing)
        {
            if (_disposed)
                return;
            _disposed = true;
            if (disposing)
                _splitter.CursorDisposed();
            base.Dispose(disposing);
        }
    }
}
