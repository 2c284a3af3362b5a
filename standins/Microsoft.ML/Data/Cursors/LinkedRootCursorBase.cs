using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

[InternalInMlNet]
public abstract class LinkedRootCursorBase : RootCursorBase
{
    private bool _disposed;

    protected LinkedRootCursorBase(IChannelProvider provider, DataViewRowCursor input)
        : base(provider)
    {
        Input = input;
        Root = (input as SynchronizedCursorBase)?.Root ?? input;
    }

    protected DataViewRowCursor Input { get; }

    protected DataViewRowCursor Root { get; }

    protected override void Dispose(bool disposing)
    {
        if (_disposed)
            return;
        if (disposing)
            Input.Dispose();
        _disposed = true;
        base.Dispose(disposing);
    }
}
