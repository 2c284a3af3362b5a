using System.Runtime.InteropServices;

namespace Microsoft.ML.Data;

/// <summary>The image formats, read and written by the machine's libraries: pixels are blue, green, red, alpha.</summary>
internal static unsafe partial class NativeImage
{
    public enum Format
    {
        Jpeg = 1,
        Png = 2,
    }

    private const string Library = "imageshim";
    private const int BestQuality = 100;

    /// <summary>The pixels of an encoded image; null when the bytes are no image that can be read.</summary>
    public static byte[] TryDecode(ReadOnlySpan<byte> encoded, out int width, out int height)
    {
        width = height = 0;
        byte* pixels;
        int decodedWidth, decodedHeight, hasAlpha;
        fixed (byte* bytes = encoded)
        {
            if (image_decode(bytes, encoded.Length, 0, &pixels, &decodedWidth, &decodedHeight, &hasAlpha) != 0)
                return null;
        }

        try
        {
            (width, height) = (decodedWidth, decodedHeight);
            return new ReadOnlySpan<byte>(pixels, checked(width * height * 4)).ToArray();
        }
        finally
        {
            image_free(pixels);
        }
    }

    public static byte[] Encode(ReadOnlySpan<byte> pixels, int width, int height, Format format)
    {
        byte* encoded;
        long length;
        fixed (byte* source = pixels)
        {
            if (image_encode(source, width, height, (int)format, BestQuality, &encoded, &length) != 0)
                throw new InvalidOperationException(Marshal.PtrToStringUTF8((nint)image_last_error()));
        }

        try
        {
            return new ReadOnlySpan<byte>(encoded, checked((int)length)).ToArray();
        }
        finally
        {
            image_free(encoded);
        }
    }

    [LibraryImport(Library)]
    private static partial byte* image_last_error();

    [LibraryImport(Library)]
    private static partial int image_decode(byte* bytes, long length, long maxPixels, byte** pixels, int* width, int* height, int* hasAlpha);

    [LibraryImport(Library)]
    private static partial int image_encode(byte* pixels, int width, int height, int format, int quality, byte** encoded, long* encodedLength);

    [LibraryImport(Library)]
    private static partial void image_free(void* buffer);
}
