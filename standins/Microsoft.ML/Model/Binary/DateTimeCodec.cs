namespace Microsoft.ML.Data.IO;

internal sealed class DateTimeCodec : SimpleCodec<DateTime>
{
    public DateTimeCodec()
        : base(DateTimeDataViewType.Instance)
    {
    }

    public override void Write(BinaryWriter writer, ReadOnlySpan<DateTime> values)
    {
        foreach (var value in values)
            writer.Write(value.Ticks);
    }

    public override DateTime[] Read(BinaryReader reader, int count)
        => [.. Enumerable.Range(0, count).Select(_ => reader.ReadInt64()).Select(ticks => new DateTime(ticks == long.MinValue ? 0 : ticks))];
}
