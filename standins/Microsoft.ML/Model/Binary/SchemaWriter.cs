using System.IO.Compression;
using System.Text;
using Microsoft.ML.Internal.Utilities;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data.IO;

internal sealed class SchemaWriter
{
    private const byte None = 0;
    private const byte Deflate = 1;

    private readonly CodecFactory _codecs;

    public SchemaWriter(IHostEnvironment env) => _codecs = new CodecFactory(env);

    public void Write(IChannel channel, DataViewSchema schema, Stream stream)
    {
        var columns = new List<(DataViewSchema.Column Column, IValueCodec Codec)>();
        foreach (var column in schema)
        {
            if (_codecs.TryGetCodec(column.Type, out var codec))
                columns.Add((column, codec));
            else
                channel.Info(MessageSensitivity.Schema, "The column '{0}' will not be written as it has unsavable column type.", column.Name);
        }
        channel.Check(columns.Count > 0, "No valid columns to save");

        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(new byte[SchemaFile.HeaderSize]);
        var annotations = columns.Select(c => WriteAnnotations(channel, c.Column, writer)).ToArray();
        var table = stream.Position;
        for (var i = 0; i < columns.Count; i++)
        {
            writer.Write(columns[i].Column.Name);
            CodecFactory.WriteCodec(writer, columns[i].Codec);
            writer.Write(Deflate);
            writer.Write7BitEncodedInt(1);
            writer.Write((long)SchemaFile.HeaderSize);
            writer.Write(annotations[i]);
        }
        var tail = stream.Position;
        writer.Write(SchemaFile.TailSignature);
        WriteHeader(writer, table, tail, columns.Count);
    }

    private static void WriteHeader(BinaryWriter writer, long table, long tail, int columns)
    {
        writer.Seek(0, SeekOrigin.Begin);
        writer.Write(SchemaFile.Signature);
        writer.Write(SchemaFile.Version);
        writer.Write(SchemaFile.Version);
        writer.Write(table);
        writer.Write(tail);
        writer.Write(0L);
        writer.Write(columns);
    }

    /// <summary>Writes the blocks of a column's annotations and their table; returns where the table is, 0 for none.</summary>
    private long WriteAnnotations(IChannel channel, DataViewSchema.Column column, BinaryWriter writer)
    {
        var blocks = new List<(string Kind, IValueCodec Codec, byte Compression, long Offset, long Length)>();
        foreach (var annotation in column.Annotations.Schema)
        {
            if (blocks.Exists(b => b.Kind == annotation.Name))
                throw channel.Except("Metadata with duplicate kind '{0}' encountered, disallowed", annotation.Name);
            if (!_codecs.TryGetCodec(annotation.Type, out var codec))
            {
                channel.Warning(
                    "Could not get codec for type {0}, dropping column '{1}' index {2} metadata kind '{3}'",
                    annotation.Type,
                    column.Name,
                    column.Index,
                    annotation.Name);
                continue;
            }
            var plain = Utils.MarshalInvoke<byte[]>(annotation.Type.RawType, BlockOf<int>, codec, column.Annotations, annotation.Name);
            var small = Compress(plain);
            var isPlain = plain.Length <= small.Length;
            blocks.Add((annotation.Name, codec, isPlain ? None : Deflate, writer.BaseStream.Position, Math.Min(plain.Length, small.Length)));
            writer.Write(isPlain ? plain : small);
        }
        if (blocks.Count == 0)
            return 0;

        var table = writer.BaseStream.Position;
        writer.Write7BitEncodedInt(blocks.Count);
        foreach (var block in blocks)
        {
            writer.Write(block.Kind);
            CodecFactory.WriteCodec(writer, block.Codec);
            writer.Write(block.Compression);
            writer.Write(block.Offset);
            writer.Write7BitEncodedInt64(block.Length);
        }
        return table;
    }

    private static byte[] BlockOf<T>(IValueCodec codec, DataViewSchema.Annotations annotations, string kind)
    {
        T value = default;
        annotations.GetValue(kind, ref value);
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
            ((IValueCodec<T>)codec).Write(writer, [value]);
        return stream.ToArray();
    }

    private static byte[] Compress(byte[] block)
    {
        using var stream = new MemoryStream();
        using (var deflate = new DeflateStream(stream, CompressionMode.Compress, leaveOpen: true))
            deflate.Write(block);
        return stream.ToArray();
    }
}
