using System.Globalization;

namespace Microsoft.ML.Data;

/// <summary>The text of a value as ML.NET writes it.</summary>
internal static class ValueText
{
    public static string Of<T>(T value) => value switch
    {
        float.NaN or double.NaN => "?",
        float number => number.ToString("R", CultureInfo.InvariantCulture),
        double number => number.ToString("G17", CultureInfo.InvariantCulture),
        bool flag => flag ? "1" : "0",
        TimeSpan span => span.ToString("c"),
        DateTime time => time.ToString("o"),
        DateTimeOffset time => time.ToString("o"),
        DataViewRowId id => $"0x{id.High:x16}{id.Low:x16}",
        _ => value.ToString(),
    };
}
