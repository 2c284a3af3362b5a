using System.Text;
using Spectre.Console;

namespace MlnetSam;

/// <summary>Where the tool writes.</summary>
/// <param name="Out">Results and lines of progress.</param>
/// <param name="Error">Errors and warnings.</param>
/// <param name="Terminal">A terminal that can redraw lines; null where the output goes to a file or another program.</param>
sealed record ToolConsole(TextWriter Out, TextWriter Error, IAnsiConsole? Terminal)
{
    /// <summary>The console of this process.</summary>
    public static ToolConsole OfProcess()
    {
        if (OperatingSystem.IsWindows())
            Console.OutputEncoding = Encoding.UTF8;
        return new ToolConsole(Console.Out, Console.Error, Console.IsOutputRedirected || !AnsiConsole.Profile.Capabilities.Ansi ? null : AnsiConsole.Console);
    }
}
