using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

[InternalInMlNet]
public abstract class SynchronizedCursorBase : DataViewRowCursor
{
    protected readonly IChannel Ch;
    internal readonly DataViewRowCursor Root;
    private bool _disposed;

    protected SynchronizedCursorBase(IChannelProvider provider, DataViewRowCursor input)
    {
        Ch = provider.Start("Cursor");
        Input = input;
        Root = (input as SynchronizedCursorBase)?.Root ?? input;
    }

    public sealed override long Position => Root.Position;

    public sealed override long Batch => Root.Batch;

    protected DataViewRowCursor Input { get; }

    protected bool IsGood => Position >= 0;

    public sealed override bool MoveNext() => Root.MoveNext();

    public sealed override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

    protected override void Dispose(bool disposing)
    {
        if (_disposed)
            return;
        if (disposing)
        {
            Input.Dispose();
            Ch.Dispose();
        }
        base.Dispose(disposing);
        _disposed = true;
    }
}
