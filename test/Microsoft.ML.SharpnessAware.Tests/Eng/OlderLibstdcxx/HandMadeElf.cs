using System.Buffers.Binary;
using System.Text;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>A shared library with nothing in it but the versions that it requires, laid out as linkers do: headers, names, versions, dynamic segment, section headers.</summary>
internal sealed class HandMadeElf
{
    // Addresses differ from offsets, as in real files.
    const int Base = 0x400000, HeadersEnd = 64 + 2 * 56, SectionHeader = 64;

    public byte Class { get; init; } = 2;

    public byte Order { get; init; } = 1;

    public ushort Machine { get; init; } = 62;

    /// <summary>For each library the versions with their flags.</summary>
    public (string Library, (string Name, ushort Flags)[] Versions)[] Needs { get; init; } = [];

    public byte[] Bytes()
    {
        var names = new List<byte> { 0 };
        var needs = VersionNeeds(names);
        var namesAt = HeadersEnd;
        var needsAt = Aligned(namesAt + names.Count);
        var dynamic = Words(5, Base + namesAt, 10, names.Count, 0x6ffffffe, Base + needsAt, 0x6fffffff, Needs.Length, 0, 0);
        var dynamicAt = Aligned(needsAt + needs.Length);
        var sectionsAt = dynamicAt + dynamic.Length;

        var file = new byte[sectionsAt + SectionHeader];
        "\u007fELF"u8.CopyTo(file);
        file[4] = Class;
        file[5] = Order;
        Put(file, 18, Machine);
        Put(file, 0x20, 64ul);
        Put(file, 0x28, (ulong)sectionsAt);
        Put(file, 0x36, (ushort)56);
        Put(file, 0x38, (ushort)2);
        Put(file, 0x3a, (ushort)SectionHeader);
        Put(file, 0x3c, (ushort)1);
        Segment(file, 64, type: 1, 0, sectionsAt);
        Segment(file, 64 + 56, type: 2, dynamicAt, dynamic.Length);
        names.CopyTo(file, namesAt);
        needs.CopyTo(file, needsAt);
        dynamic.CopyTo(file, dynamicAt);
        return file;
    }

    byte[] VersionNeeds(List<byte> names)
    {
        var bytes = new List<byte>();
        foreach (var (i, (library, versions)) in Needs.Index())
        {
            var need = new byte[16];
            Put(need, 0, (ushort)1);
            Put(need, 2, (ushort)versions.Length);
            Put(need, 4, Name(names, library));
            Put(need, 8, 16u);
            Put(need, 12, i == Needs.Length - 1 ? 0u : 16u * (uint)(versions.Length + 1));
            bytes.AddRange(need);
            foreach (var (j, (name, flags)) in versions.Index())
            {
                var version = new byte[16];
                Put(version, 4, flags);
                Put(version, 6, (ushort)(j + 2));
                Put(version, 8, Name(names, name));
                Put(version, 12, j == versions.Length - 1 ? 0u : 16u);
                bytes.AddRange(version);
            }
        }
        return [.. bytes];
    }

    static uint Name(List<byte> names, string name)
    {
        var at = names.Count;
        names.AddRange([.. Encoding.ASCII.GetBytes(name), 0]);
        return (uint)at;
    }

    static void Segment(byte[] file, int at, uint type, int offset, int size)
    {
        Put(file, at, type);
        Put(file, at + 8, (ulong)offset);
        Put(file, at + 16, (ulong)(Base + offset));
        Put(file, at + 32, (ulong)size);
        Put(file, at + 40, (ulong)size);
    }

    static byte[] Words(params ReadOnlySpan<long> words)
    {
        var bytes = new byte[words.Length * 8];
        for (var i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * 8), words[i]);
        return bytes;
    }

    static int Aligned(int offset) => (offset + 7) & ~7;

    static void Put(byte[] file, int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);

    static void Put(byte[] file, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);

    static void Put(byte[] file, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), value);
}
