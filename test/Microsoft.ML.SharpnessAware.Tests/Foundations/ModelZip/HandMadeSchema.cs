using System.Text;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

/// <summary>The Schema entry, a binary data view of no rows, written field by field from the format's table.</summary>
internal sealed class HandMadeSchema
{
    private const int HeaderLength = 256;

    private readonly MemoryStream _stream = new();
    private readonly BinaryWriter _writer;
    private readonly List<(string Name, byte[] Codec, long Annotations)> _columns = [];

    public HandMadeSchema()
    {
        _writer = new BinaryWriter(_stream);
        _writer.Write(new byte[HeaderLength]);
    }

    public ulong Version { get; init; } = 0x0001000100010006;

    /// <summary>A codec: name, length of the parameters, parameters.</summary>
    public static byte[] Codec(string name, params byte[] parameters) => [(byte)name.Length, .. Encoding.UTF8.GetBytes(name), (byte)parameters.Length, .. parameters];

    public static byte[] Vector(byte[] item, int size) => Codec("VBuffer", [.. item, .. BitConverter.GetBytes(1), .. BitConverter.GetBytes(size)]);

    public static byte[] Key(ulong count) => Codec("Key2", [.. Codec("UInt32"), .. BitConverter.GetBytes(count)]);

    public HandMadeSchema Column(string name, byte[] codec)
    {
        _columns.Add((name, codec, 0));
        return this;
    }

    /// <summary>A column of three keys whose values are floats: one dense vector, uncompressed.</summary>
    public HandMadeSchema KeyColumn(string name, float[] values)
    {
        var block = _stream.Position;
        foreach (var number in new[] { 1, values.Length, -1, 0 })
            _writer.Write(number);
        foreach (var value in values)
            _writer.Write(value);
        var annotations = _stream.Position;
        _writer.Write((byte)1);
        _writer.Write("KeyValues");
        _writer.Write(Vector(Codec("Single"), values.Length));
        _writer.Write((byte)0);
        _writer.Write(block);
        _writer.Write((byte)(annotations - block));
        _columns.Add((name, Key((ulong)values.Length), annotations));
        return this;
    }

    public byte[] ToBytes()
    {
        var table = _stream.Position;
        foreach (var (name, codec, annotations) in _columns)
        {
            _writer.Write(name);
            _writer.Write(codec);
            _writer.Write((byte)1);
            _writer.Write((byte)1);
            _writer.Write((long)HeaderLength);
            _writer.Write(annotations);
        }
        var tail = _stream.Position;
        _writer.Write("\0BVD\0LMC"u8);

        _stream.Position = 0;
        _writer.Write("CML\0DVB\0"u8);
        _writer.Write(Version);
        _writer.Write(Version);
        _writer.Write(table);
        _writer.Write(tail);
        _writer.Write(0L);
        _writer.Write(_columns.Count);
        return _stream.ToArray();
    }
}
