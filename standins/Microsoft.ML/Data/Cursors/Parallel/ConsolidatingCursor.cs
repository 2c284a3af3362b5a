using System.Collections.Concurrent;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Runs cursors on a thread each and gives their rows in the order of their batches.</summary>
internal sealed class ConsolidatingCursor : BlockCursor
{
    private const int BlocksAhead = 2;

    private readonly List<Worker> _workers = [];
    private readonly Task[] _tasks;
    private volatile bool _done;
    private bool _disposed;

    public ConsolidatingCursor(IChannelProvider provider, DataViewRowCursor[] inputs)
        : base(provider, inputs[0].Schema, inputs[0].IsColumnActive)
    {
        _workers.AddRange(inputs.Select(input => new Worker(this, input)));
        _tasks = [.. _workers.Select(worker => Task.Factory.StartNew(worker.Run, TaskCreationOptions.LongRunning))];
    }

    protected override RowBlock NextBlock()
    {
        _workers.RemoveAll(worker => !worker.TryPeek());
        return _workers.MinBy(worker => worker.Head.OrThrow().Batch)?.TakeHead();
    }

    protected override void Dispose(bool disposing)
    {
        if (_disposed)
            return;
        _disposed = true;
        if (disposing)
        {
            _done = true;
            foreach (var worker in _workers)
                worker.Drain();
            Task.WaitAll(_tasks);
        }
        base.Dispose(disposing);
    }

    private sealed class Worker
    {
        private readonly BlockingCollection<RowBlock> _blocks = new(BlocksAhead);
        private readonly ConsolidatingCursor _parent;
        private readonly DataViewRowCursor _input;

        public Worker(ConsolidatingCursor parent, DataViewRowCursor input)
        {
            _parent = parent;
            _input = input;
        }

        public RowBlock Head { get; private set; }

        public bool TryPeek()
        {
            if (Head == null && _blocks.TryTake(out var block, Timeout.Infinite))
                Head = block;
            return Head != null;
        }

        public RowBlock TakeHead()
        {
            var head = Head;
            Head = null;
            return head;
        }

        public void Drain()
        {
            while (_blocks.TryTake(out _, Timeout.Infinite))
                continue;
        }

        public void Run()
        {
            try
            {
                using var input = _input;
                var filler = new BlockFiller(input);
                var batch = -1L;
                while (input.MoveNext() && !_parent._done)
                {
                    if (filler.Count > 0 && input.Batch != batch)
                        _blocks.Add(filler.TakeBlock(batch));
                    batch = input.Batch;
                    filler.AddRow();
                }
                if (filler.Count > 0)
                    _blocks.Add(filler.TakeBlock(batch));
            }
            catch (Exception ex)
            {
                _blocks.Add(new RowBlock(ex));
            }
            _blocks.CompleteAdding();
        }
    }
}
