namespace Microsoft.ML.Data.IO;

/// <summary>Eight values a byte, the first in the lowest bit.</summary>
internal sealed class BoolCodec : SimpleCodec<bool>
{
    public BoolCodec()
        : base(BooleanDataViewType.Instance)
    {
    }

    public override void Write(BinaryWriter writer, ReadOnlySpan<bool> values)
    {
        var bytes = new byte[(values.Length + 7) / 8];
        for (var i = 0; i < values.Length; i++)
            bytes[i / 8] |= (byte)(values[i] ? 1 << (i % 8) : 0);
        writer.Write(bytes);
    }

    public override bool[] Read(BinaryReader reader, int count)
    {
        var bytes = new byte[(count + 7) / 8];
        reader.BaseStream.ReadExactly(bytes);
        return [.. Enumerable.Range(0, count).Select(i => (bytes[i / 8] >> (i % 8) & 1) != 0)];
    }
}
