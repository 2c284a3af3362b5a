using System.IO.Compression;
using System.Xml.Linq;

namespace PackageConsumer.Tests;

[TestClass]
public class PackageTests
{
    const string Library = "Microsoft.ML.SharpnessAware";

    [TestMethod]
    public void Package_holds_library_docs_readme_licence_and_a_target_for_older_systems()
    {
        using var package = ZipFile.OpenRead(TheOne("nupkg"));
        string[] files = [.. package.Entries.Select(entry => entry.FullName)];

        CollectionAssert.IsSubsetOf(
            new[]
            {
                $"lib/net8.0/{Library}.dll", $"lib/net8.0/{Library}.xml", $"lib/net10.0/{Library}.dll", $"lib/net10.0/{Library}.xml", "README.md", "LICENSE",
                $"buildTransitive/{Library}.targets", "tools/net8.0/OlderLibstdcxx.dll", "tools/net8.0/OlderLibstdcxx.runtimeconfig.json",
            },
            files);
        CollectionAssert.AreEquivalent(
            new[] { $"lib/net8.0/{Library}.dll", $"lib/net10.0/{Library}.dll", "tools/net8.0/OlderLibstdcxx.dll" },
            files.Where(file => Path.GetExtension(file) is ".dll" or ".so").ToArray());
    }

    [TestMethod]
    public void Package_names_licence_readme_and_no_libtorch()
    {
        using var package = ZipFile.OpenRead(TheOne("nupkg"));
        using var stream = package.GetEntry($"{Library}.nuspec")!.Open();
        XElement metadata = XDocument.Load(stream).Root!.Elements().Single();
        string Text(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
        string[] Dependencies(string framework) => [.. metadata.Descendants()
            .Single(e => e.Name.LocalName == "group" && (string?)e.Attribute("targetFramework") == framework && e.Parent!.Name.LocalName == "dependencies")
            .Elements().Select(e => (string)e.Attribute("id")!)];

        Assert.AreEqual(Library, Text("id"));
        Assert.AreEqual("MIT", Text("license"));
        Assert.AreEqual("README.md", Text("readme"));
        // SkiaSharp's native assets are there for their versions: those that Microsoft.ML.ImageAnalytics asks for are not on every feed.
        string[] skia = ["SkiaSharp", "SkiaSharp.NativeAssets.Linux.NoDependencies", "SkiaSharp.NativeAssets.macOS", "SkiaSharp.NativeAssets.Win32"];
        string[] expected = ["Google.Protobuf", "Microsoft.ML", "Microsoft.ML.ImageAnalytics", "Microsoft.ML.Tokenizers", "System.Numerics.Tensors", "TorchSharp", .. skia];
        CollectionAssert.AreEquivalent(expected, Dependencies("net10.0"));
        CollectionAssert.AreEquivalent((string[])[.. expected, "System.Text.Json"], Dependencies("net8.0"));
    }

    [TestMethod]
    public void Symbols_lie_beside_the_package()
    {
        using var symbols = ZipFile.OpenRead(TheOne("snupkg"));

        Assert.IsNotNull(symbols.GetEntry($"lib/net8.0/{Library}.pdb"));
        Assert.IsNotNull(symbols.GetEntry($"lib/net10.0/{Library}.pdb"));
    }

    [TestMethod]
    public void Package_of_reports_stands_on_the_library_and_a_library_of_plots()
    {
        const string reports = $"{Library}.Reports";
        using var package = ZipFile.OpenRead(TheOne("nupkg", reports));
        using var stream = package.GetEntry($"{reports}.nuspec")!.Open();
        string[] dependencies = [.. XDocument.Load(stream).Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => (string)element.Attribute("id")!)];

        CollectionAssert.IsSubsetOf(new[] { Library, "OxyPlot.Core" }, dependencies);
        Assert.IsFalse(dependencies.Any(name => name.StartsWith("TorchSharp-", StringComparison.Ordinal)), "a libtorch is the application's choice");
        CollectionAssert.IsSubsetOf(new[] { $"lib/net8.0/{reports}.dll", $"lib/net8.0/{reports}.xml", $"lib/net10.0/{reports}.dll", "README.md", "LICENSE" }, package.Entries.Select(entry => entry.FullName).ToArray());
    }

    static string TheOne(string extension, string package = Library) => Directory.GetFiles(Built.PackageFolder, $"{package}.{Built.Version}.{extension}").Single();
}
