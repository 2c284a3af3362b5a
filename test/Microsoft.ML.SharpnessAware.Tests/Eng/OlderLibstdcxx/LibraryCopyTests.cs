using OlderLibstdcxx;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class LibraryCopyTests
{
    static readonly Version Debian12 = new(3, 4, 30);

    [TestMethod]
    public void Of_marks_the_unused_version_by_one_byte_and_leaves_the_original()
    {
        var file = LibTorchSharp();
        byte[] before = [.. file];

        var copy = LibraryCopy.Of(file, Debian12, always: false);

        Assert.AreEqual("marked GLIBCXX_3.4.32 as not required, this system's libstdc++ ends at 3.4.30", copy.Verdict);
        CollectionAssert.AreEqual(before, file);
        var changed = Enumerable.Range(0, file.Length).Single(i => copy.Bytes[i] != file[i]);
        Assert.AreEqual((0, 2), (file[changed], copy.Bytes[changed]));
        CollectionAssert.AreEqual(
            new[] { "GLIBC_2.34 0", "GLIBC_2.14 0", "GLIBCXX_3.4.30 0", "GLIBCXX_3.4.32 2", "GLIBCXX_3.4 0" },
            ElfFile.RequiredVersions(copy.Bytes).Select(version => $"{version.Name} {version.Flags}").ToArray());
    }

    [TestMethod]
    public void Of_keeps_other_flags() =>
        Assert.AreEqual(3, ElfFile.RequiredVersions(LibraryCopy.Of(LibTorchSharp(flags: 1), Debian12, always: false).Bytes).Single(version => version.Name == "GLIBCXX_3.4.32").Flags);

    [TestMethod]
    [DataRow(true, "3.4.33", "marked GLIBCXX_3.4.32 as not required, for systems whose libstdc++ is older")]
    [DataRow(true, null, "marked GLIBCXX_3.4.32 as not required, for systems whose libstdc++ is older")]
    [DataRow(false, "3.4.31", "marked GLIBCXX_3.4.32 as not required, this system's libstdc++ ends at 3.4.31")]
    public void Of_marks_where_it_is_asked_to(bool always, string? system, string verdict)
    {
        var file = LibTorchSharp();

        var copy = LibraryCopy.Of(file, system is null ? null : Version.Parse(system), always);

        Assert.AreEqual(verdict, copy.Verdict);
        Assert.AreEqual(1, Enumerable.Range(0, file.Length).Count(i => copy.Bytes[i] != file[i]));
    }

    [TestMethod]
    [DataRow("3.4.32", "left as it is, this system's libstdc++ has GLIBCXX_3.4.32")]
    [DataRow("3.4.33", "left as it is, this system's libstdc++ has GLIBCXX_3.4.32")]
    [DataRow("3.4.29", "left as it is, this system's libstdc++ ends at 3.4.29, and GLIBCXX_3.4.30, which it uses, is missing too")]
    [DataRow(null, "left as it is, this system has no libstdc++ for glibc")]
    public void Of_leaves_the_file_as_it_is_where_that_is_needless_or_no_use(string? system, string verdict) =>
        IsLeft(LibTorchSharp(), system is null ? null : Version.Parse(system), verdict);

    [TestMethod]
    public void Of_leaves_a_file_that_is_marked_already() => IsLeft(LibTorchSharp(flags: 2), Debian12, "left as it is, GLIBCXX_3.4.32 is marked as not required already");

    [TestMethod]
    public void Of_leaves_a_file_without_the_version()
    {
        IsLeft(new HandMadeElf { Needs = [("libstdc++.so.6", [("GLIBCXX_3.4.30", 0)])] }.Bytes(), Debian12, "left as it is, it does not name GLIBCXX_3.4.32");
        IsLeft(new HandMadeElf().Bytes(), Debian12, "left as it is, it does not name GLIBCXX_3.4.32");
    }

    [TestMethod]
    [DataRow((byte)1, (byte)1, (ushort)62, DisplayName = "32 bits")]
    [DataRow((byte)2, (byte)2, (ushort)62, DisplayName = "big-endian")]
    [DataRow((byte)2, (byte)1, (ushort)183, DisplayName = "ARM64")]
    [DataRow((byte)2, (byte)1, (ushort)3, DisplayName = "i386")]
    public void Of_leaves_files_of_other_machines(byte elfClass, byte order, ushort machine)
    {
        var file = new HandMadeElf { Class = elfClass, Order = order, Machine = machine, Needs = Needs(0) }.Bytes();

        IsLeft(file, Debian12, "left as it is, it is no 64-bit ELF file for x86-64");
    }

    [TestMethod]
    public void Of_leaves_what_is_no_ELF_file()
    {
        IsLeft([], Debian12, "left as it is, it is no 64-bit ELF file for x86-64");
        IsLeft([.. "MZ, and then a program for Windows"u8], Debian12, "left as it is, it is no 64-bit ELF file for x86-64");
    }

    [TestMethod]
    public void Of_refuses_a_file_that_is_cut_anywhere_or_leaves_it()
    {
        var file = LibTorchSharp();
        var refused = 0;

        for (var length = 0; length < file.Length; length++)
        {
            var cut = file[..length];
            try
            {
                CollectionAssert.AreEqual(cut, LibraryCopy.Of(cut, Debian12, always: true).Bytes, $"cut to {length} bytes");
            }
            catch (FormatException fault)
            {
                Assert.AreEqual("The ELF file is damaged: it ends before what its headers promise.", fault.Message, $"cut to {length} bytes");
                refused++;
            }
        }

        // The first 20 bytes say what kind of file it is. With less of them it is none that is known.
        Assert.AreEqual(file.Length - 20, refused);
    }

    [TestMethod]
    public void Of_survives_any_changed_byte()
    {
        var file = LibTorchSharp();

        for (var i = 0; i < file.Length; i++)
            foreach (byte value in new byte[] { 0, 1, 0x7f, 0xff })
            {
                byte[] damaged = [.. file];
                damaged[i] = value;
                try
                {
                    Assert.HasCount(file.Length, LibraryCopy.Of(damaged, Debian12, always: false).Bytes);
                }
                catch (FormatException fault)
                {
                    Assert.StartsWith("The ELF file is damaged: ", fault.Message);
                }
            }
    }

    [TestMethod]
    public void RequiredVersions_are_read_from_the_library_that_the_tests_run_on()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Inconclusive("Another system has another library.");
        var file = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "libLibTorchSharp.so"));

        var versions = ElfFile.RequiredVersions(file);

        Assert.AreEqual(1, versions.Count(version => version.Name == LibraryCopy.UnusedVersion));
        Assert.AreEqual(new Version(2, 34), Last("GLIBC_"), "as docs/supported-platforms.md says");
        Assert.AreEqual(new Version(3, 4, 30), Last("GLIBCXX_"), "as docs/supported-platforms.md says");
        Assert.IsTrue(ElfFile.RequiredVersions(LibraryCopy.Of(file, system: null, always: true).Bytes).Single(version => version.Name == LibraryCopy.UnusedVersion).IsWeak);

        Version? Last(string library) => versions
            .Where(version => version.Name.StartsWith(library, StringComparison.Ordinal) && version.Name != LibraryCopy.UnusedVersion)
            .Max(version => Version.Parse(version.Name[library.Length..]));
    }

    static byte[] LibTorchSharp(ushort flags = 0) => new HandMadeElf { Needs = Needs(flags) }.Bytes();

    static (string, (string, ushort)[])[] Needs(ushort flags) =>
    [
        ("libc.so.6", [("GLIBC_2.34", 0), ("GLIBC_2.14", 0)]),
        ("libstdc++.so.6", [("GLIBCXX_3.4.30", 0), ("GLIBCXX_3.4.32", flags), ("GLIBCXX_3.4", 0)]),
    ];

    static void IsLeft(byte[] file, Version? system, string verdict)
    {
        var copy = LibraryCopy.Of(file, system, always: false);

        Assert.AreEqual(verdict, copy.Verdict);
        CollectionAssert.AreEqual(file, copy.Bytes);
    }
}
