namespace Microsoft.ML.Runtime;

public static partial class Contracts
{
    public static T CheckRef<T>(T val, string paramName)
        where T : class
    {
        if (val is null)
            throw ExceptValue(paramName);
        return val;
    }

    public static T CheckRef<T>(this IExceptionContext ctx, T val, string paramName)
        where T : class
    {
        if (val is null)
            throw ExceptValue(ctx, paramName);
        return val;
    }

    public static void CheckValue<T>(T val, string paramName)
        where T : class
    {
        if (val is null)
            throw ExceptValue(paramName);
    }

    public static void CheckValue<T>(this IExceptionContext ctx, T val, string paramName)
        where T : class
    {
        if (val is null)
            throw ExceptValue(ctx, paramName);
    }

    public static T CheckValue<T>(T val, string paramName, string msg)
        where T : class
    {
        if (val is null)
            throw ExceptValue(paramName, msg);
        return val;
    }

    public static T CheckValue<T>(this IExceptionContext ctx, T val, string paramName, string msg)
        where T : class
    {
        if (val is null)
            throw ExceptValue(ctx, paramName, msg);
        return val;
    }

    public static string CheckNonEmpty(string s, string paramName)
    {
        if (string.IsNullOrEmpty(s))
            throw ExceptEmpty(paramName);
        return s;
    }

    public static string CheckNonEmpty(this IExceptionContext ctx, string s, string paramName)
    {
        if (string.IsNullOrEmpty(s))
            throw ExceptEmpty(ctx, paramName);
        return s;
    }

    public static string CheckNonWhiteSpace(string s, string paramName)
    {
        if (string.IsNullOrWhiteSpace(s))
            throw ExceptWhiteSpace(paramName);
        return s;
    }

    public static string CheckNonWhiteSpace(this IExceptionContext ctx, string s, string paramName)
    {
        if (string.IsNullOrWhiteSpace(s))
            throw ExceptWhiteSpace(ctx, paramName);
        return s;
    }

    public static T[] CheckNonEmpty<T>(T[] args, string paramName)
    {
        if (args is null or { Length: 0 })
            throw ExceptEmpty(paramName);
        return args;
    }

    public static T[] CheckNonEmpty<T>(this IExceptionContext ctx, T[] args, string paramName)
    {
        if (args is null or { Length: 0 })
            throw ExceptEmpty(ctx, paramName);
        return args;
    }

    public static ICollection<T> CheckNonEmpty<T>(ICollection<T> args, string paramName)
    {
        if (args is null or { Count: 0 })
            throw ExceptEmpty(paramName);
        return args;
    }

    public static ICollection<T> CheckNonEmpty<T>(this IExceptionContext ctx, ICollection<T> args, string paramName)
    {
        if (args is null or { Count: 0 })
            throw ExceptEmpty(ctx, paramName);
        return args;
    }

    public static string CheckNonEmpty(string s, string paramName, string msg)
    {
        if (string.IsNullOrEmpty(s))
            throw ExceptEmpty(paramName, msg);
        return s;
    }

    public static string CheckNonEmpty(this IExceptionContext ctx, string s, string paramName, string msg)
    {
        if (string.IsNullOrEmpty(s))
            throw ExceptEmpty(ctx, paramName, msg);
        return s;
    }

    public static string CheckNonWhiteSpace(string s, string paramName, string msg)
    {
        if (string.IsNullOrWhiteSpace(s))
            throw ExceptWhiteSpace(paramName, msg);
        return s;
    }

    public static string CheckNonWhiteSpace(this IExceptionContext ctx, string s, string paramName, string msg)
    {
        if (string.IsNullOrWhiteSpace(s))
            throw ExceptWhiteSpace(ctx, paramName, msg);
        return s;
    }

    public static T[] CheckNonEmpty<T>(T[] args, string paramName, string msg)
    {
        if (args is null or { Length: 0 })
            throw ExceptEmpty(paramName, msg);
        return args;
    }

    public static T[] CheckNonEmpty<T>(this IExceptionContext ctx, T[] args, string paramName, string msg)
    {
        if (args is null or { Length: 0 })
            throw ExceptEmpty(ctx, paramName, msg);
        return args;
    }

    public static ICollection<T> CheckNonEmpty<T>(ICollection<T> args, string paramName, string msg)
    {
        if (args is null or { Count: 0 })
            throw ExceptEmpty(paramName, msg);
        return args;
    }

    public static ICollection<T> CheckNonEmpty<T>(this IExceptionContext ctx, ICollection<T> args, string paramName, string msg)
    {
        if (args is null or { Count: 0 })
            throw ExceptEmpty(ctx, paramName, msg);
        return args;
    }
}
