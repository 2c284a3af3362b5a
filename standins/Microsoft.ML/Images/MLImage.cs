namespace Microsoft.ML.Data;

/// <summary>An image in memory: four bytes a pixel, rows from top to bottom.</summary>
public sealed class MLImage : IDisposable
{
    private readonly int _width;
    private readonly int _height;
    private readonly MLPixelFormat _format;
    private byte[] _pixels;
    private string _tag;

    private MLImage(int width, int height, MLPixelFormat format, byte[] pixels)
    {
        _width = width;
        _height = height;
        _format = format;
        _pixels = pixels;
    }

    public static MLImage CreateFromStream(Stream imageStream)
    {
        ArgumentNullException.ThrowIfNull(imageStream);
        using var buffer = new MemoryStream();
        imageStream.CopyTo(buffer);
        return Decode(buffer.GetBuffer().AsSpan(0, (int)buffer.Length))
            ?? throw new ArgumentException("Invalid input stream contents", nameof(imageStream));
    }

    public static MLImage CreateFromFile(string imagePath)
    {
        ArgumentNullException.ThrowIfNull(imagePath);
        return (File.Exists(imagePath) ? Decode(File.ReadAllBytes(imagePath)) : null)
            ?? throw new ArgumentException("Invalid path", nameof(imagePath));
    }

    public static MLImage CreateFromPixels(int width, int height, MLPixelFormat pixelFormat, ReadOnlySpan<byte> imagePixelData)
    {
        if (pixelFormat is not (MLPixelFormat.Bgra32 or MLPixelFormat.Rgba32))
            throw new ArgumentException("Unsupported pixel format", nameof(pixelFormat));
        if (width <= 0)
            throw new ArgumentException("Invalid width value.", nameof(width));
        if (height <= 0)
            throw new ArgumentException("Invalid height value.", nameof(height));
        if (imagePixelData.Length != width * height * 4)
            throw new ArgumentException($"Invalid {nameof(imagePixelData)} buffer size.");
        return new MLImage(width, height, pixelFormat, imagePixelData.ToArray());
    }

    public MLPixelFormat PixelFormat => Alive(_format);

    public ReadOnlySpan<byte> Pixels => Alive(_pixels);

    /// <summary>The colours alone, three bytes a pixel.</summary>
    public byte[] GetBGRPixels
    {
        get
        {
            var pixels = StraightBgra();
            var colours = new byte[_width * _height * 3];
            for (int from = 0, to = 0; from < pixels.Length; from += 4, to += 3)
                pixels.AsSpan(from, 3).CopyTo(colours.AsSpan(to));
            return colours;
        }
    }

    public string Tag
    {
        get => Alive(_tag);
        set => _tag = Alive(value);
    }

    public int Width => Alive(_width);

    public int Height => Alive(_height);

    public int BitsPerPixel => Alive(32);

    public void Save(string imagePath)
    {
        Alive(_pixels);
        var extension = Path.GetExtension(imagePath);
        NativeImage.Format format;
        switch (extension.ToLowerInvariant())
        {
            case ".png":
                format = NativeImage.Format.Png;
                break;
            case ".jpg" or ".jpeg":
                format = NativeImage.Format.Jpeg;
                break;
            case ".webp":
                throw new NotSupportedException("Saving WebP images is not part of this stand-in of ML.NET. Save as PNG or JPEG.");
            case ".bmp" or ".gif" or ".ico" or ".astc" or ".avif" or ".dng" or ".heif" or ".ktx" or ".pkm" or ".wbmp":
                throw new ArgumentException(
                    $"Saving image with the format '{extension}' is not supported. Try save it with `Jpeg`, `Png`, or `Webp` format.", nameof(imagePath));
            default:
                throw new ArgumentException("Path has invalid image file extension.", nameof(imagePath));
        }

        File.WriteAllBytes(imagePath, NativeImage.Encode(StraightBgra(), _width, _height, format));
    }

    public void Dispose() => _pixels = null;

    private static MLImage Decode(ReadOnlySpan<byte> encoded)
    {
        var pixels = NativeImage.TryDecode(encoded, out var width, out var height);
        if (pixels == null)
            return null;
        Alpha.Premultiply(pixels);
        return new MLImage(width, height, MLPixelFormat.Bgra32, pixels);
    }

    private byte[] StraightBgra()
    {
        var pixels = Alive(_pixels).ToArray();
        Alpha.Unpremultiply(pixels);
        if (_format == MLPixelFormat.Rgba32)
        {
            for (var i = 0; i < pixels.Length; i += 4)
                (pixels[i], pixels[i + 2]) = (pixels[i + 2], pixels[i]);
        }

        return pixels;
    }

    private T Alive<T>(T value) => _pixels == null ? throw new InvalidOperationException("Object is disposed.") : value;
}
