using System.Runtime.CompilerServices;
using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Data sets that lie beside the project, on machines that have them.</summary>
static class RealTexts
{
    /// <summary>The rows of a file with a header, columns parted by tabs, all text; the test that asks is skipped where there is no such file.</summary>
    public static IDataView Rows(MLContext ml, string file)
    {
        var path = Path.Combine(Folder(), file);
        if (!File.Exists(path))
            Assert.Inconclusive($"There is no {path}.");
        var columns = File.ReadLines(path).First().Split('\t').Select((name, i) => new TextLoader.Column(name, DataKind.String, i)).ToArray();
        return ml.Data.LoadFromTextFile(path, columns, separatorChar: '\t', hasHeader: true);
    }

    public static IDataView Keyed(MLContext ml, string file, string label)
    {
        var rows = Rows(ml, file);
        return ml.Transforms.Conversion.MapValueToKey(label).Fit(rows).Transform(rows);
    }

    static string Folder([CallerFilePath] string thisFile = "") => Path.GetFullPath("../../../../shared/data/text", Path.GetDirectoryName(thisFile)!);
}
