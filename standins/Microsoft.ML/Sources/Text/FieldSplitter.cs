using System.Text;

namespace Microsoft.ML.Data;

internal readonly record struct TextField(int Index, ReadOnlyMemory<char> Text);

/// <summary>Splits a line into its fields; empty fields are left out.</summary>
internal sealed class FieldSplitter(TextFormat format)
{
    private readonly bool _spaceSeparates = format.Separators.Contains(' ');
    private readonly List<TextField> _fields = [];
    private readonly StringBuilder _unquoted = new();
    private ReadOnlyMemory<char> _line;
    private int _at;

    /// <summary>The number of fields of the line split last, the empty ones included.</summary>
    public int FieldCount { get; private set; }

    /// <summary>Called with the first and last character (from 1) of a field that is quoted wrongly.</summary>
    public Action<int, int> BadQuoting { get; init; }

    public ReadOnlyMemory<char> Trim(string line) => format.TrimWhitespace ? line.AsMemory().TrimEnd() : line.AsMemory();

    /// <summary>The fields of the line, valid until the next call.</summary>
    public IReadOnlyList<TextField> Split(string line, int fieldsNeeded = int.MaxValue)
    {
        _line = Trim(line);
        _at = 0;
        _fields.Clear();
        FieldCount = 0;
        bool more;
        do
        {
            more = Next(out var text);
            if (!text.IsEmpty || format.MissingRealsAsNaNs)
                _fields.Add(new TextField(FieldCount, text));
            FieldCount++;
        }
        while (more && FieldCount < fieldsNeeded);
        return _fields;
    }

    private bool Next(out ReadOnlyMemory<char> text)
    {
        SkipSpaces();
        var line = _line.Span;
        if (_at >= line.Length)
        {
            text = default;
            return false;
        }

        text = format.AllowQuoting && line[_at] == '"' ? Quoted() : Plain();
        return _at++ < line.Length;
    }

    private void SkipSpaces()
    {
        if (_spaceSeparates)
            return;
        var line = _line.Span;
        while (_at < line.Length && line[_at] == ' ')
            _at++;
    }

    private ReadOnlyMemory<char> Plain()
    {
        var start = _at;
        _at = NextSeparator(start);
        return _line[start.._at];
    }

    private ReadOnlyMemory<char> Quoted()
    {
        var start = _at++;
        var good = format.EscapeChar == '"' ? ReadDoubledQuotes() : ReadEscapedQuotes();
        var end = NextSeparator(_at);
        good &= _line.Span[_at..end].TrimEnd(' ').IsEmpty;
        _at = end;
        if (good)
            return _unquoted.Length == 0 ? default : _unquoted.ToString().AsMemory();
        BadQuoting?.Invoke(start + 1, end + 1);
        return default;
    }

    private bool ReadDoubledQuotes()
    {
        var line = _line.Span;
        _unquoted.Clear();
        for (; _at < line.Length; _at++)
        {
            if (line[_at] == '"' && (++_at >= line.Length || line[_at] != '"'))
                return true;
            _unquoted.Append(line[_at]);
        }

        return false;
    }

    private bool ReadEscapedQuotes()
    {
        var line = _line.Span;
        _unquoted.Clear();
        for (; _at < line.Length; _at++)
        {
            if (line[_at] == '"')
            {
                _at++;
                return true;
            }

            if (line[_at] == format.EscapeChar)
            {
                if (++_at >= line.Length)
                    return false;
                if (line[_at] != '"')
                    _unquoted.Append(format.EscapeChar);
            }

            _unquoted.Append(line[_at]);
        }

        return false;
    }

    private int NextSeparator(int from)
    {
        var offset = _line.Span[from..].IndexOfAny(format.Separators);
        return offset < 0 ? _line.Length : from + offset;
    }
}
