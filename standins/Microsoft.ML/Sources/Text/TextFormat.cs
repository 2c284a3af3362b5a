using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>How lines are split into fields and fields are read.</summary>
internal sealed class TextFormat
{
    private const char DefaultSeparator = TextLoader.Defaults.Separator;

    public TextFormat(IExceptionContext context, TextLoader.Options options)
    {
        HasHeader = options.HasHeader;
        AllowQuoting = options.AllowQuoting;
        TrimWhitespace = options.TrimWhitespace;
        MissingRealsAsNaNs = options.MissingRealsAsNaNs;
        UseThreads = options.UseThreads;
        MaxRows = options.MaxRows ?? long.MaxValue;
        context.CheckUserArg(MaxRows >= 0, nameof(options.MaxRows));
        InputSize = options.InputSize ?? 0;
        context.Check(InputSize >= 0, "inputSize");
        InputSize = Math.Min(InputSize, int.MaxValue - 1);
        Separators = [.. (options.Separators.Length == 0 ? [DefaultSeparator] : options.Separators).Distinct()];
        foreach (var separator in Separators)
            CheckSeparator(context, separator);

        DecimalMarker = options.DecimalMarker;
        if (DecimalMarker is not ('.' or ','))
            throw context.ExceptUserArg(nameof(options.DecimalMarker), "Decimal marker cannot be the '{0}' character. It must be '.' or ','.", DecimalMarker);
        if (!AllowQuoting && DecimalMarker == ',' && Separators.Contains(','))
            throw context.ExceptUserArg(nameof(options.AllowQuoting), "Quoting must be allowed if decimal marker and separator are the ',' character.");
        EscapeChar = options.EscapeChar;
        if (Separators.Contains(EscapeChar))
            throw context.ExceptUserArg(nameof(options.EscapeChar), "EscapeChar '{0}' can't be used both as EscapeChar and separator", EscapeChar);
    }

    public bool HasHeader { get; }

    public bool AllowQuoting { get; }

    public bool TrimWhitespace { get; }

    public bool MissingRealsAsNaNs { get; }

    public bool UseThreads { get; }

    public long MaxRows { get; }

    /// <summary>The number of fields of a line; 0 when the data decide.</summary>
    public int InputSize { get; }

    public char[] Separators { get; }

    public char DecimalMarker { get; }

    public char EscapeChar { get; }

    private static void CheckSeparator(IExceptionContext context, char separator)
    {
        if (separator != DefaultSeparator && (separator < ' ' || char.IsAsciiDigit(separator) || separator == '"'))
            throw context.ExceptUserArg("Separator", "Illegal separator: '{0}'", separator);
    }
}
