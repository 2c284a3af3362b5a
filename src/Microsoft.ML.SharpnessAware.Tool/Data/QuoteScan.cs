using System.Text;

namespace MlnetSam;

/// <summary>What quotation marks and lines mean in a file of rows to ML.NET's loader.</summary>
/// <param name="HasQuoted">Whether a column is in quotation marks, from its first character to its last but for spaces.</param>
/// <param name="FirstStray">The line of the first column that begins with a quotation mark and has no end of that kind, counted from 1; null where there is none.</param>
/// <param name="Comments">The lines that the loader leaves out because they begin with //.</param>
readonly record struct QuoteScan(bool HasQuoted, long? FirstStray, long Comments)
{
    // A reader stays with this encoding behind a byte order mark of UTF-8 only if the encoding has one itself.
    static readonly UTF8Encoding _strictUtf8 = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);

    /// <summary>Whether the loader should heed quotation marks.</summary>
    public bool Quoting => HasQuoted && FirstStray is null;

    /// <summary>Reads the whole file, and keeps nothing of it.</summary>
    /// <exception cref="InvalidDataException">The file is neither UTF-8 nor has a byte order mark.</exception>
    public static QuoteScan Of(string file, char separator)
    {
        using var reader = new StreamReader(file, _strictUtf8, detectEncodingFromByteOrderMarks: true);
        try
        {
            return Of(reader, separator);
        }
        catch (DecoderFallbackException)
        {
            throw new InvalidDataException($"'{file}' is not UTF-8: it has bytes that mean nothing there, as a file in Windows-1252 has. Save it as UTF-8, or as UTF-16 with a byte order mark.");
        }
    }

    /// <summary>Reads the text to its end.</summary>
    public static QuoteScan Of(TextReader text, char separator)
    {
        var lines = new LineScan(separator);
        while (text.ReadLine() is { } line)
            lines.Read(line);
        return lines.End();
    }
}

/// <summary>Follows quotation marks from line to line as ML.NET's loader does.</summary>
sealed class LineScan(char separator)
{
    const char Quote = '"';

    long _line;
    long? _open; // the line of the quotation mark that the next line is behind
    long? _stray;
    bool _hasQuoted;
    long _commentRows, _commentLines;

    /// <summary>The next line.</summary>
    public void Read(string line)
    {
        _line++;
        var isComment = line.StartsWith("//", StringComparison.Ordinal);
        _commentLines += isComment ? 1 : 0;
        if (_stray is not null)
            return;
        if (isComment && _open is null)
            _commentRows++;
        else
            ReadColumns(line);
    }

    /// <summary>What there was in the lines, which are all.</summary>
    public QuoteScan End()
    {
        var stray = _stray ?? _open;
        return new QuoteScan(_hasQuoted, stray, stray is null ? _commentRows : _commentLines);
    }

    // Spaces do not count before a column, nor behind the quotation mark that closes it.
    void ReadColumns(string line)
    {
        for (var at = 0; at <= line.Length; at++)
        {
            if (_open is null)
            {
                at = BehindSpaces(line, at);
                if (at == line.Length || line[at] != Quote)
                {
                    at = line.IndexOf(separator, at) is >= 0 and var end ? end : line.Length;
                    continue;
                }
                (_open, at) = (_line, at + 1);
            }
            at = BehindQuoted(line, at);
            if (at < 0)
                return;
            at = BehindSpaces(line, at);
            if (at < line.Length && line[at] != separator)
            {
                _stray = _open;
                return;
            }
            (_open, _hasQuoted) = (null, true);
        }
    }

    static int BehindSpaces(string line, int at)
    {
        while (at < line.Length && line[at] == ' ')
            at++;
        return at;
    }

    // Doubled marks are part of the text. Less than 0 where the text goes on in the next line.
    static int BehindQuoted(string line, int at)
    {
        for (; at < line.Length; at++)
        {
            if (line[at] != Quote)
                continue;
            if (at + 1 == line.Length || line[at + 1] != Quote)
                return at + 1;
            at++;
        }
        return -1;
    }
}
