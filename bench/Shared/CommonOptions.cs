using System.CommandLine;

namespace Benchmarks;

/// <summary>The options of all programs that gather the results of many runs.</summary>
static class CommonOptions
{
    /// <param name="name">The name of the file by default, in the folder artifacts.</param>
    public static Option<string> Results(string name) =>
        new("--results") { HelpName = "FILE", Description = "Where results are gathered, and found when run again.", DefaultValueFactory = _ => Path.Combine("artifacts", name) };

    public static Option<int> Seeds(string description) => new("--seeds") { HelpName = "N", Description = description, DefaultValueFactory = _ => 3 };

    public static Option<int> Threads { get; } = new("--threads") { HelpName = "N", Description = "Threads of libtorch; one per core by default." };
}
