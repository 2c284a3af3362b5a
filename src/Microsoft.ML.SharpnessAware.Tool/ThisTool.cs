using System.Reflection;

namespace MlnetSam;

/// <summary>What the build knows of this tool, and generated projects have to know.</summary>
static class ThisTool
{
    /// <summary>The version of the tool and of the library in it.</summary>
    public static string Version => Value(nameof(Version));

    /// <summary>The package of the libtorch that the tool computes with.</summary>
    public static string LibtorchPackage => Value(nameof(LibtorchPackage));

    /// <summary>The version of that package.</summary>
    public static string TorchSharpVersion => Value(nameof(TorchSharpVersion));

    /// <summary>The version of the package Microsoft.ML.DnnImageFeaturizer.ResNet18, with the trained weights.</summary>
    public static string WeightsVersion => Value(nameof(WeightsVersion));

    static string Value(string key) => typeof(ThisTool).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
