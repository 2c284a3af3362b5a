using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>One message of an event file: when, at which step, and what.</summary>
sealed record LoggedEvent(double WallTime, long Step, string? Version, bool IsStart, IReadOnlyDictionary<string, float> Scalars);

/// <summary>Reads event files as their formats say, and checks every checksum, bit by bit.</summary>
static class EventReader
{
    public static LoggedEvent[] Read(string file) => [.. Records(Bytes(file)).Select(Event)];

    public static IEnumerable<byte[]> Records(byte[] file)
    {
        for (var at = 0; at < file.Length;)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(at));
            CheckSum(file, at, 8);
            CheckSum(file, at + 12, length);
            yield return file[(at + 12)..(at + 12 + length)];
            at += 12 + length + 4;
        }
    }

    public static byte[] Bytes(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    static LoggedEvent Event(byte[] message)
    {
        var fields = Fields(message).ToLookup(field => field.Number, field => field.Value);
        var summary = fields[5].Cast<byte[]>().SelectMany(Fields).Select(value => Fields((byte[])value.Value).ToDictionary(field => field.Number, field => field.Value));
        return new LoggedEvent(
            BitConverter.Int64BitsToDouble((long)fields[1].Single()),
            (long)(fields[2].SingleOrDefault() ?? 0L),
            fields[3].Select(text => Encoding.UTF8.GetString((byte[])text)).SingleOrDefault(),
            fields[7].Any(session => Fields((byte[])session).Single() is (1, 1L)),
            summary.ToDictionary(value => Encoding.UTF8.GetString((byte[])value[1]), value => BitConverter.Int32BitsToSingle((int)(long)value[2])));
    }

    static IEnumerable<(int Number, object Value)> Fields(byte[] message)
    {
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message, ref at);
            object value;
            switch (key & 7)
            {
                case 0:
                    value = Varint(message, ref at);
                    break;
                case 1:
                    value = BitConverter.ToInt64(message, at);
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    value = message[at..(at + length)];
                    at += length;
                    break;
                case 5:
                    value = (long)BitConverter.ToInt32(message, at);
                    at += 4;
                    break;
                default:
                    throw new InvalidDataException($"There is no wire type {key & 7}.");
            }
            yield return ((int)(key >> 3), value);
        }
    }

    static long Varint(byte[] message, ref int at)
    {
        var value = 0L;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (long)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }

    static void CheckSum(byte[] file, int start, int length)
    {
        var crc = ~0u;
        foreach (var value in file.AsSpan(start, length))
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? crc >> 1 ^ 0x82F63B78 : crc >> 1;
        }
        crc = ~crc;
        var masked = (crc >> 15 | crc << 17) + 0xA282EAD8;
        Assert.AreEqual(masked, BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(start + length)), $"at byte {start}");
    }
}
