namespace MlnetSam.Tests;

/// <summary>A command that was run in this process, with its output piped.</summary>
sealed record CommandRun(int Code, string Out, string Error)
{
    public static CommandRun Of(params string[] arguments) => Cancelled(CancellationToken.None, arguments);

    /// <summary>With a token that stands for Ctrl+C.</summary>
    public static CommandRun Cancelled(CancellationToken cancellation, params string[] arguments)
    {
        using var output = new StringWriter();
        return To(output, cancellation, arguments);
    }

    /// <summary>With Ctrl+C as soon as it prints that line.</summary>
    public static CommandRun CancelledAt(string line, params string[] arguments)
    {
        using var cancellation = new CancellationTokenSource();
        using var output = new CancellingWriter(line, cancellation);
        return To(output, cancellation.Token, arguments);
    }

    /// <summary>The run, which must have ended with that code.</summary>
    public CommandRun EndsWith(int code)
    {
        Assert.AreEqual(code, Code, Out + Error);
        return this;
    }

    static CommandRun To(StringWriter output, CancellationToken cancellation, string[] arguments)
    {
        using var error = new StringWriter();
        var code = CommandLineTool.Run(arguments, new ToolConsole(output, error, Terminal: null), cancellation);
        return new CommandRun(code, output.ToString(), error.ToString());
    }

    sealed class CancellingWriter(string line, CancellationTokenSource cancellation) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value == line)
                cancellation.Cancel();
        }
    }
}
