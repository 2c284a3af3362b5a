using System.Text.RegularExpressions;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public partial class MapTests
{
    const string Library = "src/Microsoft.ML.SharpnessAware";

    static string Map => File.ReadAllText(Repository.PathOf($"{Library}/README.md"));

    [TestMethod]
    public void Map_names_every_folder()
    {
        string[] missing =
        [
            .. Sources.Select(file => Path.GetDirectoryName(file)!).Distinct()
                .Where(folder => folder != "" && !Map.Contains($"`{Path.GetFileName(folder)}/`", StringComparison.Ordinal)),
        ];

        Assert.IsEmpty(missing, $"{Library}/README.md does not name\n{string.Join("\n", missing)}");
    }

    [TestMethod]
    public void Map_names_only_types_that_exist()
    {
        var names = Sources.SelectMany(file => Declaration().Matches(File.ReadAllText(Path.Combine(Repository.PathOf(Library), file)))).Select(type => type.Groups["name"].Value).ToHashSet();

        string[] unknown = [.. Name().Matches(Map).Select(name => name.Groups["name"].Value).Where(name => !names.Contains(name))];

        Assert.IsEmpty(unknown, $"{Library}/README.md names\n{string.Join("\n", unknown)}");
    }

    static IEnumerable<string> Sources => Directory.EnumerateFiles(Repository.PathOf(Library), "*.cs", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Repository.PathOf(Library), file))
        .Where(file => !file.StartsWith("obj", StringComparison.Ordinal) && !file.StartsWith("bin", StringComparison.Ordinal));

    [GeneratedRegex("`(?<name>[A-Z][A-Za-z0-9]+)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"\b(?:class|record struct|record|struct|interface|enum) (?<name>\w+)")]
    private static partial Regex Declaration();
}
