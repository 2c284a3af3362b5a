using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.Runtime;

[InternalInMlNet]
public static partial class Contracts
{
    public const string IsMarkedKey = "ML_IsMarked";
    public const string SensitivityKey = "ML_Sensitivity";

    public static TException Process<TException>(this TException ex, IExceptionContext ectx = null)
        where TException : Exception
        => ectx != null ? ectx.Process(ex) : Mark(ex);

    public static TException Mark<TException>(TException ex)
        where TException : Exception
    {
        ex.Data[IsMarkedKey] = 1;
        return ex;
    }

    public static bool IsMarked(this Exception ex) => ex.Data.Contains(IsMarkedKey);

    public static TException MarkSensitive<TException>(this TException ex, MessageSensitivity sensitivity)
        where TException : Exception
    {
        var before = ex.Data[SensitivityKey] as MessageSensitivity? ?? MessageSensitivity.None;
        ex.Data[SensitivityKey] = before | sensitivity;
        return ex;
    }

    public static MessageSensitivity Sensitivity(this Exception ex)
        => ex.Data[SensitivityKey] as MessageSensitivity? ?? MessageSensitivity.Unknown;

    public static void CheckAlive(this IHostEnvironment env)
    {
        if (env is ICancelable { IsCanceled: true })
            throw Process(new OperationCanceledException("Operation was canceled."), env);
    }

    // ML.NET compiles these out: null is fine here.
    [Conditional("INVARIANT_CHECKS")]
    public static void CheckValueOrNull<T>(T val)
        where T : class
    {
    }

    [Conditional("INVARIANT_CHECKS")]
    public static void CheckValueOrNull<T>(this IExceptionContext ctx, T val)
        where T : class
    {
    }

    private static string Format(string message, object[] arguments)
    {
        try
        {
            return string.Format(CultureInfo.InvariantCulture, message, arguments);
        }
        catch (FormatException)
        {
            // Better the bare text than an error about an error.
            return message;
        }
    }
}
