namespace Microsoft.ML.Data;

/// <summary>What stands for a missing value: NaN of the reals, 0 of the keys; other types have none.</summary>
internal static class MissingValues
{
    /// <summary>Tells whether a value is missing; null when the type has no such value.</summary>
    public static Predicate<T> TestOf<T>(DataViewType type)
    {
        if (type is KeyDataViewType)
            return value => EqualityComparer<T>.Default.Equals(value, default);
        if (typeof(T) == typeof(float))
            return (Predicate<T>)(object)(Predicate<float>)float.IsNaN;
        if (typeof(T) == typeof(double))
            return (Predicate<T>)(object)(Predicate<double>)double.IsNaN;
        return null;
    }

    /// <summary>The missing value, or the default of a type without one.</summary>
    public static T Of<T>()
    {
        if (typeof(T) == typeof(float))
            return (T)(object)float.NaN;
        return typeof(T) == typeof(double) ? (T)(object)double.NaN : default;
    }
}
