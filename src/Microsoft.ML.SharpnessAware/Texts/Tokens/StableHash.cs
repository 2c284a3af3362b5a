using System.Text;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The same number for the same text on every machine: 64-bit FNV-1a over UTF-8, draft-eastlake-fnv.</summary>
internal static class StableHash
{
    const ulong Basis = 14695981039346656037;
    const ulong Prime = 1099511628211;

    public static ulong Of(string text)
    {
        var hash = Basis;
        foreach (var value in Encoding.UTF8.GetBytes(text))
            hash = unchecked((hash ^ value) * Prime);
        return hash;
    }
}
