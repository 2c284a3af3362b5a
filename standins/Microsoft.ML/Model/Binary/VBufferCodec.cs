using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data.IO;

/// <summary>Number of vectors, common length (0: then every length), explicit counts (-1: dense), indices, all values as one block.</summary>
internal sealed class VBufferCodec<T> : IValueCodec<VBuffer<T>>
{
    private readonly VectorDataViewType _type;
    private readonly IValueCodec<T> _item;

    public VBufferCodec(VectorDataViewType type, IValueCodec item)
    {
        _type = type;
        _item = (IValueCodec<T>)item;
    }

    public string LoadName => "VBuffer";

    public DataViewType Type => _type;

    public void WriteParameters(BinaryWriter writer)
    {
        CodecFactory.WriteCodec(writer, _item);
        writer.Write(_type.Dimensions.Length);
        foreach (var dimension in _type.Dimensions)
            writer.Write(dimension);
    }

    public void Write(BinaryWriter writer, ReadOnlySpan<VBuffer<T>> values)
    {
        writer.Write(values.Length);
        WriteLengths(writer, values);
        foreach (var value in values)
            writer.Write(value.IsDense ? -1 : value.GetValues().Length);
        var indices = new List<int>();
        var items = new List<T>();
        foreach (var value in values)
        {
            indices.AddRange(value.GetIndices());
            items.AddRange(value.GetValues());
        }
        writer.Write(indices.Count);
        foreach (var index in indices)
            writer.Write(index);
        _item.Write(writer, items.ToArray());
    }

    public VBuffer<T>[] Read(BinaryReader reader, int count)
    {
        Contracts.CheckDecode(reader.ReadInt32() == count);
        var size = reader.ReadInt32();
        Contracts.CheckDecode(_type.IsKnownSize ? size == _type.Size : size >= 0);
        var lengths = size > 0 ? [.. Enumerable.Repeat(size, count)] : ReadIntegers(reader, count);
        var counts = ReadIntegers(reader, count);
        var indexCount = reader.ReadInt32();
        Contracts.CheckDecode(indexCount >= 0);
        var indices = ReadIntegers(reader, indexCount);
        Check(lengths, counts, indices);
        var items = _item.Read(reader, counts.Zip(lengths, Stored).Sum());

        var values = new VBuffer<T>[count];
        for (int i = 0, item = 0, index = 0; i < count; i++)
        {
            var stored = Stored(counts[i], lengths[i]);
            var own = items.AsSpan(item, stored).ToArray();
            values[i] = counts[i] < 0
                ? new(lengths[i], own)
                : new(lengths[i], stored, own, indices.AsSpan(index, stored).ToArray());
            item += stored;
            index += counts[i] < 0 ? 0 : stored;
        }
        return values;
    }

    private void WriteLengths(BinaryWriter writer, ReadOnlySpan<VBuffer<T>> values)
    {
        if (_type.IsKnownSize)
        {
            foreach (var value in values)
            {
                if (value.Length != _type.Size)
                    throw Contracts.Except("Length mismatch: expected {0} slots but got {1}", _type.Size, value.Length);
            }
            writer.Write(_type.Size);
            return;
        }
        var common = values.Length > 0 ? values[0].Length : 0;
        foreach (var value in values)
            common = value.Length == common ? common : 0;
        writer.Write(common);
        if (common > 0)
            return;
        foreach (var value in values)
            writer.Write(value.Length);
    }

    private static int Stored(int count, int length) => count < 0 ? length : count;

    private static void Check(int[] lengths, int[] counts, int[] indices)
    {
        for (int i = 0, start = 0; i < counts.Length; i++)
        {
            Contracts.CheckDecode(lengths[i] >= 0);
            Contracts.CheckDecode(counts[i] == -1 || (0 <= counts[i] && counts[i] < lengths[i]));
            if (counts[i] < 0)
                continue;
            Contracts.CheckDecode(start + counts[i] <= indices.Length);
            var previous = -1;
            foreach (var index in indices.AsSpan(start, counts[i]))
            {
                Contracts.CheckDecode(previous < index && index < lengths[i]);
                previous = index;
            }
            start += counts[i];
        }
    }

    private static int[] ReadIntegers(BinaryReader reader, int count)
    {
        var values = new int[count];
        for (var i = 0; i < count; i++)
            values[i] = reader.ReadInt32();
        return values;
    }
}
