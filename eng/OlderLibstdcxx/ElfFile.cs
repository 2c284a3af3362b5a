using System.Buffers.Binary;
using System.Text;

namespace OlderLibstdcxx;

/// <summary>A shared library's bytes, as far as the loader reads them for the versions of symbols that it requires of other libraries.</summary>
/// <remarks>The loader goes by the dynamic segment, and so does this: https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/symversion.html</remarks>
internal sealed class ElfFile
{
    const int HeaderSize = 64, ProgramHeaderSize = 56, SectionHeaderSize = 64, DynamicEntrySize = 16, VersionNeedSize = 16;
    const uint LoadSegment = 1, DynamicSegment = 2;
    const ulong StringTable = 5, VersionNeeds = 0x6ffffffe, VersionNeedCount = 0x6fffffff;

    readonly byte[] _file;
    readonly List<Segment> _segments;

    ElfFile(byte[] file)
    {
        _file = file;
        _segments = [.. Headers(offsetAt: 0x20, countAt: 0x38, sizeAt: 0x36, ProgramHeaderSize).Select(SegmentAt)];
        CheckWhole();
    }

    /// <summary>Whether the bytes begin as a 64-bit little-endian ELF file for x86-64 does.</summary>
    public static bool IsForX64(ReadOnlySpan<byte> file) =>
        file.Length >= 20 && file.StartsWith("\u007fELF"u8) && file[4] == 2 && file[5] == 1 && BinaryPrimitives.ReadUInt16LittleEndian(file[18..]) == 62;

    /// <summary>The versions that a file for x86-64 requires, in the file's order.</summary>
    /// <exception cref="FormatException">The file is truncated or damaged.</exception>
    public static IReadOnlyList<RequiredVersion> RequiredVersions(byte[] file) => new ElfFile(file).ReadRequiredVersions();

    // A file cut anywhere lacks bytes of a segment, or of the section headers, which linkers put last.
    void CheckWhole()
    {
        foreach (var segment in _segments)
            Slice(segment.Offset, segment.Size);
        _ = Headers(offsetAt: 0x28, countAt: 0x3c, sizeAt: 0x3a, SectionHeaderSize).Count();
    }

    List<RequiredVersion> ReadRequiredVersions()
    {
        var dynamic = DynamicEntries();
        var found = new List<RequiredVersion>();
        if (!dynamic.TryGetValue(VersionNeeds, out var address))
            return found;

        var strings = OffsetOf(dynamic[StringTable]);
        var need = OffsetOf(address);
        for (var needsLeft = dynamic[VersionNeedCount]; needsLeft > 0; needsLeft--)
        {
            var version = need + UInt32(need + 8);
            for (var versionsLeft = UInt16(need + 2); versionsLeft > 0; versionsLeft--)
            {
                Slice(version, VersionNeedSize);
                found.Add(new(Text(strings + UInt32(version + 8)), (int)version + 4, UInt16(version + 4)));
                version += Next(UInt32(version + 12), versionsLeft);
            }
            need += Next(UInt32(need + 12), needsLeft);
        }
        return found;
    }

    Dictionary<ulong, ulong> DynamicEntries()
    {
        var entries = new Dictionary<ulong, ulong>();
        foreach (var segment in _segments.Where(segment => segment.Type == DynamicSegment))
            for (ulong at = 0; at + DynamicEntrySize <= segment.Size && UInt64(segment.Offset + at) != 0; at += DynamicEntrySize)
                entries[UInt64(segment.Offset + at)] = UInt64(segment.Offset + at + 8);
        if (entries.ContainsKey(VersionNeeds) && !(entries.ContainsKey(StringTable) && entries.ContainsKey(VersionNeedCount)))
            throw Damaged("its dynamic segment has versions without names or without their number");
        return entries;
    }

    IEnumerable<ulong> Headers(int offsetAt, int countAt, int sizeAt, int size)
    {
        Slice(0, HeaderSize);
        var (start, count) = (UInt64((ulong)offsetAt), UInt16((ulong)countAt));
        if (count > 0 && UInt16((ulong)sizeAt) != size)
            throw Damaged("its headers have another size than those of 64-bit files");
        Slice(start, (ulong)count * (ulong)size);
        return Enumerable.Range(0, count).Select(i => start + (ulong)i * (ulong)size);
    }

    Segment SegmentAt(ulong header) => new(UInt32(header), UInt64(header + 8), UInt64(header + 16), UInt64(header + 32));

    ulong OffsetOf(ulong address)
    {
        foreach (var segment in _segments)
            if (segment.Type == LoadSegment && address >= segment.Address && address - segment.Address < segment.Size)
                return segment.Offset + (address - segment.Address);
        throw Damaged($"no segment holds the address 0x{address:x}");
    }

    // An entry of a chain says how far it is to the next; 0 is for the last.
    static ulong Next(uint distance, ulong left) => distance != 0 || left == 1 ? distance : throw Damaged("a chain of its versions ends early");

    string Text(ulong offset)
    {
        var rest = Slice(offset, 1, toEnd: true);
        var end = rest.IndexOf((byte)0);
        return end >= 0 ? Encoding.ASCII.GetString(rest[..end]) : throw Truncated();
    }

    ushort UInt16(ulong offset) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(offset, 2));

    uint UInt32(ulong offset) => BinaryPrimitives.ReadUInt32LittleEndian(Slice(offset, 4));

    ulong UInt64(ulong offset) => BinaryPrimitives.ReadUInt64LittleEndian(Slice(offset, 8));

    ReadOnlySpan<byte> Slice(ulong offset, ulong size, bool toEnd = false)
    {
        var length = (ulong)_file.Length;
        if (offset > length || size > length - offset)
            throw Truncated();
        return _file.AsSpan((int)offset, (int)(toEnd ? length - offset : size));
    }

    static FormatException Truncated() => Damaged("it ends before what its headers promise");

    static FormatException Damaged(string how) => new($"The ELF file is damaged: {how}.");

    readonly record struct Segment(uint Type, ulong Offset, ulong Address, ulong Size);
}

/// <summary>A version of symbols that a file requires another library to have, and where in the file its flags are.</summary>
internal readonly record struct RequiredVersion(string Name, int FlagsOffset, ushort Flags)
{
    /// <summary>Set where the loader goes on without the version: VER_FLG_WEAK.</summary>
    public const ushort Weak = 2;

    public bool IsWeak => (Flags & Weak) != 0;
}
