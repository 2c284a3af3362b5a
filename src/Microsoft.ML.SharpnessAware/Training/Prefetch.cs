namespace Microsoft.ML.SharpnessAware;

/// <summary>Loads the next batch in the background while the last one is worked on.</summary>
internal static class Prefetch
{
    /// <summary>Each batch with its number, in order. The batches belong to the caller.</summary>
    public static IEnumerable<(int Index, Batch Batch)> Each(int[][] batches, Func<int, int[], Batch> load)
    {
        Task<Batch>? next = null;
        try
        {
            for (var i = 0; i < batches.Length; i++)
            {
                var current = next ?? Start(i);
                next = null;
                var batch = current.GetAwaiter().GetResult();
                if (i + 1 < batches.Length)
                    next = Start(i + 1);
                yield return (i, batch);
            }
        }
        finally
        {
            Discard(next);
        }

        Task<Batch> Start(int i) => Task.Run(() => load(i, batches[i]));
    }

    // The consumer has left early: what is still being loaded is nobody's.
    static void Discard(Task<Batch>? batch)
    {
        if (batch is null)
            return;
        Task.WaitAny(batch);
        if (batch.IsCompletedSuccessfully)
            batch.Result.Dispose();
    }
}
