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

    /// <summary>Two parts of so many rows, drawn by the seed and each in order: all but a fraction, and the fraction; at least one row each.</summary>
    /// <exception cref="InvalidOperationException">There is only one row.</exception>
    public static (int[] Kept, int[] SetAside) Divide(int count, double fraction, long seed)
    {
        if (count < 2)
            throw new InvalidOperationException("Cannot set rows aside for validation: there is only one. Give more data, or set ValidationSetFraction to null.");
        var order = Of(count, seed);
        var size = Math.Clamp((int)Math.Round(fraction * count), 1, count - 1);
        return ([.. order[size..].Order()], [.. order[..size].Order()]);
    }

    /// <summary>The rows in batches. A last batch of one row joins the batch before: batch norm cannot learn from one value per channel.</summary>
    public static IEnumerable<int[]> InBatches(this int[] rows, int batchSize)
    {
        var joins = batchSize > 1 && rows.Length > batchSize && rows.Length % batchSize == 1;
        var alike = joins ? rows.Length - batchSize - 1 : rows.Length;
        return joins ? rows[..alike].Chunk(batchSize).Append(rows[alike..]) : rows.Chunk(batchSize);
    }
}
