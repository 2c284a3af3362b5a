using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

internal sealed class TextCursor : RootCursorBase
{
    private readonly TextFormat _format;
    private readonly TextPipe[] _pipes;
    private readonly IEnumerator<TextLine> _lines;
    private readonly FieldSplitter _splitter;
    private readonly TextFaults _faults;
    private readonly int _fieldsNeeded;
    private TextLine _line;
    private long _rows;

    public TextCursor(IHost host, TextFormat format, DataViewSchema schema, IMultiStreamSource source, TextPipe[] pipes)
        : base(host)
    {
        Schema = schema;
        _format = format;
        _pipes = pipes;
        _faults = new TextFaults(host);
        _lines = TextLines.Read(source, format.HasHeader).GetEnumerator();
        _splitter = new FieldSplitter(format) { BadQuoting = (first, last) => _faults.BadQuoting(_line, first, last) };
        var lastFields = pipes.Where(pipe => pipe != null).SelectMany(pipe => pipe.Column.Segments).Select(segment => segment.Lim);
        _fieldsNeeded = lastFields.DefaultIfEmpty(1).Max();
        if (format.InputSize > 0)
            _fieldsNeeded = Math.Min(_fieldsNeeded, format.InputSize);
    }

    public override DataViewSchema Schema { get; }

    public override long Batch => 0;

    public override bool IsColumnActive(DataViewSchema.Column column)
    {
        Ch.Check(column.Index < _pipes.Length);
        return _pipes[column.Index] != null;
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Ch.CheckParam(column.Index < _pipes.Length, nameof(column), "requested column not valid.");
        Ch.Check(IsColumnActive(column));
        var getter = _pipes[column.Index].Getter;
        return getter as ValueGetter<TValue>
            ?? throw Ch.Except($"Invalid TValue in GetGetter: '{typeof(TValue)}', expected type: '{getter.GetType().GetGenericArguments().First()}'.");
    }

    public override ValueGetter<DataViewRowId> GetIdGetter()
        => (ref DataViewRowId id) =>
        {
            Ch.Check(IsGood, RowCursorUtils.FetchValueStateError);
            id = new DataViewRowId((ulong)Position, 0);
        };

    protected override bool MoveNextCore()
    {
        try
        {
            if (_rows >= _format.MaxRows || !ReadLine())
                return false;
            _rows++;
            ParseLine();
            return true;
        }
        catch (Exception ex) when (_format.UseThreads)
        {
            throw Ch.ExceptDecode(ex, "Parsing failed with an exception: {0}", ex.Message);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _lines.Dispose();
            _faults.Report(_rows);
        }

        base.Dispose(disposing);
    }

    private bool ReadLine()
    {
        try
        {
            if (!_lines.MoveNext())
                return false;
        }
        catch (Exception ex)
        {
            throw Contracts.ExceptDecode(ex, "Stream reading encountered exception");
        }

        _line = _lines.Current;
        return true;
    }

    private void ParseLine()
    {
        var fields = _splitter.Split(_line.Text, _fieldsNeeded);
        foreach (var pipe in _pipes)
        {
            if (pipe?.Column.Type is VectorDataViewType)
                ParseVector(pipe, fields);
            else if (pipe != null)
                ParseScalar(pipe, fields);
        }
    }

    private void ParseScalar(TextPipe pipe, IReadOnlyList<TextField> fields)
    {
        pipe.Reset(0);
        var at = FirstFrom(fields, pipe.Column.Segments[0].Min);
        if (at < fields.Count && fields[at].Index == pipe.Column.Segments[0].Min)
        {
            if (pipe.Take(0, fields[at].Text))
                return;
            if (!pipe.HasMissing)
                throw Contracts.Except($"Could not parse value {fields[at].Text} in line {_line.Number}, column {pipe.Column.Name}");
            _faults.BadValue(_line, pipe.Column.Name, slot: null);
        }
        else if (_format.MissingRealsAsNaNs && IsReal(pipe))
        {
            pipe.Take(0, default);
        }
    }

    private void ParseVector(TextPipe pipe, IReadOnlyList<TextField> fields)
    {
        var variable = pipe.Column.Segments.Where(segment => segment.IsVariable).Sum(segment => Math.Max(0, _splitter.FieldCount - segment.Min));
        pipe.Reset(pipe.Column.FixedSize + variable);
        var start = 0;
        foreach (var segment in pipe.Column.Segments)
        {
            var lim = segment.IsVariable ? Math.Max(segment.Min, _splitter.FieldCount) : segment.Lim;
            var at = FirstFrom(fields, segment.Min);
            for (; at < fields.Count && fields[at].Index < lim; at++)
                Take(pipe, start + fields[at].Index - segment.Min, fields[at].Text);
            if (_format.MissingRealsAsNaNs && IsReal(pipe) && at >= fields.Count)
            {
                for (var field = Math.Max(segment.Min, fields.Count); field < lim; field++)
                    pipe.Take(start + field - segment.Min, default);
            }

            start += lim - segment.Min;
        }
    }

    private void Take(TextPipe pipe, int slot, ReadOnlyMemory<char> text)
    {
        if (pipe.Take(slot, text))
            return;
        if (!pipe.HasMissing)
            throw Contracts.Except($"Could not parse value {text} in slot {slot} of column {pipe.Column.Name} in line {_line.Number}");
        _faults.BadValue(_line, pipe.Column.Name, slot);
    }

    private static bool IsReal(TextPipe pipe) => pipe.Column.ItemType.RawType == typeof(float) || pipe.Column.ItemType.RawType == typeof(double);

    private static int FirstFrom(IReadOnlyList<TextField> fields, int index)
    {
        int low = 0, high = fields.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (fields[middle].Index < index)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
