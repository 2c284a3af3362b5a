using System.Runtime.CompilerServices;

namespace Microsoft.ML.SharpnessAware.Reports.Tests;

/// <summary>Texts that people review, in the folder Golden. With UPDATE_GOLDEN=1 the file is rewritten instead of compared.</summary>
static class Golden
{
    public static void Matches(string file, string actual)
    {
        var path = Path.Combine(Folder(), "Golden", file);
        var text = actual.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }
        Assert.AreEqual(File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "", text, $"Review, then rewrite Golden/{file} with UPDATE_GOLDEN=1.");
    }

    static string Folder([CallerFilePath] string thisFile = "") => Path.GetDirectoryName(thisFile)!;
}
