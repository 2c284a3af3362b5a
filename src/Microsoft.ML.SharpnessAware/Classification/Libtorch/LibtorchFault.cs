using System.Text.RegularExpressions;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Why libtorch cannot be used, and what to do about it.</summary>
/// <param name="TorchSharp">The version of TorchSharp, such as 0.107.0.</param>
/// <param name="Platform">System and processor, such as linux-x64.</param>
internal sealed partial record LibtorchFault(string TorchSharp, string Platform)
{
    const string Cannot = "libtorch, the native library that computes, cannot be loaded.";

    /// <summary>What the loader has said, in words that help.</summary>
    /// <param name="said">The loader's lines, one for each place where it looked.</param>
    /// <param name="lastVersion">The last version that a file of libstdc++ has.</param>
    public string Explain(string said, Func<string, Version?> lastVersion)
    {
        if (Platform is not ("linux-x64" or "win-x64" or "win-arm64" or "osx-arm64"))
            return $"{Cannot} There is none for {Platform}: TorchSharp runs on linux-x64, win-x64 and osx-arm64.";
        if (Platform.StartsWith("win", StringComparison.Ordinal) && TorchSharp == "0.107.0")
            return $"{Cannot} That of TorchSharp 0.107.0 does not load on Windows (https://github.com/dotnet/TorchSharp/issues/1567). Take the packages TorchSharp and TorchSharp-cpu or TorchSharp-cuda-windows in version 0.105.1.";
        if (MissingVersion().Match(said) is { Success: true } missing)
            return $"{Cannot} {OlderSystem(missing.Groups["version"].Value, missing.Groups["file"].Value, lastVersion)}";
        if (MissingSymbol().IsMatch(said))
            return OtherVersion;
        if (!LibtorchIsMissing().IsMatch(said) && OtherFault(said) is { } line)
            return $"{Cannot} The system's loader says: {line}";
        return NotReferenced;
    }

    /// <summary>There is no libtorch.</summary>
    public string NotReferenced =>
        $"{Cannot} Add the package TorchSharp-cpu, TorchSharp-cuda-linux or TorchSharp-cuda-windows to the application, in the version of its TorchSharp package, {TorchSharp}.";

    /// <summary>There is one that TorchSharp was not made for.</summary>
    public string OtherVersion =>
        $"{Cannot} It is not the one that TorchSharp {TorchSharp} was built for: functions are missing in it. Give the package TorchSharp-cpu, TorchSharp-cuda-linux or TorchSharp-cuda-windows the version {TorchSharp} too, and remove references to other packages whose names begin with libtorch.";

    static string OlderSystem(string version, string file, Func<string, Version?> lastVersion)
    {
        var here = lastVersion(file) is { } last ? $"this system's libstdc++ ({file}) ends at GLIBCXX_{last}" : $"this system's {file} has no such version";
        return version == "GLIBCXX_3.4.32"
            ? $"TorchSharp's part of it requires the symbol version {version}, and {here}. Set the MSBuild property TorchSharpForOlderLibstdcxx to true in the application's project and build it again; or run it on a newer distribution or container image, with the libstdc++ of GCC 13.2 or later, such as Debian 13 or Ubuntu 24.04."
            : $"TorchSharp's part of it requires the symbol version {version}, and {here}. Run the application on a newer distribution or container image, such as Debian 13 or Ubuntu 24.04.";
    }

    // The loader says of each place where it looked that there is no such file. What counts is a file that is there and does not load.
    static string? OtherFault(string said) => said.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .FirstOrDefault(line => !NoSuchFile().IsMatch(line));

    [GeneratedRegex(@"(?<file>[^\s:]+): version [`'](?<version>[^']+)' not found")]
    private static partial Regex MissingVersion();

    // As the loaders of Linux, macOS and Windows say it.
    [GeneratedRegex("undefined symbol|Symbol not found|0x8007007F")]
    private static partial Regex MissingSymbol();

    [GeneratedRegex(@"^lib(torch|c10)[^/:]*: cannot open shared object file|Library not loaded: @rpath/lib(torch|c10)", RegexOptions.Multiline)]
    private static partial Regex LibtorchIsMissing();

    [GeneratedRegex(@"^Unable to load shared library|^/.*: cannot open shared object file: No such file|\(no such file|0x8007007E")]
    private static partial Regex NoSuchFile();
}
