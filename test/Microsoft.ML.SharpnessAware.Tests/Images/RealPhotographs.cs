using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Photographs of concrete with cracks and without, 200 of each (SDNET2018), which lie beside the project on machines that have them.</summary>
static class RealPhotographs
{
    /// <summary>Rows with the encoded image and the name of its folder as a key; the test that asks is skipped where there is no such file.</summary>
    public static IDataView Keyed(MLContext ml)
    {
        if (!File.Exists(Path()))
            Assert.Inconclusive($"There is no {Path()}.");
        using var zip = ZipFile.OpenRead(Path());
        return Pictures.Keyed(ml, ml.Data.LoadFromEnumerable(zip.Entries.Where(entry => entry.Name.EndsWith(".jpg", StringComparison.Ordinal)).OrderBy(entry => entry.FullName, StringComparer.Ordinal).Select(Row).ToArray()));
    }

    static PictureRow Row(ZipArchiveEntry entry)
    {
        using var content = entry.Open();
        using var bytes = new MemoryStream();
        content.CopyTo(bytes);
        return new PictureRow { Image = bytes.ToArray(), Label = entry.FullName.Split('/')[^2] };
    }

    static string Path([CallerFilePath] string thisFile = "") =>
        System.IO.Path.GetFullPath("../../../../shared/data/concrete_cracks_CD_UD.zip", System.IO.Path.GetDirectoryName(thisFile)!);
}
