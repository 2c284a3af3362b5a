namespace Microsoft.ML.Internal.Utilities;

internal static class ArrayUtils
{
    public static int Size<T>(T[] array) => array?.Length ?? 0;

    /// <summary>Grows the array to at least <paramref name="min"/> elements; true when there is a new array.</summary>
    public static bool EnsureSize<T>(ref T[] array, int min, int max, bool keepOld)
    {
        if (min > max)
            throw new ArgumentOutOfRangeException(nameof(max), "min must not exceed max");
        var size = Size(array);
        if (size >= min)
            return false;
        var grown = (int)Math.Max(min, Math.Min(max, size == 0 ? 4L : 2L * size));
        if (keepOld && size > 0)
            Array.Resize(ref array, grown);
        else
            array = new T[grown];
        return true;
    }
}
