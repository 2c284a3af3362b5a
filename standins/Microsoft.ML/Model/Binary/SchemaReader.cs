using System.IO.Compression;
using System.Text;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data.IO;

internal sealed class SchemaReader
{
    private readonly IHost _host;
    private readonly Stream _stream;
    private readonly BinaryReader _reader;
    private readonly CodecFactory _codecs;
    private long _tail;

    public SchemaReader(IHostEnvironment env, Stream stream)
    {
        _host = env.Register("BinaryLoader");
        _stream = stream;
        _reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
        _codecs = new CodecFactory(_host);
    }

    public DataViewSchema Read()
    {
        using var channel = _host.Start("Initializing");
        var (table, columns) = ReadHeader();
        var schema = new DataViewSchema.Builder();
        if (columns > 0)
            _stream.Position = table;
        for (var i = 0; i < columns; i++)
            ReadColumn(channel, i, schema);
        return schema.ToSchema();
    }

    private (long Table, int Columns) ReadHeader()
    {
        var available = Math.Min(_stream.Length, SchemaFile.HeaderSize);
        if (available < SchemaFile.HeaderSize)
            throw _host.ExceptDecode("Read only {0} bytes in file, expected header size of {1}", available, SchemaFile.HeaderSize);
        _host.CheckDecode(_reader.ReadUInt64() == SchemaFile.Signature, "This does not appear to be a binary dataview file");
        CheckVersion(written: _reader.ReadUInt64(), compatible: _reader.ReadUInt64());
        var table = _reader.ReadInt64();
        _tail = _reader.ReadInt64();
        var rows = _reader.ReadInt64();
        var columns = _reader.ReadInt32();
        _host.CheckDecode(rows >= 0, "Row count cannot be negative");
        _host.CheckDecode(columns >= 0, "Column count cannot be negative");
        if (columns > 0 && table < SchemaFile.HeaderSize)
            throw _host.ExceptDecode("Table of contents offset {0} less than header size, impossible", table);
        if (_tail < SchemaFile.HeaderSize)
            throw _host.ExceptDecode("Tail offset {0} less than header size, impossible", _tail);
        _stream.Position = _tail;
        _host.CheckDecode(_reader.ReadUInt64() == SchemaFile.TailSignature, "Incorrect tail signature");
        return (table, columns);
    }

    private void CheckVersion(ulong written, ulong compatible)
    {
        if (compatible > written)
            throw _host.ExceptDecode("Compatibility version {0} cannot be greater than file version {1}", Text(compatible), Text(written));
        if (compatible < SchemaFile.OldestVersion)
            throw _host.Except("Cannot read version {0} data, earliest that can be handled is {1}", Text(compatible), Text(SchemaFile.OldestVersion));
        if (compatible > SchemaFile.Version)
            throw _host.Except("Cannot read version {0} data, latest that can be handled is {1}", Text(compatible), Text(SchemaFile.Version));
    }

    private static string Text(ulong version)
        => $"{version >> 48}.{(version >> 32) & 0xffff}.{(version >> 16) & 0xffff}.{version & 0xffff}";

    private void ReadColumn(IChannel channel, int index, DataViewSchema.Builder schema)
    {
        var name = _reader.ReadString();
        var hasCodec = _codecs.TryReadCodec(_stream, out var codec);
        var knowsCompression = _reader.ReadByte() <= 1;
        _reader.ReadLeb128();
        _reader.ReadInt64();
        var annotations = _reader.ReadInt64();
        channel.CheckDecode(
            annotations == 0 || (SchemaFile.HeaderSize <= annotations && annotations <= _tail),
            "Metadata TOC offset out of range");
        if (!hasCodec || !knowsCompression)
        {
            var unknown = hasCodec ? "compression" : knowsCompression ? "codec" : "codec and compression";
            channel.Warning("Cannot interpret column '{0}' at index {1} because {2} unrecognized", name, index, unknown);
            return;
        }
        schema.AddColumn(name, codec.Type, annotations == 0 ? null : ReadAnnotations(channel, annotations));
    }

    private DataViewSchema.Annotations ReadAnnotations(IChannel channel, long table)
    {
        var back = _stream.Position;
        _stream.Position = table;
        var count = _reader.ReadLeb128();
        channel.CheckDecode(0 < count && count < int.MaxValue, "Bad number of metadata TOC entries read");
        var annotations = new DataViewSchema.Annotations.Builder();
        var kinds = new HashSet<string>();
        for (var i = 0; i < count; i++)
        {
            var kind = _reader.ReadString();
            channel.CheckDecode(!string.IsNullOrEmpty(kind), "Metadata kind must be non-empty string");
            channel.CheckDecode(kinds.Add(kind), "Duplicate metadata kind read from file");
            var hasCodec = _codecs.TryReadCodec(_stream, out var codec);
            var compression = _reader.ReadByte();
            var offset = _reader.ReadInt64();
            channel.CheckDecode(SchemaFile.HeaderSize <= offset && offset <= _tail, "Metadata block offset out of range");
            var length = _reader.ReadLeb128();
            channel.CheckDecode(0 < length && length <= _tail - offset, "Metadata block size out of range");
            if (hasCodec && compression <= 1)
                annotations.Add(kind, codec.Type, ReadGetter(codec, compression, offset, length));
        }
        _stream.Position = back;
        return annotations.ToAnnotations();
    }

    private Delegate ReadGetter(IValueCodec codec, byte compression, long offset, long length)
    {
        var back = _stream.Position;
        _stream.Position = offset;
        Stream block = new MemoryStream(_reader.ReadBytes((int)length));
        _stream.Position = back;
        if (compression == 1)
            block = new DeflateStream(block, CompressionMode.Decompress);
        using var plain = new MemoryStream();
        using (block)
            block.CopyTo(plain);
        plain.Position = 0;
        using var reader = new BinaryReader(plain, Encoding.UTF8);
        return codec.Type is VectorDataViewType vector
            ? Utils.MarshalInvoke<Delegate>(vector.ItemType.RawType, VectorGetter<int>, codec, reader)
            : Utils.MarshalInvoke<Delegate>(codec.Type.RawType, ScalarGetter<int>, codec, reader);
    }

    private static Delegate ScalarGetter<T>(IValueCodec codec, BinaryReader reader)
    {
        var value = ((IValueCodec<T>)codec).Read(reader, 1)[0];
        return (ValueGetter<T>)((ref T destination) => destination = value);
    }

    private static Delegate VectorGetter<T>(IValueCodec codec, BinaryReader reader)
    {
        var value = ((IValueCodec<VBuffer<T>>)codec).Read(reader, 1)[0];
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> destination) => value.CopyTo(ref destination));
    }
}
