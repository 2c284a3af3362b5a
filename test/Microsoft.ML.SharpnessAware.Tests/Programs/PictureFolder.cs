namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>A folder of images as people have them: one folder for each class, with small PNG files in it; gone when disposed.</summary>
sealed class PictureFolder : IDisposable
{
    public PictureFolder(int count = 12)
    {
        for (var i = 0; i < count; i++)
        {
            var (picture, file) = (Pictures.Row(i), System.IO.Path.Combine(Path, Pictures.Row(i).Label!, $"{i}.png"));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file, picture.Image);
        }
    }

    public string Path { get; } = Directory.CreateTempSubdirectory("pictures").FullName;

    public IEnumerable<string> Files => Directory.EnumerateFiles(Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
