using System.Buffers.Binary;
using Microsoft.ML.SharpnessAware;

namespace OlderLibstdcxx;

/// <summary>What becomes of TorchSharp's native library: the bytes of the copy, and a line that says what was done and why.</summary>
/// <remarks>
/// libLibTorchSharp.so names GLIBCXX_3.4.32 for one symbol, std::ios_base_library_init, to which it has no relocation: nothing calls it. The loader
/// refuses the file all the same where libstdc++ lacks the version, unless the version is marked as not required.
/// </remarks>
internal sealed record LibraryCopy(byte[] Bytes, string Verdict)
{
    public const string UnusedVersion = "GLIBCXX_3.4.32";

    /// <param name="file">The library as it is in the package.</param>
    /// <param name="system">The last version of this system's libstdc++; null where there is none that a program for glibc can use.</param>
    /// <param name="always">Whether the copy is for other systems too.</param>
    /// <exception cref="FormatException">The file is truncated or damaged.</exception>
    public static LibraryCopy Of(byte[] file, Version? system, bool always)
    {
        if (!ElfFile.IsForX64(file))
            return Unchanged("it is no 64-bit ELF file for x86-64");

        var versions = ElfFile.RequiredVersions(file);
        var unused = versions.FirstOrDefault(version => version.Name == UnusedVersion);
        if (unused.Name is null)
            return Unchanged($"it does not name {UnusedVersion}");
        if (unused.IsWeak)
            return Unchanged($"{UnusedVersion} is marked as not required already");
        if (always)
            return Marked("for systems whose libstdc++ is older");
        if (system is null)
            return Unchanged("this system has no libstdc++ for glibc");
        if (system >= Libstdcxx.VersionOf(UnusedVersion))
            return Unchanged($"this system's libstdc++ has {UnusedVersion}");

        var used = versions.Where(version => version.Name != UnusedVersion && !version.IsWeak).MaxBy(version => Libstdcxx.VersionOf(version.Name));
        return Libstdcxx.VersionOf(used.Name ?? "") > system
            ? Unchanged($"this system's libstdc++ ends at {system}, and {used.Name}, which it uses, is missing too")
            : Marked($"this system's libstdc++ ends at {system}");

        LibraryCopy Unchanged(string reason) => new(file, $"left as it is, {reason}");

        LibraryCopy Marked(string reason)
        {
            byte[] copy = [.. file];
            BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan(unused.FlagsOffset), (ushort)(unused.Flags | RequiredVersion.Weak));
            return new(copy, $"marked {UnusedVersion} as not required, {reason}");
        }
    }
}
