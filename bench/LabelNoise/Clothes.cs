using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.ML.Data;

namespace LabelNoise;

/// <summary>Fashion-MNIST in its authors' files: train-images-idx3-ubyte.gz and its like, https://github.com/zalandoresearch/fashion-mnist.</summary>
static class Clothes
{
    public const int Size = 28;
    const int ImagesHeader = 16;
    const int LabelsHeader = 8;

    static readonly string[] _classes = ["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"];

    /// <summary>So many training images, of which that share has another label than its own; rows and labels drawn evenly, by the seed.</summary>
    public static ClothesRow[] Training(string folder, int count, double noise, int seed)
    {
        var random = new Random(seed);
        var rows = Read(folder, "train");
        random.Shuffle(rows);
        rows = rows[..Math.Min(count, rows.Length)];
        foreach (var row in rows[..(int)Math.Round(noise * rows.Length)])
            row.Label = _classes[(Array.IndexOf(_classes, row.Label) + random.Next(1, _classes.Length)) % _classes.Length];
        return rows;
    }

    /// <summary>The test images, with their own labels.</summary>
    public static ClothesRow[] Test(string folder) => Read(folder, "t10k");

    static ClothesRow[] Read(string folder, string part)
    {
        var images = Unpacked(Path.Combine(folder, $"{part}-images-idx3-ubyte.gz"));
        var labels = Unpacked(Path.Combine(folder, $"{part}-labels-idx1-ubyte.gz"));
        var rows = new ClothesRow[BinaryPrimitives.ReadInt32BigEndian(labels.AsSpan(4))];
        for (var i = 0; i < rows.Length; i++)
        {
            var pixels = images.AsSpan(ImagesHeader + i * Size * Size, Size * Size).ToArray();
            rows[i] = new ClothesRow { Features = Array.ConvertAll(pixels, pixel => pixel / 255f), Label = _classes[labels[LabelsHeader + i]] };
        }
        return rows;
    }

    static byte[] Unpacked(string file)
    {
        using var unpacked = new MemoryStream();
        using var packed = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        packed.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}

/// <summary>An image of 28×28 grey levels from 0 to 1, and what it is said to show.</summary>
sealed class ClothesRow
{
    [VectorType(1, Clothes.Size, Clothes.Size)]
    public float[] Features { get; set; } = [];

    public string Label { get; set; } = "";
}
