namespace Microsoft.ML.Data;

internal readonly record struct TextLine(string Path, long Number, string Text);

/// <summary>The lines of a source that hold rows: not the headers, not the comments, not the empty ones.</summary>
internal static class TextLines
{
    public static IEnumerable<TextLine> Read(IMultiStreamSource source, bool hasHeader)
    {
        for (var file = 0; file < source.Count; file++)
        {
            var path = source.GetPathOrNull(file);
            using var reader = source.OpenTextReader(file);
            var beforeFirst = true;
            for (var number = 1L; reader.ReadLine() is { } text; number++)
            {
                if (text.Length == 0 || text.StartsWith("//", StringComparison.Ordinal) || (beforeFirst && text[0] == '#'))
                    continue;
                var isHeader = beforeFirst && hasHeader;
                beforeFirst = false;
                if (!isHeader)
                    yield return new TextLine(path, number, text);
            }
        }
    }

    public static bool HasEmbeddedSchema(IMultiStreamSource source)
    {
        if (source.Count == 0)
            return false;
        using var reader = source.OpenTextReader(0);
        while (reader.ReadLine() is { } text && (text.Length == 0 || text[0] == '#' || text.StartsWith("//", StringComparison.Ordinal)))
        {
            if (text.StartsWith("#@", StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
