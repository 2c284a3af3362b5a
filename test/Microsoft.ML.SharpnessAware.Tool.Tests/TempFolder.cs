namespace MlnetSam.Tests;

/// <summary>A folder that is gone after the test.</summary>
sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mlnet-sam").FullName;

    public string this[params string[] parts] => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Writes a text as UTF-8 and gives its path.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    /// <summary>A folder of pictures: those of one class are darker than those of the other.</summary>
    /// <param name="name">The folder.</param>
    /// <param name="each">Pictures of each class.</param>
    /// <param name="side">Their width and height in pixels.</param>
    public string Pictures(string name, int each, int side = 16)
    {
        foreach (var (label, level) in new[] { ("dark", 40), ("bright", 180) })
        {
            Directory.CreateDirectory(this[name, label]);
            for (var i = 0; i < each; i++)
                Picture(this[name, label, $"{i}.png"], (byte)(level + i % 20), side);
        }
        return this[name];
    }

    /// <summary>A file of texts about the sky and about food.</summary>
    public string Texts(string name, int each, string head = "Topic\tText") =>
        Write(name, string.Join('\n', [head, .. Enumerable.Range(0, each).SelectMany(i => new[] { $"sky\tsun and rain number {i}", $"food\tsoup and bread number {i}" }), ""]));

    public void Dispose() => Directory.Delete(Path, recursive: true);

    static void Picture(string file, byte level, int side)
    {
        using var bitmap = new SkiaSharp.SKBitmap(side, side);
        for (var i = 0; i < side * side; i++)
            bitmap.SetPixel(i % side, i / side, new SkiaSharp.SKColor(level, (byte)(level + i % 31), (byte)(level + i % 17)));
        using var png = bitmap.Encode(SkiaSharp.SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(file, png.ToArray());
    }
}
