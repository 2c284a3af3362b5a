using System.Diagnostics;

namespace Microsoft.ML.Runtime;

public static partial class Contracts
{
    [Conditional("DEBUG")]
    public static void Assert(bool f) => Debug.Assert(f);

    [Conditional("DEBUG")]
    public static void Assert(this IExceptionContext ctx, bool f) => Debug.Assert(f, ctx?.ContextDescription);

    [Conditional("DEBUG")]
    public static void Assert(bool f, string msg) => Debug.Assert(f, msg);

    [Conditional("DEBUG")]
    public static void AssertValue<T>(T val)
        where T : class
        => Debug.Assert(val is not null);

    [Conditional("DEBUG")]
    public static void AssertValue<T>(this IExceptionContext ctx, T val)
        where T : class
        => Debug.Assert(val is not null, ctx?.ContextDescription);

    [Conditional("DEBUG")]
    public static void AssertNonEmpty(string s) => Debug.Assert(!string.IsNullOrEmpty(s));

    [Conditional("DEBUG")]
    public static void AssertValueOrNull<T>(T val)
        where T : class
    {
    }
}
