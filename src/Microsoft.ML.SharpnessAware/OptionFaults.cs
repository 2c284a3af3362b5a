using System.Runtime.CompilerServices;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Gathers what is wrong with options, so that one error can tell all of it.</summary>
internal sealed class OptionFaults
{
    readonly List<string> _faults = [];

    public void Unless(bool holds, object? value, string what, [CallerArgumentExpression(nameof(value))] string name = "")
    {
        if (!holds)
            _faults.Add(FormattableString.Invariant($"{name} must be {what}, but was {value ?? "null"}."));
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

    /// <exception cref="ArgumentOutOfRangeException">There is a fault.</exception>
    public void Throw(IExceptionContext context)
    {
        if (_faults.Count > 0)
            throw context.ExceptUserArg("options", string.Join(' ', _faults));
    }
}
