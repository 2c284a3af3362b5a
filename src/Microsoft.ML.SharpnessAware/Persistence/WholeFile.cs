using System.Reflection;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Text files that appear, or are replaced, when they are complete.</summary>
internal static class WholeFile
{
    /// <summary>Writes beside the file and renames. If that fails, the file is as it was, and nothing lies beside it.</summary>
    public static void Write(string path, Action<TextWriter> write)
    {
        var unfinished = path + ".unfinished";
        try
        {
            using (var writer = new StreamWriter(unfinished))
                write(writer);
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
