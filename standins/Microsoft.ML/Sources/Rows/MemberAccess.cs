using System.Linq.Expressions;
using System.Reflection;

namespace Microsoft.ML.Data;

internal delegate void Peek<in TRow, TValue>(TRow row, ref TValue value);

internal delegate void Poke<in TRow, in TValue>(TRow row, TValue value);

/// <summary>Compiled reading and writing of one member.</summary>
internal static class MemberAccess
{
    public static Peek<TRow, TValue> Peek<TRow, TValue>(MemberInfo member)
    {
        var row = Expression.Parameter(typeof(TRow));
        var value = Expression.Parameter(typeof(TValue).MakeByRefType());
        return Expression.Lambda<Peek<TRow, TValue>>(Expression.Assign(value, Expression.MakeMemberAccess(row, member)), row, value).Compile();
    }

    public static Poke<TRow, TValue> Poke<TRow, TValue>(MemberInfo member)
    {
        var row = Expression.Parameter(typeof(TRow));
        var value = Expression.Parameter(typeof(TValue));
        return Expression.Lambda<Poke<TRow, TValue>>(Expression.Assign(Expression.MakeMemberAccess(row, member), value), row, value).Compile();
    }
}
