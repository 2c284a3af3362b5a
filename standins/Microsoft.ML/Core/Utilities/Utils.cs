using System.Reflection;

namespace Microsoft.ML.Internal.Utilities;

internal static partial class Utils
{
    public static int Size(string text) => text?.Length ?? 0;

    public static int Size<T>(T[] array) => array?.Length ?? 0;

    public static int Size<T>(ICollection<T> items) => items?.Count ?? 0;

    public static T[] Concat<T>(T[] first, T[] second) => [.. first ?? [], .. second ?? []];

    public static bool[] BuildArray(int length, Func<int, bool> predicate) => [.. Enumerable.Range(0, length).Select(predicate)];

    public static bool[] BuildArray(int length, IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        var active = new bool[length];
        foreach (var column in columnsNeeded.Where(c => c.Index < length))
            active[column.Index] = true;
        return active;
    }

    /// <summary>Calls the generic method that <paramref name="sample"/> is one instance of, for <paramref name="type"/>.</summary>
    public static TResult MarshalInvoke<TResult>(Type type, Delegate sample, params object[] arguments)
        => (TResult)sample.Method.GetGenericMethodDefinition().MakeGenericMethod(type).Invoke(sample.Target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
}
