using System.CommandLine;
using System.CommandLine.Invocation;

namespace MlnetSam;

/// <summary>The command line as a function: what the program does, and what tests call.</summary>
static class CommandLineTool
{
    /// <summary>Runs a command and gives its exit code, one of <see cref="ExitCode"/>.</summary>
    public static int Run(IReadOnlyList<string> arguments, ToolConsole console, CancellationToken cancellation)
    {
        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = console.Out,
                Error = console.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            var parsed = Command(console, cancellation).Parse(arguments);
            if (parsed.Action is ParseErrorAction errors)
                errors.ShowHelp = false; // the message would be lost beneath
            var code = parsed.Invoke(configuration);
            return parsed.Errors.Count > 0 ? ExitCode.WrongCommandLine : code;
        }
        catch (OperationCanceledException)
        {
            console.Error.WriteLine("Cancelled. Nothing was written.");
            return ExitCode.Cancelled;
        }
        catch (Exception fault) when (IsExpected(fault))
        {
            console.Error.WriteLine(CommandErrors.MessageOf(fault));
            return ExitCode.Failed;
        }
    }

    static RootCommand Command(ToolConsole console, CancellationToken cancellation) => new("Trains classifiers of images and texts with Sharpness-Aware Minimization (SAM), as ML.NET models with the code that uses them.")
    {
        ImageCommand.Create(console, cancellation),
        TextCommand.Create(console, cancellation),
        CompareCommand.Create(console, cancellation),
        PredictCommand.Create(console, cancellation),
        EvaluateCommand.Create(console, cancellation),
        SharpnessCommand.Create(console, cancellation),
        LandscapeCommand.Create(console, cancellation),
        ExportCommand.Create(console, cancellation),
    };

    // What a user can mend: files, data, settings, libtorch.
    static bool IsExpected(Exception fault) =>
        fault is IOException or UnauthorizedAccessException or InvalidDataException or InvalidOperationException or FormatException or ArgumentException;
}

/// <summary>How the program ends.</summary>
static class ExitCode
{
    /// <summary>All was done; also where a run was stopped by Ctrl+C or its time limit and a model was written.</summary>
    public const int Done = 0;

    /// <summary>The data, a file or the machine stood in the way; the message says what and how to mend it.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int WrongCommandLine = 2;

    /// <summary>Stopped by Ctrl+C before there was a result.</summary>
    public const int Cancelled = 130;
}
