using System.Text;
using Microsoft.ML.Data;

namespace MlnetSam;

/// <summary>How a file of rows is laid out: found by reading it once, without keeping it.</summary>
/// <param name="Separator">What separates columns.</param>
/// <param name="HasHeader">Whether the first line names the columns.</param>
/// <param name="Columns">The names of the columns; col0, col1, ... where there is no header.</param>
/// <param name="Quoting">Whether columns may be in quotation marks, with separators, lines' ends and doubled quotation marks in them.</param>
/// <param name="StrayQuote">The line of a quotation mark that contradicts the others, counted from 1; null where there is none.</param>
sealed record TextFileFormat(char Separator, bool HasHeader, IReadOnlyList<string> Columns, bool Quoting, long? StrayQuote)
{
    const int ProbedBytes = 4096;

    static readonly char[] _separators = ['\t', ',', ';', '|'];

    /// <exception cref="IOException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is empty, or no text that can be read.</exception>
    public static TextFileFormat Of(string file, bool hasHeader)
    {
        if (Directory.Exists(file))
            throw new IOException($"'{file}' is a folder, but texts are read from a file with columns. For a folder of images take the command 'image'.");
        if (!File.Exists(file))
            throw new FileNotFoundException($"There is no file '{file}'.");
        RequireKnownEncoding(file);
        using var reader = new StreamReader(file, detectEncodingFromByteOrderMarks: true);
        var first = reader.ReadLine();
        if (string.IsNullOrWhiteSpace(first))
            throw new InvalidDataException($"'{file}' is empty: it must have a line with the names of its columns, and a line for each text.");

        var separator = SeparatorOf(file, first);
        var quotes = QuoteScan.Of(file, separator);
        var quoting = quotes.HasQuoted && quotes.FirstStray is null;
        var cells = Cells(first, separator, quoting);
        return new TextFileFormat(separator, hasHeader, hasHeader ? cells : [.. cells.Select((_, i) => Invariant($"col{i}"))], quoting, quotes.HasQuoted ? quotes.FirstStray : null);
    }

    /// <summary>The number of a column by its name, or by its number, which counts from 0.</summary>
    /// <exception cref="InvalidDataException">There is no such column, or more than one of that name.</exception>
    public int IndexOf(string column, string file, string option)
    {
        var found = Enumerable.Range(0, Columns.Count).Where(i => Columns[i] == column).ToArray();
        if (found.Length == 1)
            return found[0];
        if (found.Length > 1)
            throw new InvalidDataException($"{option}: '{file}' has {found.Length} columns '{column}'. Give the column's number, such as {found[0]}; they count from 0.");
        if (int.TryParse(column, out var index) && index >= 0 && index < Columns.Count)
            return index;
        var nearest = Names.Nearest(column, Columns);
        throw new InvalidDataException($"{option}: '{file}' has no column '{column}'.{(nearest.Length == 0 ? "" : $" Did you mean '{nearest[0]}'?")} Its columns are {string.Join(", ", Columns.Select(name => $"'{name}'"))}.");
    }

    /// <summary>ML.NET's loader of such a file, for some of its columns.</summary>
    public TextLoader.Options LoaderOf(IEnumerable<(string Name, int Index)> columns) => new()
    {
        Separators = [Separator],
        HasHeader = HasHeader,
        AllowQuoting = Quoting,
        ReadMultilines = Quoting,
        Columns = [.. columns.Select(column => new TextLoader.Column(column.Name, DataKind.String, column.Index))],
    };

    static char SeparatorOf(string file, string first) => Path.GetExtension(file).ToUpperInvariant() switch
    {
        ".TSV" or ".TAB" => '\t',
        _ => _separators.MaxBy(separator => first.Count(c => c == separator)),
    };

    static string[] Cells(string line, char separator, bool quoting)
    {
        var cells = line.Split(separator);
        return quoting ? [.. cells.Select(cell => cell is ['"', .. var inner, '"'] ? inner.Replace("\"\"", "\"", StringComparison.Ordinal) : cell)] : cells;
    }

    static void RequireKnownEncoding(string file)
    {
        var bytes = new byte[ProbedBytes];
        using var stream = File.OpenRead(file);
        var probe = bytes.AsSpan(0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        if (!probe.Contains((byte)0) || probe.StartsWith(Encoding.Unicode.Preamble) || probe.StartsWith(Encoding.BigEndianUnicode.Preamble))
            return;
        throw new InvalidDataException($"'{file}' has bytes of 0 in it and no byte order mark: it is UTF-16 without the mark, or no text. Save it as UTF-8, or as UTF-16 with a byte order mark.");
    }
}
