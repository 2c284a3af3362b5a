using System.IO.Compression;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>A model as its zip file.</summary>
static class SavedModel
{
    public static byte[] Of(MLContext ml, ITransformer model, DataViewSchema? schema = null)
    {
        using var zip = new MemoryStream();
        ml.Model.Save(model, schema, zip);
        return zip.ToArray();
    }

    public static ITransformer Load(MLContext ml, byte[] zip) => ml.Model.Load(new MemoryStream(zip), out _);

    /// <summary>The bytes of the only entry whose name ends so.</summary>
    public static byte[] Entry(byte[] zip, string name)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        using var entry = archive.Entries.Single(e => e.FullName.EndsWith(name, StringComparison.Ordinal)).Open();
        using var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>The zip with that entry changed, or left out where the change gives null.</summary>
    public static byte[] With(byte[] zip, string name, Func<byte[], byte[]?> change)
    {
        using var copy = new MemoryStream();
        copy.Write(zip);
        using (var archive = new ZipArchive(copy, ZipArchiveMode.Update, leaveOpen: true))
        {
            var entry = archive.Entries.Single(e => e.FullName.EndsWith(name, StringComparison.Ordinal));
            var changed = change(Entry(zip, name));
            var path = entry.FullName;
            entry.Delete();
            if (changed is not null)
            {
                using var stream = archive.CreateEntry(path).Open();
                stream.Write(changed);
            }
        }
        return copy.ToArray();
    }
}
