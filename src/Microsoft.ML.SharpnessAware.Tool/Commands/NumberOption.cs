using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace MlnetSam;

/// <summary>An option whose value is a number within a range; null where it is not given and has no default.</summary>
sealed class NumberOption<T> : Option<T?>
    where T : struct, INumber<T>
{
    /// <param name="name">The option.</param>
    /// <param name="help">What help calls the number.</param>
    /// <param name="description">What it is.</param>
    /// <param name="holds">Whether a number is within the range.</param>
    /// <param name="range">The range in words, such as "1 or more".</param>
    /// <param name="standard">The value by default.</param>
    public NumberOption(string name, string help, string description, Func<T, bool> holds, string range, T? standard = null)
        : base(name)
    {
        HelpName = help;
        Description = description;
        if (standard is not null)
            DefaultValueFactory = _ => standard;
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && holds(number))
                return number;
            result.AddError($"{name} must be {range}, but was '{text}'.");
            return null;
        };
    }
}

/// <summary>The usual ranges.</summary>
static class NumberOption
{
    /// <summary>A whole number of 1 or more.</summary>
    public static NumberOption<int> Count(string name, string description, int? standard = null) => new(name, "N", description, value => value >= 1, "a whole number of 1 or more", standard);

    /// <summary>A finite number of 0 or more.</summary>
    public static NumberOption<double> Radius(string name, string description, double? standard = null) => new(name, "NUMBER", description, IsRadius, "a number of 0 or more", standard);

    /// <summary>Whether it is a finite number of 0 or more.</summary>
    public static bool IsRadius(double value) => double.IsFinite(value) && value >= 0;
}
