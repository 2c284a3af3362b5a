namespace ImagePredict;

/// <summary>The images that the command line names.</summary>
static class ImageFiles
{
    const int FewOfAFolder = 5;
    static readonly string[] Endings = [".png", ".jpg", ".jpeg", ".bmp", ".gif"];

    /// <summary>Each file as it is, and of each folder a few images, evenly spread.</summary>
    public static string[] Of(string[] filesAndFolders) => [.. filesAndFolders.SelectMany(Of)];

    static IEnumerable<string> Of(string path) =>
        File.Exists(path) ? [path]
        : Directory.Exists(path) ? Few(path)
        : throw new FileNotFoundException($"There is no file or folder '{path}'.");

    static IEnumerable<string> Few(string folder)
    {
        string[] images = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(IsImage).Order(StringComparer.Ordinal)];
        var few = Math.Min(FewOfAFolder, images.Length);
        return Enumerable.Range(0, few).Select(i => images[(2 * i + 1) * images.Length / (2 * few)]);
    }

    static bool IsImage(string file) => Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);
}
