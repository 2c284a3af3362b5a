namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>A folder with the given files, as people download tokenizers; gone when disposed.</summary>
sealed class TokenFiles : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tokens-");

    public TokenFiles(params (string Name, string Content)[] files)
    {
        foreach (var (name, content) in files)
            File.WriteAllText(Path.Combine(Folder, name), content);
    }

    public string Folder => _folder.FullName;

    /// <summary>A vocabulary of pieces, one a line: ids are 0, 1, …</summary>
    public static TokenFiles WordPiece(params string[] tokens) => new(("vocab.txt", string.Join('\n', tokens)));

    /// <summary>With ids 0, 1, … in the order of the tokens.</summary>
    public static TokenFiles BytePair(string[] tokens, params string[] merges) => new(
        ("vocab.json", System.Text.Json.JsonSerializer.Serialize(tokens.Index().ToDictionary(token => token.Item, token => token.Index))),
        ("merges.txt", string.Join('\n', ["#version: 0.2", .. merges, ""])));

    public void Dispose() => _folder.Delete(recursive: true);
}
