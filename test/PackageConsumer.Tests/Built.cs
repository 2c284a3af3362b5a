using System.Reflection;

namespace PackageConsumer.Tests;

/// <summary>What the build knows of the packages.</summary>
internal static class Built
{
    /// <summary>The folder in which our package lies.</summary>
    public static string PackageFolder => Value(nameof(PackageFolder));

    /// <summary>The folder in which NuGet keeps all packages unpacked.</summary>
    public static string PackageCache => Value(nameof(PackageCache));

    public static string Version => Value(nameof(Version));

    public static string LibtorchPackage => Value(nameof(LibtorchPackage));

    public static string TorchSharpVersion => Value(nameof(TorchSharpVersion));

    static string Value(string key) => typeof(Built).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
