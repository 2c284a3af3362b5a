namespace Microsoft.ML.SharpnessAware;

/// <summary>The order in which rows are visited.</summary>
internal static class RowOrder
{
    /// <summary>The numbers 0 to <paramref name="count"/> - 1: shuffled by the seed, or in order where there is none.</summary>
    public static int[] Of(int count, long? shuffleSeed)
    {
        if (shuffleSeed is not { } seed)
            return [.. Enumerable.Range(0, count)];

        using var random = new Generator((ulong)seed);
        using var order = randperm(count, generator: random);
        return Array.ConvertAll(order.data<long>().ToArray(), row => (int)row);
    }

    /// <summary>The rows in batches. A last batch of one row joins the batch before: batch norm cannot learn from one value per channel.</summary>
    public static IEnumerable<int[]> InBatches(this int[] rows, int batchSize)
    {
        var joins = batchSize > 1 && rows.Length > batchSize && rows.Length % batchSize == 1;
        var alike = joins ? rows.Length - batchSize - 1 : rows.Length;
        return joins ? rows[..alike].Chunk(batchSize).Append(rows[alike..]) : rows.Chunk(batchSize);
    }
}
