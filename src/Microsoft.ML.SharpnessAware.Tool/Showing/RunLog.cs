using Microsoft.ML.Runtime;

namespace MlnetSam;

/// <summary>How much is shown on the console.</summary>
enum Verbosity
{
    /// <summary>Errors, warnings and the result.</summary>
    Quiet,

    /// <summary>What is trained, each epoch and the result.</summary>
    Minimal,

    /// <summary>All that ML.NET and the library log.</summary>
    Diagnostic,
}

/// <summary>Takes what ML.NET logs and what the tool says to the console and to the log file.</summary>
sealed class RunLog(ToolConsole console, RunDisplay display, Verbosity verbosity, string? file) : IDisposable
{
    readonly Lock _lock = new();
    readonly StreamWriter? _file = file is null ? null : new StreamWriter(file, append: true) { AutoFlush = true };

    /// <summary>Listens to what the context logs.</summary>
    public void ListenTo(MLContext context) => context.Log += (_, message) => Take(message);

    /// <summary>Says a line that is part of the result.</summary>
    public void Result(string text)
    {
        Write(text);
        display.Line(text);
    }

    /// <summary>Says a line, but for those who want it quiet.</summary>
    public void Say(string text)
    {
        Write(text);
        if (verbosity != Verbosity.Quiet)
            display.Line(text);
    }

    /// <summary>Says how an epoch went. The log file has it from the library.</summary>
    public void Epoch(EpochMetrics epoch)
    {
        if (verbosity == Verbosity.Minimal)
            display.Line(epoch.ToString());
    }

    /// <summary>Says what is odd.</summary>
    public void Warn(string text)
    {
        Write(text);
        ShowWarning(text);
    }

    public void Dispose() => _file?.Dispose();

    void Take(LoggingEventArgs message)
    {
        if (verbosity != Verbosity.Diagnostic && message.Kind < ChannelMessageKind.Info)
            return;
        Write(message.Message);
        if (verbosity == Verbosity.Diagnostic)
            display.Line(message.Message);
        else if (message.Kind >= ChannelMessageKind.Warning)
            ShowWarning(message.RawMessage);
        else if (verbosity == Verbosity.Minimal && IsOfTrainer(message) && !display.HasBegun)
            display.Line(message.RawMessage);
    }

    // On a terminal a line may stand only where the display puts it.
    void ShowWarning(string text)
    {
        if (console.Terminal is null)
            console.Error.WriteLine(text);
        else
            display.Line(text);
    }

    // Once training has begun, the display shows the steps and the epochs itself.
    static bool IsOfTrainer(LoggingEventArgs message) => message.Source.StartsWith("Sam", StringComparison.Ordinal);

    void Write(string text)
    {
        lock (_lock)
            _file?.WriteLine($"{TimeProvider.System.GetLocalNow():yyyy-MM-dd HH:mm:ss} {text}");
    }
}
