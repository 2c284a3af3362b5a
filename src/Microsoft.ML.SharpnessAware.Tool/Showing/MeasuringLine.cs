using Spectre.Console;

namespace MlnetSam;

/// <summary>Says on one line of a terminal how far a measurement has come.</summary>
sealed class MeasuringLine(IAnsiConsole terminal) : IProgress<MeasuringProgress>
{
    const int Width = 60;

    /// <summary>One for the console; null where the output is no terminal.</summary>
    public static MeasuringLine? On(ToolConsole console) => console.Terminal is { } terminal ? new MeasuringLine(terminal) : null;

    public void Report(MeasuringProgress value) => terminal.Write(new Text($"\r{value.Measure}: {value.Step} of {value.Steps}".PadRight(Width) + "\r"));
}
