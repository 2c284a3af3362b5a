namespace Microsoft.ML.Runtime;

/// <summary>Progress that nobody listens to: in ML.NET, too, progress events never reach <see cref="MLContext.Log"/>.</summary>
internal sealed class ProgressChannel : IProgressChannel
{
    private readonly IExceptionContext _context;
    private ProgressHeader _header = new(null);
    private bool _disposed;

    public ProgressChannel(IExceptionContext context) => _context = context;

    public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction) => _header = header;

    public void Checkpoint(params double?[] values)
    {
        _context.Check(!_disposed, "Can't report checkpoints after disposing");
        var most = _header.MetricNames.Count + (2 * _header.UnitNames.Count);
        _context.Check((values?.Length ?? 0) <= most, "Too many values provided in Checkpoint");
    }

    public IProgressChannel StartProgressChannel(string name) => new Part();

    public void Dispose() => _disposed = true;

    private sealed class Part : IProgressChannel
    {
        public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction)
        {
        }

        public void Checkpoint(params double?[] values)
        {
        }

        public IProgressChannel StartProgressChannel(string name) => new Part();

        public void Dispose()
        {
        }
    }
}
