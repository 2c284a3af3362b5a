using System.Runtime.CompilerServices;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>The repository's files, by their path from its root.</summary>
static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The Markdown documents that readers find.</summary>
    public static IEnumerable<string> Documents =>
    [
        .. Directory.EnumerateFiles(Root, "*.md"),
        .. Directory.EnumerateDirectories(Root).Where(folder => Path.GetFileName(folder) is not "artifacts" and not ['.', ..])
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories)),
    ];

    public static string PathOf(string path) => Path.Combine(Root, path);

    public static string NameOf(string fullPath) => Path.GetRelativePath(Root, fullPath).Replace('\\', '/');

    static string FindRoot([CallerFilePath] string thisFile = "")
    {
        var folder = Path.GetDirectoryName(thisFile);
        while (folder is not null && !File.Exists(Path.Combine(folder, "MlNetSam.sln")))
            folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException($"No folder above {thisFile} has MlNetSam.sln.");
    }
}
