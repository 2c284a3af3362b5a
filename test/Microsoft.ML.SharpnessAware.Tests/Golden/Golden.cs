using System.Runtime.CompilerServices;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Texts that people review: one file per behaviour beside this one. With UPDATE_GOLDEN=1 the file is rewritten instead of compared.</summary>
internal static class Golden
{
    static bool Updating => Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1";

    /// <summary>Fails where <paramref name="actual"/> differs from the golden file, such as <c>Errors/Rho.txt</c>, by its first differing line.</summary>
    public static void Matches(string file, string actual)
    {
        var path = PathOf(file);
        var text = WithFinalNewline(actual);

        if (Updating)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
            return;
        }

        if (!File.Exists(path))
            Assert.Fail($"There is no golden file {file} yet. Run the test once with UPDATE_GOLDEN=1, then review:\n{text}");

        var expected = File.ReadAllText(path).ReplaceLineEndings("\n");
        if (expected != text)
            Assert.Fail($"{file} no longer matches. Review, then rewrite it with UPDATE_GOLDEN=1.\n{FirstDifference(expected, text)}");
    }

    /// <summary>The full path of a file of numbers or text in this folder.</summary>
    public static string PathOf(string file) => Path.Combine(Folder(), file);

    static string Folder([CallerFilePath] string thisFile = "") => Path.GetDirectoryName(thisFile)!;

    static string WithFinalNewline(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";

    static string FirstDifference(string expected, string actual)
    {
        var want = expected.Split('\n');
        var have = actual.Split('\n');
        var line = want.Zip(have).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"line {line + 1}\n  expected: {LineAt(want, line)}\n  actual:   {LineAt(have, line)}";
    }

    static string LineAt(string[] lines, int index) => index < lines.Length ? lines[index] : "(end)";
}
