namespace MlnetSam;

/// <summary>What quotation marks mean in a file of rows.</summary>
/// <param name="HasQuoted">Whether a column is in quotation marks, from its first character to its last.</param>
/// <param name="FirstStray">The line of the first column that begins with a quotation mark and has no end of that kind, counted from 1; null where there is none.</param>
readonly record struct QuoteScan(bool HasQuoted, long? FirstStray)
{
    const char Quote = '"';

    /// <summary>Reads the whole file, and keeps nothing of it.</summary>
    public static QuoteScan Of(string file, char separator)
    {
        using var reader = new StreamReader(file, detectEncodingFromByteOrderMarks: true);
        return Of(reader, separator);
    }

    /// <summary>Reads the text to its end, or to the first stray quotation mark.</summary>
    public static QuoteScan Of(TextReader text, char separator)
    {
        var (hasQuoted, line, begins) = (false, 1L, true);
        for (var c = text.Read(); c >= 0; c = text.Read())
        {
            if (begins && c == Quote)
            {
                var start = line;
                if (!SkipQuoted(text, separator, ref line))
                    return new QuoteScan(hasQuoted, start);
                (hasQuoted, begins) = (true, false);
                continue;
            }
            begins = c == separator || c == '\n';
            line += c == '\n' ? 1 : 0;
        }
        return new QuoteScan(hasQuoted, null);
    }

    // Behind the opening mark. True where the closing one ends the column.
    static bool SkipQuoted(TextReader text, char separator, ref long line)
    {
        for (var c = text.Read(); c >= 0; c = text.Read())
        {
            line += c == '\n' ? 1 : 0;
            if (c != Quote)
                continue;
            var next = text.Peek();
            if (next != Quote)
                return next < 0 || next == separator || next is '\r' or '\n';
            text.Read();
        }
        return false;
    }
}
