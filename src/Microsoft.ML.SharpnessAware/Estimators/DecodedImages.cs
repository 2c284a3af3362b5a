namespace Microsoft.ML.SharpnessAware;

/// <summary>The pixels of some images, one after another; those that cannot be decoded have a fault instead.</summary>
internal sealed record DecodedImages(byte[] Pixels, string?[] Faults)
{
    public int Count => Faults.Length;

    public static DecodedImages Of(IReadOnlyList<ImageCell> cells, ImageShape shape, int size)
    {
        var decoded = new DecodedImages(new byte[cells.Count * size], new string?[cells.Count]);
        Parallel.For(0, cells.Count, i => cells[i].TryDecode(shape, decoded.Pixels.AsSpan(i * size, size), out decoded.Faults[i]));
        return decoded;
    }
}
