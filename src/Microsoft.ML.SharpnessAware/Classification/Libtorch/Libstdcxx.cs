using System.Globalization;

namespace Microsoft.ML.SharpnessAware;

/// <summary>GNU's C++ library, libstdc++.so.6: each release adds a version GLIBCXX_3.4.N of its symbols and keeps all before it.</summary>
internal static class Libstdcxx
{
    /// <summary>The last version that a file of the library has, such as 3.4.30; null where the bytes are not of that library.</summary>
    public static Version? LastVersion(ReadOnlySpan<byte> file)
    {
        Version? last = null;
        for (var start = file.IndexOf("GLIBCXX_3.4."u8); start >= 0; start = file.IndexOf("GLIBCXX_3.4."u8))
        {
            file = file[(start + "GLIBCXX_".Length)..];
            var end = file.IndexOf((byte)0);
            if (end >= 0 && Version.TryParse(System.Text.Encoding.ASCII.GetString(file[..end]), out var version) && (last is null || version > last))
                last = version;
        }
        return last;
    }

    /// <summary>The version of a symbol version's name, 3.4.32 of "GLIBCXX_3.4.32"; null for those of other libraries.</summary>
    public static Version? VersionOf(string name) =>
        name.StartsWith("GLIBCXX_", StringComparison.Ordinal) && Version.TryParse(name["GLIBCXX_".Length..], out var version) ? version : null;
}
