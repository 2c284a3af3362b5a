using System.Runtime.InteropServices;

namespace MlnetSam;

/// <summary>Ctrl+C and the system's request to end: the first asks the command to come to an end, the second ends the process.</summary>
sealed class Interruption : IDisposable
{
    readonly CancellationTokenSource _source = new();
    readonly PosixSignalRegistration _termination;

    public Interruption()
    {
        Console.CancelKeyPress += Cancel;
        _termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, request => request.Cancel = AskToEnd());
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _termination.Dispose();
        Console.CancelKeyPress -= Cancel;
        _source.Dispose();
    }

    void Cancel(object? sender, ConsoleCancelEventArgs request) => request.Cancel = AskToEnd();

    // Whether it is the first request, which the process outlives.
    bool AskToEnd()
    {
        var isFirst = !_source.IsCancellationRequested;
        _source.Cancel();
        return isFirst;
    }
}
