namespace Microsoft.ML.SharpnessAware;

/// <summary>The longest choice of values in their order of which each is smaller than the one before.</summary>
internal static class LongestFall
{
    /// <summary>The indices of its first and its last value; null where no value is smaller than one before it.</summary>
    public static (int First, int Last)? In(IReadOnlyList<double> values)
    {
        var ending = new (int Length, int First)[values.Count];
        for (var i = 0; i < values.Count; i++)
        {
            ending[i] = (1, i);
            for (var j = 0; j < i; j++)
                if (values[i] < values[j] && ending[j].Length + 1 >= ending[i].Length)
                    ending[i] = (ending[j].Length + 1, ending[j].First);
        }
        var last = Enumerable.Range(0, values.Count).OrderByDescending(i => ending[i].Length).Append(0).First();
        return values.Count > 0 && ending[last].Length > 1 ? (ending[last].First, last) : null;
    }
}
