namespace Microsoft.ML.Runtime;

public static partial class Contracts
{
    public static void Check(bool f)
    {
        if (!f)
            throw Except();
    }

    public static void Check(this IExceptionContext ctx, bool f)
    {
        if (!f)
            throw Except(ctx);
    }

    public static void Check(bool f, string msg)
    {
        if (!f)
            throw Except(msg);
    }

    public static void Check(this IExceptionContext ctx, bool f, string msg)
    {
        if (!f)
            throw Except(ctx, msg);
    }

    public static void CheckUserArg(bool f, string name)
    {
        if (!f)
            throw ExceptUserArg(name);
    }

    public static void CheckUserArg(this IExceptionContext ctx, bool f, string name)
    {
        if (!f)
            throw ExceptUserArg(ctx, name);
    }

    public static void CheckUserArg(bool f, string name, string msg)
    {
        if (!f)
            throw ExceptUserArg(name, msg);
    }

    public static void CheckUserArg(this IExceptionContext ctx, bool f, string name, string msg)
    {
        if (!f)
            throw ExceptUserArg(ctx, name, msg);
    }

    public static void CheckParam(bool f, string paramName)
    {
        if (!f)
            throw ExceptParam(paramName);
    }

    public static void CheckParam(this IExceptionContext ctx, bool f, string paramName)
    {
        if (!f)
            throw ExceptParam(ctx, paramName);
    }

    public static void CheckParam(bool f, string paramName, string msg)
    {
        if (!f)
            throw ExceptParam(paramName, msg);
    }

    public static void CheckParam(this IExceptionContext ctx, bool f, string paramName, string msg)
    {
        if (!f)
            throw ExceptParam(ctx, paramName, msg);
    }

    public static void CheckDecode(bool f)
    {
        if (!f)
            throw ExceptDecode();
    }

    public static void CheckDecode(this IExceptionContext ctx, bool f)
    {
        if (!f)
            throw ExceptDecode(ctx);
    }

    public static void CheckDecode(bool f, string msg)
    {
        if (!f)
            throw ExceptDecode(msg);
    }

    public static void CheckDecode(this IExceptionContext ctx, bool f, string msg)
    {
        if (!f)
            throw ExceptDecode(ctx, msg);
    }

    public static void CheckIO(bool f)
    {
        if (!f)
            throw ExceptIO();
    }

    public static void CheckIO(this IExceptionContext ctx, bool f)
    {
        if (!f)
            throw ExceptIO(ctx);
    }

    public static void CheckIO(bool f, string msg)
    {
        if (!f)
            throw ExceptIO(msg);
    }

    public static void CheckIO(this IExceptionContext ctx, bool f, string msg)
    {
        if (!f)
            throw ExceptIO(ctx, msg);
    }
}
