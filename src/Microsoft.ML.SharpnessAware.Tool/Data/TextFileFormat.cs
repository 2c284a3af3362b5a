using System.Text;
using System.Text.RegularExpressions;
using Microsoft.ML.Data;

namespace MlnetSam;

/// <summary>How a file of rows is laid out: found by reading it once, without keeping it.</summary>
/// <param name="Separator">What separates columns.</param>
/// <param name="HasHeader">Whether the first line names the columns.</param>
/// <param name="Columns">The names of the columns; col0, col1, ... where the header has none.</param>
/// <param name="Quoting">Whether columns may be in quotation marks, with separators, lines' ends and doubled quotation marks in them.</param>
/// <param name="StrayQuote">The line of a quotation mark that contradicts the others, counted from 1; null where there is none.</param>
/// <param name="Comments">The lines that are left out because they begin with //.</param>
sealed partial record TextFileFormat(char Separator, bool HasHeader, IReadOnlyList<string> Columns, bool Quoting, long? StrayQuote, long Comments)
{
    const int ProbedBytes = 4096;

    static readonly char[] _separators = ['\t', ',', ';', '|'];
    static readonly string[] _comments = ["#", "//"];

    /// <exception cref="IOException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is empty, or no text that can be read.</exception>
    public static TextFileFormat Of(string file, bool hasHeader)
    {
        if (Directory.Exists(file))
            throw new IOException($"'{file}' is a folder, but texts are read from a file with columns. For a folder of images take the command 'image'.");
        if (!File.Exists(file))
            throw new FileNotFoundException($"There is no file '{file}'.");
        RequireKnownEncoding(file);
        var first = FirstLine(file);
        var separator = SeparatorOf(file, first);
        var quotes = QuoteScan.Of(file, separator);
        var cells = Cells(file, separator, quotes.Quoting);
        var columns = cells.Select((cell, i) => hasHeader && cell.Length > 0 ? cell : Invariant($"col{i}"));
        return new TextFileFormat(separator, hasHeader, [.. columns], quotes.Quoting, quotes.HasQuoted ? quotes.FirstStray : null, quotes.Comments);
    }

    /// <summary>Says what is odd about the file.</summary>
    public void Warn(string file, Action<string> warn)
    {
        if (StrayQuote is { } line)
            warn($"'{file}': quotation marks are read as they are, because the column that begins with one in line {line} has no end of that kind.");
        if (Comments > 0)
            warn($"'{file}': lines that begin with // are left out, {Comments} of them, because ML.NET takes them for comments. A space before the // keeps a line.");
    }

    /// <summary>The number of a column by its name, or by its number, which counts from 0.</summary>
    /// <exception cref="InvalidDataException">There is no such column, or more than one of that name.</exception>
    public int IndexOf(string column, string file, string option)
    {
        var found = Enumerable.Range(0, Columns.Count).Where(i => Columns[i] == column.Trim()).ToArray();
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

    static string FirstLine(string file)
    {
        using var reader = new StreamReader(file, detectEncodingFromByteOrderMarks: true);
        var first = reader.ReadLine();
        if (string.IsNullOrWhiteSpace(first))
            throw new InvalidDataException($"'{file}' is empty: it must have a line with the names of its columns, and a line for each text.");
        if (_comments.FirstOrDefault(mark => first.StartsWith(mark, StringComparison.Ordinal)) is { } comment)
            throw new InvalidDataException($"The first line of '{file}' begins with {comment}: ML.NET takes it for a comment, and leaves it out. Delete the line, or put a space before the {comment} if it has the names of the columns or a text.");
        return first;
    }

    static char SeparatorOf(string file, string first) => Path.GetExtension(file).ToUpperInvariant() switch
    {
        ".TSV" or ".TAB" => '\t',
        _ => _separators.MaxBy(separator => Quoted().Replace(first, "").Count(c => c == separator)),
    };

    // The first row as ML.NET's loader splits it, without spaces around, which it takes from the names of columns.
    static List<string> Cells(string file, char separator, bool quoting)
    {
        using var reader = new StreamReader(file, detectEncodingFromByteOrderMarks: true);
        var (cells, cell, isQuoted) = (new List<string>(), new StringBuilder(), false);
        for (var c = reader.Read(); c >= 0 && (isQuoted || c is not ('\r' or '\n')); c = reader.Read())
        {
            if (isQuoted && c == '"' && reader.Peek() == '"')
                cell.Append((char)reader.Read());
            else if (quoting && c == '"' && (isQuoted || IsBlank(cell)))
                isQuoted = !isQuoted;
            else if (isQuoted || c != separator)
                cell.Append((char)c);
            else
                EndCell();
        }
        EndCell();
        return cells;

        void EndCell()
        {
            cells.Add(cell.ToString().Trim());
            cell.Clear();
        }
    }

    static bool IsBlank(StringBuilder cell) => string.IsNullOrWhiteSpace(cell.ToString());

    static void RequireKnownEncoding(string file)
    {
        var bytes = new byte[ProbedBytes];
        using var stream = File.OpenRead(file);
        var probe = bytes.AsSpan(0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        if (!probe.Contains((byte)0) || probe.StartsWith(Encoding.Unicode.Preamble) || probe.StartsWith(Encoding.BigEndianUnicode.Preamble))
            return;
        throw new InvalidDataException($"'{file}' has bytes of 0 in it and no byte order mark: it is UTF-16 without the mark, or no text. Save it as UTF-8, or as UTF-16 with a byte order mark.");
    }

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Quoted();
}
