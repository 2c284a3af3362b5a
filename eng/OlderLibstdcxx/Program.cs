using System.Runtime.InteropServices;
using Microsoft.ML.SharpnessAware;
using OlderLibstdcxx;

if (args is not [var source, var target, .. var options] || options is not ([] or ["--always"]))
{
    Console.Error.WriteLine("usage: OlderLibstdcxx SOURCE TARGET [--always]");
    return 2;
}

try
{
    var copy = LibraryCopy.Of(File.ReadAllBytes(source), SystemLibstdcxx(), always: options.Length > 0);
    Write(copy.Bytes);
    Console.WriteLine($"{Path.GetFileName(source)}: {copy.Verdict}");
    return 0;
}
catch (Exception fault) when (fault is FormatException or IOException or UnauthorizedAccessException)
{
    // As MSBuild likes its errors.
    Console.Error.WriteLine($"{source} : error : {fault.Message}");
    return 1;
}

// Beside the target first, and then in its place: what has the target's name may be a link to a file that others use.
void Write(byte[] bytes)
{
    Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(target))!);
    var unfinished = $"{target}.{Environment.ProcessId}.tmp";
    File.WriteAllBytes(unfinished, bytes);
    if (!OperatingSystem.IsWindows())
        File.SetUnixFileMode(unfinished, File.GetUnixFileMode(source));
    File.Move(unfinished, target, overwrite: true);
}

// What the loader takes for this process, it takes for others. Where there is no glibc there is no libc.so.6.
static Version? SystemLibstdcxx()
{
    if (!OperatingSystem.IsLinux() || !NativeLibrary.TryLoad("libc.so.6", out _) || !NativeLibrary.TryLoad("libstdc++.so.6", out _))
        return null;
    var mapped = File.ReadLines("/proc/self/maps").FirstOrDefault(line => line.Contains("/libstdc++.so.6", StringComparison.Ordinal));
    return mapped is null ? null : Libstdcxx.LastVersion(File.ReadAllBytes(mapped[mapped.IndexOf('/', StringComparison.Ordinal)..]));
}
