#if !NET9_0_OR_GREATER
namespace Microsoft.ML.SharpnessAware;

// What .NET 9 brought, for .NET 8: the library is the same source for both.

internal sealed class Lock;

internal static class Net8
{
    extension(Convert)
    {
        public static string ToHexStringLower(ReadOnlySpan<byte> bytes) => Convert.ToHexString(bytes).ToLowerInvariant();
    }

    public static IEnumerable<(int Index, T Item)> Index<T>(this IEnumerable<T> items) => items.Select((item, index) => (index, item));
}
#endif
