using System.Text.RegularExpressions;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>C# code in Markdown, each piece below a comment that says which region of which compiled file it is.</summary>
static partial class Snippets
{
    /// <summary>The text of a document as it should be: every marked block holds its region.</summary>
    public static string Refresh(string document) =>
        Block().Replace(document, block => $"{block.Groups["head"]}{Region(block.Groups["file"].Value, block.Groups["region"].Value)}\n```");

    /// <summary>The first lines of those C# blocks that no comment marks.</summary>
    public static IEnumerable<string> Unmarked(string document) =>
        AnyBlock().Matches(Block().Replace(document, "")).Select(block => block.Groups["first"].Value);

    static string Region(string file, string region)
    {
        var path = Repository.PathOf(file);
        if (!File.Exists(path))
            throw new FileNotFoundException($"A snippet is to come from {file}, which does not exist.");
        var lines = File.ReadAllLines(path)
            .SkipWhile(line => line.Trim() != $"#region {region}").Skip(1)
            .TakeWhile(line => line.Trim() != "#endregion")
            .ToArray();
        return lines.Length > 0 ? Dedented(lines) : throw new InvalidDataException($"{file} has no region '{region}'.");
    }

    static string Dedented(string[] lines)
    {
        var indent = lines.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line[Math.Min(indent, line.Length)..]));
    }

    [GeneratedRegex(@"(?<head><!-- snippet: (?<file>[^#\n]+)#(?<region>\S+) -->\n```csharp\n).*?^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^```(?:csharp|cs|c#)\n(?<first>.*)$", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex AnyBlock();
}
