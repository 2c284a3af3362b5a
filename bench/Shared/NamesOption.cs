using System.CommandLine;

namespace Benchmarks;

/// <summary>An option that takes some names out of a list, in the list's order; all of them by default.</summary>
sealed class NamesOption : Option<string[]>
{
    public NamesOption(string name, string description, IEnumerable<string> names)
        : base(name)
    {
        string[] all = [.. names];
        Description = description;
        HelpName = "NAMES";
        AllowMultipleArgumentsPerToken = true;
        DefaultValueFactory = _ => all;
        AcceptOnlyFromAmong(all);
    }
}
