using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A safetensors file that also holds a state as JSON, and a checksum over all of its bytes.</summary>
/// <remarks>The checksum is the SHA-256 of the file as it is with 64 zeros in the checksum's place, which is the same in all files.</remarks>
internal static class CheckpointFile
{
    // 1: the filters of convolutions lay in the default layout.
    const int Format = 2;
    const string ChecksumProperty = "sha256";
    const string FormatProperty = "format";
    const string LibraryProperty = "library";
    const string StateProperty = "state";
    const int BufferSize = 1 << 20;

    static readonly byte[] Zeros = [.. Enumerable.Repeat((byte)'0', SHA256.HashSizeInBytes * 2)];
    static readonly int ChecksumPlace = sizeof(long) + $$"""{"__metadata__":{"{{ChecksumProperty}}":" """.Length - 1;

    /// <summary>Writes the whole file, to the disk.</summary>
    public static void Write(string path, string state, IReadOnlyDictionary<string, Tensor> tensors)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite);
        SafeTensors.Write(file, tensors, new OrderedDictionary<string, string>
        {
            [ChecksumProperty] = Encoding.ASCII.GetString(Zeros),
            [FormatProperty] = Format.ToString(CultureInfo.InvariantCulture),
            [LibraryProperty] = LibraryVersion.Text,
            [StateProperty] = state,
        });
        var checksum = Encoding.ASCII.GetBytes(Checksum(file));
        file.Position = ChecksumPlace;
        file.Write(checksum);
        file.Flush(flushToDisk: true);
    }

    /// <summary>The state, after every byte of the file has been checked.</summary>
    /// <exception cref="FormatException">The file is not as it was written.</exception>
    /// <exception cref="NotSupportedException">The file has a newer format, or one that is out of use.</exception>
    public static string ReadState(string path)
    {
        using var file = File.OpenRead(path);
        var metadata = ReadHeader(file).Metadata;
        if (!metadata.TryGetValue(ChecksumProperty, out var expected))
            throw new FormatException("it has no checksum");
        if (Checksum(file) != expected)
            throw new FormatException("its bytes do not have the checksum that was written");
        return StateIn(metadata);
    }

    /// <summary>The tensors of a file that has been checked, on the CPU and in the caller's scope.</summary>
    public static Dictionary<string, Tensor> ReadTensors(string path)
    {
        using var file = File.OpenRead(path);
        return SafeTensors.Read(file);
    }

    static SafeTensorsHeader ReadHeader(FileStream file)
    {
        try
        {
            return SafeTensorsHeader.Read(file);
        }
        catch (EndOfStreamException end)
        {
            throw new FormatException("it ends early", end);
        }
    }

    static string StateIn(OrderedDictionary<string, string> metadata)
    {
        if (metadata.GetValueOrDefault(FormatProperty) is not { } text || !int.TryParse(text, CultureInfo.InvariantCulture, out var format))
            throw new FormatException("it has no number of a format");
        if (format > Format)
            throw new NotSupportedException($"it has the format {format}, but this version of Microsoft.ML.SharpnessAware knows formats up to {Format} only. Update the package to the version that wrote it, {metadata.GetValueOrDefault(LibraryProperty)}, or a newer one");
        if (format < Format)
            throw new NotSupportedException($"it has the format {format} of an earlier version, from which this one cannot go on. Finish the run with the version that wrote it, {metadata.GetValueOrDefault(LibraryProperty)}, or choose another folder for a new run");
        return metadata.GetValueOrDefault(StateProperty) ?? throw new FormatException("it has no state");
    }

    static string Checksum(FileStream file)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        file.Position = 0;
        for (var place = 0L; file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false) is > 0 and var count; place += count)
        {
            if (place == 0 && count >= ChecksumPlace + Zeros.Length)
                Zeros.CopyTo(buffer, ChecksumPlace);
            hash.AppendData(buffer, 0, count);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
