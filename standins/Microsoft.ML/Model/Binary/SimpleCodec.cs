namespace Microsoft.ML.Data.IO;

internal abstract class SimpleCodec<T> : IValueCodec<T>
{
    protected SimpleCodec(DataViewType type) => Type = type;

    public DataViewType Type { get; }

    public virtual string LoadName => typeof(T).Name;

    public void WriteParameters(BinaryWriter writer)
    {
    }

    public abstract void Write(BinaryWriter writer, ReadOnlySpan<T> values);

    public abstract T[] Read(BinaryReader reader, int count);
}
