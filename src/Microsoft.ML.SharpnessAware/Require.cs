using System.Runtime.CompilerServices;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Checks that hold in every build, and say what must be and what was.</summary>
internal static class Require
{
    public static double NotNegative(double value, [CallerArgumentExpression(nameof(value))] string expression = "", [CallerMemberName] string member = "") =>
        That(value >= 0 && double.IsFinite(value), value, "finite and 0 or more", expression, member);

    public static double Positive(double value, [CallerArgumentExpression(nameof(value))] string expression = "", [CallerMemberName] string member = "") =>
        That(value > 0 && double.IsFinite(value), value, "finite and more than 0", expression, member);

    /// <summary>From 0 to 1, both included.</summary>
    public static double Probability(double value, [CallerArgumentExpression(nameof(value))] string expression = "", [CallerMemberName] string member = "") =>
        That(value is >= 0 and <= 1, value, "from 0 to 1", expression, member);

    /// <summary>From 0 to 1, 1 not included.</summary>
    public static double BelowOne(double value, [CallerArgumentExpression(nameof(value))] string expression = "", [CallerMemberName] string member = "") =>
        That(value is >= 0 and < 1, value, "0 or more and less than 1", expression, member);

    /// <summary>More than 0, up to 1.</summary>
    public static double PositiveUpToOne(double value, [CallerArgumentExpression(nameof(value))] string expression = "", [CallerMemberName] string member = "") =>
        That(value is > 0 and <= 1, value, "more than 0 and at most 1", expression, member);

    public static int AtLeast(int minimum, int value, [CallerArgumentExpression(nameof(value))] string expression = "", [CallerMemberName] string member = "") =>
        That(value >= minimum, value, $"{minimum} or more", expression, member);

    public static T NotNull<T>(T value, [CallerArgumentExpression(nameof(value))] string expression = "", [CallerMemberName] string member = "")
        where T : class =>
        value ?? throw new ArgumentNullException(NameOf(expression, member));

    /// <summary>The value, if the condition holds; else an error "{name} must be {what}, but was {value}."</summary>
    public static T That<T>(bool condition, T value, string what, [CallerArgumentExpression(nameof(value))] string expression = "", [CallerMemberName] string member = "")
    {
        if (condition)
            return value;
        var name = NameOf(expression, member);
        throw new ArgumentOutOfRangeException(name, Invariant($"{name} must be {what}, but was {value}."));
    }

    // In a property's accessor the argument is called "value", and the property is the calling member.
    static string NameOf(string expression, string member) => expression == "value" ? member : expression;
}

/// <summary>Options that are copied and checked once, by what takes them.</summary>
internal interface ICheckedOptions
{
    /// <summary>A copy of options without faults, which later changes of the original do not reach.</summary>
    object Copy();

    void AddTo(OptionFaults faults);
}

/// <summary>Gathers what is wrong with options, so that one error can tell all of it.</summary>
internal sealed class OptionFaults
{
    readonly List<string> _faults = [];

    /// <summary>A copy that later changes of the original do not reach.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Options are out of their range; the message lists all of them.</exception>
    public static T CheckedCopy<T>(T options, IExceptionContext context)
        where T : class, ICheckedOptions
    {
        context.CheckValue(options, nameof(options));
        var faults = new OptionFaults();
        options.AddTo(faults);
        if (faults._faults.Count > 0)
            throw context.ExceptUserArg(nameof(options), string.Join(' ', faults._faults));
        return (T)options.Copy();
    }

    public void Unless(bool holds, object? value, string what, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!holds)
            _faults.Add(Invariant($"{name} must be {what}, but was {value ?? "null"}."));
    }

    public void IfNull(object? value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (value is null)
            _faults.Add($"{name} must not be null.");
    }

    public void IfEmpty(string? value, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (string.IsNullOrWhiteSpace(value))
            _faults.Add($"{name} must not be empty.");
    }
}
