namespace Microsoft.ML.SharpnessAware;

/// <summary>The processes that an MPI launcher started, such as <c>mpirun -n 4 --host a:2,b:2 dotnet App.dll</c>. A program that is started without one trains alone.</summary>
/// <remarks>
/// Takes the MPI that is installed, Open MPI or MPICH and what is compatible with it, on Linux. It is loaded when a process that a launcher started uses its
/// workers for the first time; all objects of this class share its connection. All members throw an <see cref="InvalidOperationException"/> if there is no MPI,
/// or not the launcher's. A process that ends while a model is trained ends the others, too.
/// </remarks>
public sealed class MpiWorkers : Workers
{
    readonly TimeSpan _timeout = TimeSpan.FromMinutes(10);
    readonly Lazy<MpiConnection?> _connection;

    /// <summary>The processes of the launcher that started this one.</summary>
    public MpiWorkers() => _connection = new(() => MpiConnection.OfProcess(Timeout));

    /// <summary>How long a worker waits for the others before it ends all of them; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for no limit. Default: 10 minutes.</summary>
    /// <remarks>It has to be longer than what one worker may do while the others wait, such as reading the rows from a slower disk. MPI itself notices neither a worker that hangs nor a network that is cut.</remarks>
    public TimeSpan Timeout
    {
        get => _timeout;
        init => _timeout = Require.That(value > TimeSpan.Zero || value == System.Threading.Timeout.InfiniteTimeSpan, value, "more than 0, or Timeout.InfiniteTimeSpan");
    }

    /// <inheritdoc/>
    public override int Rank => _connection.Value?.Rank ?? 0;

    /// <inheritdoc/>
    public override int Count => _connection.Value?.Count ?? 1;

    /// <inheritdoc/>
    public override void Sum(Span<float> values) => _connection.Value?.Sum(values, Timeout);

    /// <inheritdoc/>
    public override void Sum(Span<double> values) => _connection.Value?.Sum(values, Timeout);

    /// <inheritdoc/>
    public override void Broadcast(Span<byte> bytes, int rank) => _connection.Value?.Broadcast(bytes, rank, Timeout);

    /// <inheritdoc/>
    public override byte[][] Exchange(byte[][] to) => _connection.Value is { } connection ? new PairwiseExchange(this, to).By((piece, into) => connection.Exchange(piece, into, Timeout)) : base.Exchange(to);

    /// <inheritdoc/>
    public override void Abort(string reason)
    {
        if (_connection.Value is { } connection)
            connection.Abort(reason);
        ForcedEnd.OfProcess($"The training on {Environment.MachineName} ends: {reason}");
    }

    /// <inheritdoc/>
    public override IDisposable BeginRun() => new Run(_connection.Value);

    sealed class Run : IDisposable
    {
        MpiConnection? _connection;

        public Run(MpiConnection? connection)
        {
            _connection = connection;
            connection?.BeginRun();
        }

        public void Dispose() => Interlocked.Exchange(ref _connection, null)?.EndRun();
    }
}
