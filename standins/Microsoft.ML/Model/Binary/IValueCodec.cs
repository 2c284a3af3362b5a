namespace Microsoft.ML.Data.IO;

/// <summary>How values of one type are written in a binary data view.</summary>
internal interface IValueCodec
{
    string LoadName { get; }

    DataViewType Type { get; }

    void WriteParameters(BinaryWriter writer);
}

internal interface IValueCodec<T> : IValueCodec
{
    void Write(BinaryWriter writer, ReadOnlySpan<T> values);

    T[] Read(BinaryReader reader, int count);
}
