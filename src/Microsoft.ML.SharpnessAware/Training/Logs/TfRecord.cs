using System.Buffers.Binary;
using System.Numerics;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Bytes as TensorFlow frames them in a file: their length, a checksum of it, they themselves, and a checksum of them. https://www.tensorflow.org/tutorials/load_data/tfrecord</summary>
internal static class TfRecord
{
    const int LengthSize = sizeof(ulong);
    const int SumSize = sizeof(uint);

    public static byte[] Of(ReadOnlySpan<byte> data)
    {
        var record = new byte[LengthSize + SumSize + data.Length + SumSize];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(LengthSize), Masked(Crc32C(record.AsSpan(0, LengthSize))));
        data.CopyTo(record.AsSpan(LengthSize + SumSize));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(record.Length - SumSize), Masked(Crc32C(data)));
        return record;
    }

    /// <summary>The checksum of RFC 3720, appendix B.4.</summary>
    public static uint Crc32C(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        foreach (var value in data)
            crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    static uint Masked(uint crc) => BitOperations.RotateRight(crc, 15) + 0xA282EAD8;
}
