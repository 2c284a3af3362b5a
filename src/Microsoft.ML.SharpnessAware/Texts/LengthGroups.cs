namespace Microsoft.ML.SharpnessAware;

/// <summary>Rows of tokens divided into those that are padded to one length, so that all together take the least time.</summary>
internal static class LengthGroups
{
    // What a pass through the network costs by itself, as a number of tokens.
    const int TokensOfAPass = 512;

    /// <summary>The indices of the lengths in groups. No other way to divide them has fewer tokens, padding and passes counted.</summary>
    public static IEnumerable<int[]> Of(int[] lengths)
    {
        var shortestFirst = Enumerable.Range(0, lengths.Length).OrderBy(row => lengths[row]).ToArray();
        for (var (end, starts) = (lengths.Length, Starts(Array.ConvertAll(shortestFirst, row => lengths[row]))); end > 0; end = starts[end])
            yield return shortestFirst[starts[end]..end];
    }

    // For each count of rows, the shortest ones: where the last group of them starts.
    static int[] Starts(int[] lengths)
    {
        var (starts, costs) = (new int[lengths.Length + 1], new long[lengths.Length + 1]);
        for (var end = 1; end <= lengths.Length; end++)
        {
            costs[end] = long.MaxValue;
            for (var start = 0; start < end; start++)
            {
                var cost = costs[start] + TokensOfAPass + (long)(end - start) * lengths[end - 1];
                if (cost < costs[end])
                    (costs[end], starts[end]) = (cost, start);
            }
        }
        return starts;
    }
}
