using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

/// <summary>
/// A Model.key stream written field by field from the format's table, so that what ML.NET reads and writes has a second opinion:
/// header of 256 bytes, body, string table, characters, assembly name, tail.
/// </summary>
internal sealed class HandMadeKey(string signature, uint written, string loader, uint? readable = null)
{
    public const string DataAssembly = "Microsoft.ML.Data, Version=1.0.0.0, Culture=neutral, PublicKeyToken=cc7b13ffcd2ddd51";

    private const int HeaderLength = 256;
    private const uint ContainerVersion = 0x00010002;

    private readonly List<byte> _body = [];
    private readonly List<string> _strings = [];

    public string Assembly { get; init; } = DataAssembly;

    public string AlternateLoader { get; init; } = "";

    public HandMadeKey Int32(int value)
    {
        _body.AddRange(BitConverter.GetBytes(value));
        return this;
    }

    public HandMadeKey Byte(byte value)
    {
        _body.Add(value);
        return this;
    }

    /// <summary>The id of the text, by first use.</summary>
    public HandMadeKey Text(string text)
    {
        if (!_strings.Contains(text))
            _strings.Add(text);
        return Int32(_strings.IndexOf(text));
    }

    public byte[] ToBytes()
    {
        var table = _strings.Select((_, i) => _strings.Take(i + 1).Sum(text => 2L * text.Length)).SelectMany(BitConverter.GetBytes).ToArray();
        var characters = Encoding.Unicode.GetBytes(string.Concat(_strings));
        var assembly = Encoding.Unicode.GetBytes(Assembly);
        var tableAt = HeaderLength + _body.Count;
        var charactersAt = tableAt + table.Length;
        var assemblyAt = charactersAt + characters.Length;
        var tailAt = assemblyAt + assembly.Length;

        var header = new byte[HeaderLength];
        Encoding.Latin1.GetBytes("ML\0MODEL").CopyTo(header, 0x00);
        Write(header, 0x08, ContainerVersion);
        Write(header, 0x0C, ContainerVersion);
        Write(header, 0x10, (long)HeaderLength);
        Write(header, 0x18, (long)_body.Count);
        if (_strings.Count > 0)
        {
            Write(header, 0x20, (long)tableAt);
            Write(header, 0x28, (long)table.Length);
            Write(header, 0x30, (long)charactersAt);
            Write(header, 0x38, (long)characters.Length);
        }
        Encoding.Latin1.GetBytes(signature.Replace(' ', '\0')).CopyTo(header, 0x40);
        Write(header, 0x48, written);
        Write(header, 0x4C, readable ?? written);
        Encoding.Latin1.GetBytes(loader).CopyTo(header, 0x50);
        Encoding.Latin1.GetBytes(AlternateLoader).CopyTo(header, 0x68);
        Write(header, 0x80, (long)tailAt);
        Write(header, 0x88, (long)tailAt + 8);
        Write(header, 0x90, (long)assemblyAt);
        Write(header, 0x98, (uint)assembly.Length);
        return [.. header, .. _body, .. table, .. characters, .. assembly, .. Encoding.Latin1.GetBytes("LEDOM\0LM")];
    }

    private static void Write(byte[] header, int offset, long value) => BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(offset), value);

    private static void Write(byte[] header, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(offset), value);
}
