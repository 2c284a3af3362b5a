using System.Reflection;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Files that appear, or are replaced, when they are complete.</summary>
internal static class WholeFile
{
    /// <summary>Writes text as <see cref="WriteBytes"/> writes bytes.</summary>
    public static void Write(string path, Action<TextWriter> write) => WriteBytes(path, file =>
    {
        using var writer = new StreamWriter(file);
        write(writer);
    });

    /// <summary>Writes beside the file and renames. If that fails, the file is as it was, and nothing lies beside it.</summary>
    public static void WriteBytes(string path, Action<Stream> write)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new DirectoryNotFoundException($"Cannot write '{path}': there is no folder '{folder}'.");
        var unfinished = path + ".unfinished";
        try
        {
            using (var file = File.Create(unfinished))
                write(file);
            File.Move(unfinished, path, overwrite: true);
        }
        catch
        {
            if (File.Exists(unfinished))
                File.Delete(unfinished);
            throw;
        }
    }
}

/// <summary>Which library writes a file, for whoever cannot read it.</summary>
internal static class LibraryVersion
{
    public static string Text { get; } = typeof(LibraryVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
}
