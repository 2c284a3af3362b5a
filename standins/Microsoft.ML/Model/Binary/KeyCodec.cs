namespace Microsoft.ML.Data.IO;

/// <summary>Keys are written as their integers; the type adds the count.</summary>
internal sealed class KeyCodec<T> : IValueCodec<T>
{
    private readonly KeyDataViewType _type;
    private readonly IValueCodec<T> _integers;

    public KeyCodec(KeyDataViewType type, IValueCodec integers)
    {
        _type = type;
        _integers = (IValueCodec<T>)integers;
    }

    public string LoadName => "Key2";

    public DataViewType Type => _type;

    public void WriteParameters(BinaryWriter writer)
    {
        CodecFactory.WriteCodec(writer, _integers);
        writer.Write(_type.Count);
    }

    public void Write(BinaryWriter writer, ReadOnlySpan<T> values) => _integers.Write(writer, values);

    public T[] Read(BinaryReader reader, int count) => _integers.Read(reader, count);
}
