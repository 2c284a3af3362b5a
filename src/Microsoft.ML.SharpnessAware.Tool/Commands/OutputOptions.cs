using System.CommandLine;

namespace MlnetSam;

/// <summary>Where a command that trains writes, and how much it says.</summary>
sealed class OutputOptions
{
    readonly Option<string> _output = new("--output", "-o") { HelpName = "DIR", Description = "The folder in which the folder of the model is made; the current one by default.", DefaultValueFactory = _ => "." };
    readonly Option<string?> _name = new("--name") { HelpName = "NAME", Description = "The name of the model, of its class and of its folder; that of the data by default." };
    readonly Option<bool> _force = new("--force") { Description = "Replaces files where the model's folder is not empty." };
    readonly Option<string?> _log = new("--log-file-path") { HelpName = "FILE", Description = "A file to which all that is logged is appended." };
    readonly Option<string> _report = new("--report") { HelpName = "none|short|full", Description = "The report on the model, report.html: short, the default, leaves out sharpness and the loss landscape, which can take minutes.", DefaultValueFactory = _ => "short" };
    readonly Option<string> _verbosity = new("--verbosity", "-v") { HelpName = "quiet|minimal|diag", Description = "How much is shown.", DefaultValueFactory = _ => "minimal" };

    public OutputOptions()
    {
        _verbosity.AcceptOnlyFromAmong("quiet", "q", "minimal", "m", "diag");
        _report.AcceptOnlyFromAmong("none", "short", "full");
    }

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _output, _name, _force, _report, _log, _verbosity })
            command.Add(option);
    }

    /// <summary>The model's folder, ready to be written to.</summary>
    /// <exception cref="IOException">It cannot be made, or has files in it.</exception>
    public ModelFolder Folder(ParseResult parsed, string dataset) => ModelFolder.Prepare(parsed.GetRequiredValue(_output), parsed.GetValue(_name) ?? ModelName.Of(dataset), parsed.GetValue(_force));

    /// <summary>How much of a report is written; null for none.</summary>
    public HtmlReportOptions? Report(ParseResult parsed) => parsed.GetRequiredValue(_report) switch
    {
        "none" => null,
        "short" => new HtmlReportOptions { Sharpness = null, Landscape = null },
        _ => new HtmlReportOptions(),
    };

    public RunLog Log(ParseResult parsed, ToolConsole console, RunDisplay display) => new(console, display, VerbosityIn(parsed), parsed.GetValue(_log));

    Verbosity VerbosityIn(ParseResult parsed) => parsed.GetRequiredValue(_verbosity)[0] switch
    {
        'q' => Verbosity.Quiet,
        'd' => Verbosity.Diagnostic,
        _ => Verbosity.Minimal,
    };
}
