using System.Text.RegularExpressions;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>The library's floors: what stands on one may use what stands below it, and never what stands above or beside it.</summary>
[TestClass]
public partial class FloorsTests
{
    const string Library = "src/Microsoft.ML.SharpnessAware";

    /// <summary>From the bottom to the top; folders in one row do not know each other.</summary>
    static readonly string[][] Floors = [["Persistence"], ["Workers"], ["Optimization"], ["Rules"], ["Training"], ["Classification"], ["Images", "Texts", "Measures", "Comparison"], ["Explanations"], [""]];

    // Checks of arguments, what messages are made of, work on several threads, and what .NET 8 lacks, for all floors.
    static readonly string[] Everywhere = ["Require.cs", "Listing.cs", "FreeThreads.cs", "Net8.cs"];

    static readonly Source[] Sources =
    [
        .. from file in Directory.EnumerateFiles(Repository.PathOf(Library), "*.cs", SearchOption.AllDirectories)
           let path = Path.GetRelativePath(Repository.PathOf(Library), file).Replace('\\', '/')
           where !Everywhere.Contains(path)
           select new Source(path, path.Contains('/', StringComparison.Ordinal) ? path[..path.IndexOf('/', StringComparison.Ordinal)] : "", CodeOf(File.ReadAllText(file))),
    ];

    [TestMethod]
    public void Every_folder_has_its_floor() =>
        Assert.IsEmpty(Sources.Select(source => source.Folder).Distinct().Except(Floors.SelectMany(floor => floor)));

    [TestMethod]
    public void No_file_uses_what_stands_above_or_beside_it()
    {
        var homes = Sources.SelectMany(source => Declaration().Matches(source.Code).Select(match => (Type: match.Groups["type"].Value, source.Folder)))
            .DistinctBy(type => type.Type).ToDictionary(type => type.Type, type => type.Folder);
        Assert.IsGreaterThan(300, homes.Count);

        string[] wrong =
        [
            .. from source in Sources
               from type in Word().Matches(source.Code).Select(word => word.Value).Distinct()
               where homes.TryGetValue(type, out var home) && home != source.Folder && FloorOf(home) >= FloorOf(source.Folder) && !IsMember(type, source.Code)
               select $"{source.Path} uses {type}, which stands in {homes[type]}/",
        ];

        Assert.IsEmpty(wrong, string.Join("\n", wrong));
    }

    static int FloorOf(string folder) => Array.FindIndex(Floors, floor => floor.Contains(folder));

    // A property or method of that name in the file itself.
    static bool IsMember(string name, string code) => Regex.IsMatch(code, $@"[\w>\]?] {name}( \{{ get| =>|\()");

    // Without comments; of texts what is computed in them alone.
    static string CodeOf(string source) => Text().Replace(Comment().Replace(source, ""), text => string.Join(' ', Hole().Matches(text.Value).Select(hole => hole.Value)));

    [GeneratedRegex(@"^(?:public |internal |file )?(?:abstract |sealed |static |readonly |partial )*(?:class|record struct|record|struct|interface|enum) (?<type>\w+)", RegexOptions.Multiline)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"\b[A-Z]\w+\b")]
    private static partial Regex Word();

    [GeneratedRegex(@"//[^\n]*")]
    private static partial Regex Comment();

    [GeneratedRegex("""\$?"(?:[^"\\]|\\.)*"(?=[^"])""")]
    private static partial Regex Text();

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Hole();

    sealed record Source(string Path, string Folder, string Code);
}
