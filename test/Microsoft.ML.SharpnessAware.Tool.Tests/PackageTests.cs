using System.IO.Compression;
using System.Reflection;
using System.Runtime.InteropServices;

namespace MlnetSam.Tests;

[TestClass]
public sealed class PackageTests
{
    const long LargestOfFeeds = 250_000_000;

    [TestMethod]
    public void Package_for_this_system_has_libtorch_and_weights_once_and_nothing_that_is_not_called()
    {
        var path = Path.Combine(Folder, $"mlnet-sam.{RuntimeInformation.RuntimeIdentifier}.{Built("Version")}.nupkg");
        using var package = ZipFile.OpenRead(path);
        string[] names = [.. package.Entries.Select(entry => entry.Name)];

        Assert.IsLessThan(LargestOfFeeds, new FileInfo(path).Length);
        CollectionAssert.IsSubsetOf(new[] { "ResNet18.onnx", "Microsoft.ML.SharpnessAware.Tool.dll", "tool.md", "LICENSE" }, names);
        Assert.ContainsSingle(name => name == "ResNet18.onnx", names);
        Assert.ContainsSingle(name => name.Contains("torch_cpu", StringComparison.Ordinal) && !name.EndsWith(".lib", StringComparison.Ordinal), names);
        Assert.DoesNotContain("libtorch_python.so", names);
    }

    [TestMethod]
    public void Package_without_a_system_leads_to_that_of_this_one()
    {
        using var package = ZipFile.OpenRead(Path.Combine(Folder, $"mlnet-sam.{Built("Version")}.nupkg"));
        using var settings = new StreamReader(package.Entries.Single(entry => entry.Name == "DotnetToolSettings.xml").Open());

        Assert.Contains($"mlnet-sam.{RuntimeInformation.RuntimeIdentifier}", settings.ReadToEnd());
    }

    static string Folder => Built("PackageFolder");

    static string Built(string key) => typeof(PackageTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
