using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The bytes of a Protocol Buffers message, field by field. https://protobuf.dev/programming-guides/encoding</summary>
internal sealed class ProtobufMessage
{
    const int Varint = 0;
    const int EightBytes = 1;
    const int Counted = 2;
    const int FourBytes = 5;

    readonly MemoryStream _bytes = new();

    public ProtobufMessage Add(int field, long value)
    {
        Begin(field, Varint);
        WriteVarint((ulong)value);
        return this;
    }

    public ProtobufMessage Add(int field, double value)
    {
        Begin(field, EightBytes);
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        _bytes.Write(bytes);
        return this;
    }

    public ProtobufMessage Add(int field, float value)
    {
        Begin(field, FourBytes);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        _bytes.Write(bytes);
        return this;
    }

    public ProtobufMessage Add(int field, string value) => Add(field, Encoding.UTF8.GetBytes(value));

    public ProtobufMessage Add(int field, ProtobufMessage value) => Add(field, value.ToArray());

    public byte[] ToArray() => _bytes.ToArray();

    ProtobufMessage Add(int field, byte[] value)
    {
        Begin(field, Counted);
        WriteVarint((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    void Begin(int field, int wireType) => WriteVarint((ulong)(field << 3 | wireType));

    void WriteVarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.WriteByte((byte)(value | 0x80));
        _bytes.WriteByte((byte)value);
    }
}
