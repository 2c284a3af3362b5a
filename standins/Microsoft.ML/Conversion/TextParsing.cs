using System.Globalization;

namespace Microsoft.ML.Data;

internal delegate bool TryParseText<T>(ReadOnlyMemory<char> text, out T value);

/// <summary>Reads values from text by ML.NET's rules.</summary>
internal static class TextParsing
{
    public static TryParseText<T> Of<T>(DataViewType type, char decimalMarker = '.', bool emptyIsNaN = false)
    {
        if (type is KeyDataViewType key)
            return KeyOf<T>(key.Count);
        Delegate parse = Type.GetTypeCode(typeof(T)) switch
        {
            TypeCode.SByte => Signed<sbyte>(sbyte.MaxValue),
            TypeCode.Int16 => Signed<short>(short.MaxValue),
            TypeCode.Int32 => Signed<int>(int.MaxValue),
            TypeCode.Int64 => Signed<long>(long.MaxValue),
            TypeCode.Byte => Unsigned<byte>(byte.MaxValue),
            TypeCode.UInt16 => Unsigned<ushort>(ushort.MaxValue),
            TypeCode.UInt32 => Unsigned<uint>(uint.MaxValue),
            TypeCode.UInt64 => Unsigned<ulong>(ulong.MaxValue),
            TypeCode.Single => Single(decimalMarker, emptyIsNaN),
            TypeCode.Double => Double(decimalMarker, emptyIsNaN),
            TypeCode.Boolean => (TryParseText<bool>)TryParseBoolean,
            TypeCode.DateTime => (TryParseText<DateTime>)TryParseDateTime,
            _ when typeof(T) == typeof(ReadOnlyMemory<char>) => (TryParseText<ReadOnlyMemory<char>>)TakeText,
            _ when typeof(T) == typeof(TimeSpan) => (TryParseText<TimeSpan>)TryParseTimeSpan,
            _ when typeof(T) == typeof(DateTimeOffset) => (TryParseText<DateTimeOffset>)TryParseDateTimeOffset,
            _ => throw new NotSupportedException($"Reading '{type}' from text is not part of this stand-in of ML.NET."),
        };
        return (TryParseText<T>)parse;
    }

    private static TryParseText<T> KeyOf<T>(ulong count)
        => (ReadOnlyMemory<char> text, out T value) =>
        {
            value = default;
            if (text.IsEmpty || IsMissing(text.Span))
                return true;
            if (!TryParseDigits(text.Span, out var number) || number >= count)
                return false;
            value = (T)Convert.ChangeType(number + 1, typeof(T));
            return true;
        };

    private static TryParseText<T> Signed<T>(long max)
        => (ReadOnlyMemory<char> text, out T value) =>
        {
            value = default;
            if (text.IsEmpty)
                return true;
            var span = text.Span;
            var isNegative = span[0] == '-';
            if (!TryParseDigits(isNegative ? span[1..] : span, out var number) || (isNegative && span.Length == 1))
                return false;
            if (number > (isNegative ? (ulong)max + 1 : (ulong)max))
                return false;
            value = (T)Convert.ChangeType(isNegative ? unchecked(-(long)number) : (long)number, typeof(T));
            return true;
        };

    private static TryParseText<T> Unsigned<T>(ulong max)
        => (ReadOnlyMemory<char> text, out T value) =>
        {
            value = default;
            if (text.IsEmpty || !TryParseDigits(text.Span, out var number) || number > max)
                return false;
            value = (T)Convert.ChangeType(number, typeof(T));
            return true;
        };

    private static TryParseText<float> Single(char decimalMarker, bool emptyIsNaN)
        => (ReadOnlyMemory<char> text, out float value) =>
        {
            var good = TryParseReal(text.Span, decimalMarker, emptyIsNaN, out var number);
            value = (float)number;
            return good;
        };

    private static TryParseText<double> Double(char decimalMarker, bool emptyIsNaN)
        => (ReadOnlyMemory<char> text, out double value) => TryParseReal(text.Span, decimalMarker, emptyIsNaN, out value);

    private static bool TryParseReal(ReadOnlySpan<char> text, char decimalMarker, bool emptyIsNaN, out double value)
    {
        text = text.Trim();
        switch (text)
        {
            case "":
                value = emptyIsNaN ? double.NaN : 0;
                return true;
            case "Infinity" or "\u221E":
                value = double.PositiveInfinity;
                return true;
            case "-Infinity" or "-\u221E":
                value = double.NegativeInfinity;
                return true;
        }

        if (text.IndexOfAnyExcept("+-0123456789eE" + decimalMarker) < 0)
        {
            var plain = decimalMarker == '.' ? text.ToString() : text.ToString().Replace(decimalMarker, '.');
            if (double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out value))
                return true;
        }

        value = double.NaN;
        return IsMissing(text);
    }

    private static bool IsMissing(ReadOnlySpan<char> text)
        => text is "?"
            || text.Equals("NA", StringComparison.OrdinalIgnoreCase)
            || text.Equals("N/A", StringComparison.OrdinalIgnoreCase)
            || text.Equals("NaN", StringComparison.OrdinalIgnoreCase);

    private static bool TryParseDigits(ReadOnlySpan<char> text, out ulong value)
    {
        value = 0;
        return text.IsEmpty || (text.IndexOfAnyExceptInRange('0', '9') < 0 && ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value));
    }

    private static bool TryParseBoolean(ReadOnlyMemory<char> text, out bool value)
    {
        var word = text.ToString().ToLowerInvariant();
        value = word is "t" or "y" or "1" or "+" or "+1" or "yes" or "true";
        return value || word is "" or "f" or "n" or "0" or "-" or "-1" or "no" or "false";
    }

    private static bool TakeText(ReadOnlyMemory<char> text, out ReadOnlyMemory<char> value)
    {
        value = text;
        return true;
    }

    private static bool TryParseTimeSpan(ReadOnlyMemory<char> text, out TimeSpan value)
    {
        value = default;
        return text.IsEmpty || TimeSpan.TryParse(text.Span, CultureInfo.InvariantCulture, out value);
    }

    private static bool TryParseDateTime(ReadOnlyMemory<char> text, out DateTime value)
    {
        value = default;
        return text.IsEmpty
            || DateTime.TryParse(text.Span, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out value);
    }

    private static bool TryParseDateTimeOffset(ReadOnlyMemory<char> text, out DateTimeOffset value)
    {
        value = default;
        return text.IsEmpty || DateTimeOffset.TryParse(text.Span, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value);
    }
}
