using System.Diagnostics.CodeAnalysis;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The one connection of a process to the others that the launcher started with it, from its first use to the end of the process.</summary>
internal sealed class MpiConnection
{
    static readonly Lock _opening = new();
    static MpiConnection? _ofProcess;

    readonly Lock _calls = new();
    readonly MpiLibrary _mpi;
    readonly Watchdog _watchdog;
    readonly bool _isOurs;
    readonly string _name;
    int _runs;

    MpiConnection(MpiLauncher launcher, TimeSpan timeout)
    {
        using var handlers = SignalHandlers.Keep();
        _mpi = MpiLibrary.Load(MpiLibrary.Names(launcher));
        _name = Name(launcher.Rank, launcher.Count);
        _watchdog = new(limit => End(Invariant($"{_name} has waited {limit.TotalSeconds:0.###} s for the others, and ends.")));
        _isOurs = !_mpi.IsInitialized;
        if (_isOurs)
            using (_watchdog.Begin(timeout))
                _mpi.Initialize();
        Rank = _mpi.Rank;
        Count = _mpi.Count;
        _name = Name(Rank, Count);
    }

    public int Rank { get; }

    public int Count { get; }

    /// <summary>The connection, which the first call opens; null if no launcher started this process.</summary>
    public static MpiConnection? OfProcess(TimeSpan timeout)
    {
        if (MpiLauncher.Find(Environment.GetEnvironmentVariable) is not { } launcher)
            return null;
        lock (_opening)
        {
            _ofProcess ??= Open(launcher, timeout);
            _ofProcess.CheckCount(launcher);
            return _ofProcess;
        }
    }

    public void Sum(Span<float> values, TimeSpan timeout)
    {
        lock (_calls)
            using (_watchdog.Begin(timeout))
                _mpi.Sum(values);
    }

    public void Sum(Span<double> values, TimeSpan timeout)
    {
        lock (_calls)
            using (_watchdog.Begin(timeout))
                _mpi.Sum(values);
    }

    public void Broadcast(Span<byte> bytes, int rank, TimeSpan timeout)
    {
        lock (_calls)
            using (_watchdog.Begin(timeout))
                _mpi.Broadcast(bytes, rank);
    }

    /// <inheritdoc cref="MpiLibrary.Exchange"/>
    public void Exchange(Pieces to, Pieces from, TimeSpan timeout)
    {
        lock (_calls)
            using (_watchdog.Begin(timeout))
                _mpi.Exchange(to, from);
    }

    public void BeginRun() => Interlocked.Increment(ref _runs);

    public void EndRun() => Interlocked.Decrement(ref _runs);

    [DoesNotReturn]
    public void Abort(string reason) => End($"{_name} ends the training of all: {reason.ReplaceLineEndings(" ")}");

    static MpiConnection Open(MpiLauncher launcher, TimeSpan timeout)
    {
        var connection = new MpiConnection(launcher, timeout);
        AppDomain.CurrentDomain.UnhandledException += (_, unhandled) => connection.OnUnhandled(unhandled.ExceptionObject);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => connection.OnExit();
        return connection;
    }

    // Otherwise each would train alone, and all would write to the same files.
    void CheckCount(MpiLauncher launcher)
    {
        if (launcher.Count is { } count && count != Count)
            throw new InvalidOperationException(Invariant(
                $"The launcher started {count} processes, but {_mpi.Name} joined {Count}: they are not of the same MPI. Start the program by the launcher of that library, or install the launcher's library (SLURM: srun --mpi=list says what it can start)."));
    }

    static string Name(int? rank, int? count) =>
        rank is null ? $"A worker on {Environment.MachineName}" : Invariant($"Worker {rank + 1}{(count is null ? "" : $" of {count}")} on {Environment.MachineName}");

    [DoesNotReturn]
    void End(string line, int exitCode = 1) => ForcedEnd.OfProcess(line, () => _mpi.Abort(exitCode));

    // What .NET would write of the exception comes too late.
    void OnUnhandled(object exception) => End($"{_name} ends the training of all:{Environment.NewLine}Unhandled exception. {exception}");

    // MPI_Finalize waits for the others. While they wait for this process, or if it has failed, they would wait for ever. Otherwise it may take as long as they have
    // something to do after the training.
    void OnExit()
    {
        if (_runs > 0)
            Abort("its process ended before the training did.");
        if (Environment.ExitCode != 0)
            End(Invariant($"{_name} ends all: its process ended with exit code {Environment.ExitCode}."), Environment.ExitCode);
        if (!_isOurs)
            return;
        lock (_calls)
            _mpi.Finish();
    }
}
