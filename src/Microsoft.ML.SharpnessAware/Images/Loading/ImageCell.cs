using System.Diagnostics.CodeAnalysis;

namespace Microsoft.ML.SharpnessAware;

/// <summary>One row's image, taken out of the row and not yet decoded. Any thread may decode it.</summary>
internal abstract class ImageCell
{
    /// <summary>Writes the pixels [C, H, W], scaled to the shape, as raw bytes of the reader's element type; or says what is wrong with the image.</summary>
    public bool TryDecode(ImageShape shape, Span<byte> pixels, [NotNullWhen(false)] out string? fault)
    {
        try
        {
            Decode(shape, pixels);
            fault = null;
            return true;
        }
        catch (BadImageException bad)
        {
            fault = bad.Message;
            return false;
        }
    }

    /// <summary>The image's own shape: one channel if it is all grey, else three. Null if it cannot be used, or has none of its own.</summary>
    public ImageShape? OwnShape()
    {
        try
        {
            return Measure();
        }
        catch (BadImageException)
        {
            return null;
        }
    }

    /// <exception cref="BadImageException">The image cannot be used.</exception>
    protected abstract void Decode(ImageShape shape, Span<byte> pixels);

    /// <exception cref="BadImageException">The image cannot be used.</exception>
    protected virtual ImageShape? Measure() => null;
}
