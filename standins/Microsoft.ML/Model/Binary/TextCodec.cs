using System.Text;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data.IO;

/// <summary>Count, where each text ends, all texts as one.</summary>
internal sealed class TextCodec : SimpleCodec<ReadOnlyMemory<char>>
{
    private const int PositionBits = 0x7FFFFFFF;

    public TextCodec()
        : base(TextDataViewType.Instance)
    {
    }

    public override string LoadName => "TextSpan";

    public override void Write(BinaryWriter writer, ReadOnlySpan<ReadOnlyMemory<char>> values)
    {
        writer.Write(values.Length);
        var text = new StringBuilder();
        foreach (var value in values)
            writer.Write(text.Append(value).Length);
        writer.Write(text.ToString());
    }

    public override ReadOnlyMemory<char>[] Read(BinaryReader reader, int count)
    {
        Contracts.CheckDecode(reader.ReadInt32() == count);
        var ends = new int[count];
        for (var i = 0; i < count; i++)
        {
            ends[i] = reader.ReadInt32();
            Contracts.CheckDecode((ends[i] & PositionBits) >= (i == 0 ? 0 : ends[i - 1] & PositionBits));
        }
        var text = reader.ReadString();
        Contracts.CheckDecode(text.Length == (count == 0 ? 0 : ends[^1] & PositionBits));
        var values = new ReadOnlyMemory<char>[count];
        for (int i = 0, start = 0; i < count; i++)
        {
            var end = ends[i] & PositionBits;
            // The sign bit was a missing text once; it reads as an empty one.
            values[i] = ends[i] < 0 ? default : text.AsMemory(start, end - start);
            start = end;
        }
        return values;
    }
}
