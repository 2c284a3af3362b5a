namespace MlnetSam;

/// <summary>Ctrl+C and the system's request to end: the first asks the command to come to an end, the second ends the process.</summary>
sealed class Interruption : IDisposable
{
    readonly CancellationTokenSource _source = new();

    public Interruption() => Console.CancelKeyPress += Cancel;

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        Console.CancelKeyPress -= Cancel;
        _source.Dispose();
    }

    void Cancel(object? sender, ConsoleCancelEventArgs request)
    {
        request.Cancel = !_source.IsCancellationRequested;
        _source.Cancel();
    }
}
