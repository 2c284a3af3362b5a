using System.Runtime.InteropServices;

namespace Microsoft.ML.Data.IO;

/// <summary>Values as they lie in memory.</summary>
internal sealed class PlainCodec<T> : SimpleCodec<T>
    where T : unmanaged
{
    public PlainCodec(DataViewType type)
        : base(type)
    {
    }

    public override void Write(BinaryWriter writer, ReadOnlySpan<T> values) => writer.Write(MemoryMarshal.AsBytes(values));

    public override T[] Read(BinaryReader reader, int count)
    {
        var values = new T[count];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
