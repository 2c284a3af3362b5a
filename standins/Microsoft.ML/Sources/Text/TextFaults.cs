using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Reports the first faults of a text file one by one, and the number of all of them at the end.</summary>
internal sealed class TextFaults
{
    private const int MaxShown = 10;

    private readonly IChannel _channel;
    private int _badValues;
    private int _badFormats;
    private bool _done;

    public TextFaults(IHost host) => _channel = host.Start("ParseStats");

    public void BadValue(TextLine line, string column, int? slot)
    {
        if (++_badValues > MaxShown)
            return;
        if (slot == null)
            _channel.Info(MessageSensitivity.Schema, "  Bad value at line {0} in column {1}", line.Number, column);
        else
            _channel.Info(MessageSensitivity.Schema, "  Bad value at line {0} in column {1} at slot {2}", line.Number, column, slot);
        if (_badValues == MaxShown)
            _channel.Info("  Suppressing further bad value messages");
    }

    public void BadQuoting(TextLine line, int first, int last)
    {
        if (++_badFormats > MaxShown)
            return;
        _channel.Warning("Format error at {0}({1},{2})-({1},{3}): {4}", line.Path, line.Number, first, last, "Illegal quoting");
        if (_badFormats == MaxShown)
            _channel.Warning("Suppressing further format error messages");
    }

    public void Report(long rows)
    {
        if (_done)
            return;
        _done = true;
        if (_badValues > 0 || _badFormats > 0)
            _channel.Info("Processed {0} rows with {1} bad values and {2} format errors", rows, _badValues, _badFormats);
        _channel.Dispose();
    }
}
