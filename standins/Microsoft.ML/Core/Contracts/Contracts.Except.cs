namespace Microsoft.ML.Runtime;

public static partial class Contracts
{
    public static Exception Except()
        => Process(new InvalidOperationException());

    public static Exception Except(this IExceptionContext ctx)
        => Process(new InvalidOperationException(), ctx);

    public static Exception Except(string msg)
        => Process(new InvalidOperationException(msg));

    public static Exception Except(this IExceptionContext ctx, string msg)
        => Process(new InvalidOperationException(msg), ctx);

    public static Exception Except(string msg, params object[] args)
        => Process(new InvalidOperationException(Format(msg, args)));

    public static Exception Except(this IExceptionContext ctx, string msg, params object[] args)
        => Process(new InvalidOperationException(Format(msg, args)), ctx);

    public static Exception Except(Exception inner, string msg)
        => Process(new InvalidOperationException(msg, inner));

    public static Exception Except(this IExceptionContext ctx, Exception inner, string msg)
        => Process(new InvalidOperationException(msg, inner), ctx);

    public static Exception Except(Exception inner, string msg, params object[] args)
        => Process(new InvalidOperationException(Format(msg, args), inner));

    public static Exception Except(this IExceptionContext ctx, Exception inner, string msg, params object[] args)
        => Process(new InvalidOperationException(Format(msg, args), inner), ctx);
}
