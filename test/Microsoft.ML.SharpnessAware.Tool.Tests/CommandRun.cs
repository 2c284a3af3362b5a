namespace MlnetSam.Tests;

/// <summary>A command that was run in this process, with its output piped.</summary>
sealed record CommandRun(int Code, string Out, string Error)
{
    public static CommandRun Of(params string[] arguments) => Cancelled(CancellationToken.None, arguments);

    /// <summary>With a token that stands for Ctrl+C.</summary>
    public static CommandRun Cancelled(CancellationToken cancellation, params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        var code = CommandLineTool.Run(arguments, new ToolConsole(output, error, Terminal: null), cancellation);
        return new CommandRun(code, output.ToString(), error.ToString());
    }

    /// <summary>The run, which must have ended with that code.</summary>
    public CommandRun EndsWith(int code)
    {
        Assert.AreEqual(code, Code, Out + Error);
        return this;
    }
}
