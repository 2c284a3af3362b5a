using System.Reflection;
using System.Text;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Errors as goldens show them: one per line, what was done, the exception's type, and its message.</summary>
internal sealed class ErrorText
{
    readonly StringBuilder _lines = new();

    public ErrorText Add(string what, Action act)
    {
        var error = Assert.Throws<Exception>(act, what);
        var cause = Cause(error);
        _lines.AppendLine($"{what}\n    {cause.GetType().Name}: {cause.Message.ReplaceLineEndings("\n    ")}");
        return this;
    }

    public override string ToString() => _lines.ToString();

    /// <summary>The error itself, not the wrapping that ML.NET's component catalog adds while it loads models.</summary>
    public static Exception Cause(Exception error) =>
        error is TargetInvocationException || error.Message.StartsWith("Error during class instantiation", StringComparison.Ordinal) ? Cause(error.InnerException!) : error;
}
