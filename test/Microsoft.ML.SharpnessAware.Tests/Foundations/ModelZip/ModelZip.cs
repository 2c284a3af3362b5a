using System.IO.Compression;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

/// <summary>The entries of a model zip, by name with forward slashes.</summary>
internal static class ModelZip
{
    public const string Chain = "TransformerChain/Model.key";
    public const string First = "TransformerChain/Transform_000/Model.key";
    public const string Second = "TransformerChain/Transform_001/Model.key";
    public const string Vocabulary = "TransformerChain/Transform_000/Vocabulary/Model.key";
    public const string Terms = "TransformerChain/Transform_000/Vocabulary/Terms.txt";
    public const string Schema = "Schema";
    public const string Version = "TrainingInfo/Version.txt";

    /// <summary>Text labels to keys and back: ant, bee, cow.</summary>
    public static Dictionary<string, byte[]> LabelsAndBack() => new()
    {
        [Vocabulary] = new HandMadeKey("TERM MAN", 0x00010002, "TermManager").Int32(1).Byte(0).Int32(3).Text("ant").Text("bee").Text("cow").ToBytes(),
        [First] = new HandMadeKey("TERMTRNF", 0x00010003, "TermTransform").Int32(1).Text("Label").Text("Label").Byte(0).ToBytes(),
        [Second] = new HandMadeKey("KEY2VALT", 0x00010001, "KeyToValueTransform").Int32(1).Text("PredictedLabel").Text("Label").ToBytes(),
        [Chain] = new HandMadeKey("XF CHAIN", 0x00010001, "TransformerChain").Int32(2).Int32(7).Int32(7).ToBytes(),
    };

    public static MemoryStream Pack(Dictionary<string, byte[]> entries)
    {
        var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in entries)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(bytes);
            }
        }
        stream.Position = 0;
        return stream;
    }

    public static Dictionary<string, byte[]> Unpack(Stream stream)
    {
        stream.Position = 0;
        using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
        return zip.Entries.ToDictionary(entry => entry.FullName.Replace('\\', '/'), Read);
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var source = entry.Open();
        using var target = new MemoryStream();
        source.CopyTo(target);
        return target.ToArray();
    }
}
