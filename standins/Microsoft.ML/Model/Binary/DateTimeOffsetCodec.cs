namespace Microsoft.ML.Data.IO;

/// <summary>All offsets in minutes, then all ticks.</summary>
internal sealed class DateTimeOffsetCodec : SimpleCodec<DateTimeOffset>
{
    public DateTimeOffsetCodec()
        : base(DateTimeOffsetDataViewType.Instance)
    {
    }

    public override void Write(BinaryWriter writer, ReadOnlySpan<DateTimeOffset> values)
    {
        foreach (var value in values)
            writer.Write((short)value.Offset.TotalMinutes);
        foreach (var value in values)
            writer.Write(value.DateTime.Ticks);
    }

    public override DateTimeOffset[] Read(BinaryReader reader, int count)
    {
        var offsets = Enumerable.Range(0, count).Select(_ => reader.ReadInt16()).ToArray();
        return [.. offsets.Select(minutes => At(reader.ReadInt64(), minutes))];
    }

    private static DateTimeOffset At(long ticks, short minutes)
        => new(ticks == long.MinValue ? 0 : ticks, TimeSpan.FromMinutes(minutes == short.MinValue ? 0 : minutes));
}
