namespace Microsoft.ML.Data;

/// <summary>The first lines of the data, read only when a column asks what they look like.</summary>
internal sealed class TextSample
{
    private const int LinesToMeasure = 100;

    private readonly Lazy<string[]> _lines;
    private readonly FieldSplitter _splitter;

    public TextSample(TextFormat format, IMultiStreamSource source)
    {
        _splitter = new FieldSplitter(format);
        _lines = new Lazy<string[]>(() => [.. TextLines.Read(source, hasHeader: false).Take(LinesToMeasure).Select(line => line.Text)]);
        if (format.HasHeader && _lines.Value.Length > 0)
            HeaderFields = [.. _splitter.Split(_lines.Value[0])];
    }

    /// <summary>The fields of the header; null when there is none.</summary>
    public TextField[] HeaderFields { get; }

    /// <summary>The smallest and the largest number of fields of the lines.</summary>
    public (int Min, int Max) FieldCounts()
    {
        var counts = new List<int>();
        foreach (var line in _lines.Value.Where(line => !_splitter.Trim(line).IsEmpty))
        {
            _splitter.Split(line);
            counts.Add(_splitter.FieldCount);
        }

        return counts.Count == 0 ? (0, 0) : (counts.Min(), counts.Max());
    }
}
