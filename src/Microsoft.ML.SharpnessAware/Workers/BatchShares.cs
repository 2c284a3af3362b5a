namespace Microsoft.ML.SharpnessAware;

/// <summary>Which rows of a batch are whose: each worker has rows that lie side by side.</summary>
/// <remarks>
/// Where all rows of a batch share one perturbation, each worker has about as many of them, but not a single one: batch norm cannot learn from one row.
/// Where micro-batches have their own, a micro-batch belongs to one worker, and micro-batches of the same number in all batches to the same one, as what a rule remembers of them does.
/// </remarks>
/// <param name="team">The workers.</param>
/// <param name="batchSize">The rows of a whole batch.</param>
/// <param name="microBatch">The largest number of rows that share a perturbation; null for all of a batch.</param>
internal sealed class BatchShares(Team team, int batchSize, int? microBatch)
{
    const int LeastRows = 2;

    public Team Team => team;

    /// <summary>How many workers have rows of a whole batch.</summary>
    public int Busy => Enumerable.Range(0, team.Count).Count(rank => Of(rank, batchSize).Count > 0);

    /// <summary>This worker's rows of a batch of so many.</summary>
    public RowSpan Of(int rows) => Of(team.Rank, rows);

    /// <summary>A worker's rows of a batch of so many.</summary>
    public RowSpan Of(int rank, int rows)
    {
        if (team.IsAlone)
            return new(0, rows);
        if (microBatch is null)
            return new RowSpan(0, rows).InPieces(Math.Clamp(rows / LeastRows, 1, team.Count)).ElementAtOrDefault(rank);
        var own = new RowSpan(0, rows).InPieces(Groups(rows)).Where((_, group) => OwnerOf(group) == rank).ToArray();
        return own.Length == 0 ? default : new(own[0].Start, own.Sum(group => group.Count));
    }

    /// <summary>Whether a micro-batch is this worker's, by its number in the batch.</summary>
    public bool IsOwn(int group) => OwnerOf(group) == team.Rank;

    int OwnerOf(int group) => (int)Math.Min((long)group * team.Count / Groups(batchSize), team.Count - 1);

    int Groups(int rows) => microBatch is { } most ? (rows + most - 1) / most : 1;
}

/// <summary>Rows that lie side by side.</summary>
internal readonly record struct RowSpan(int Start, int Count)
{
    public int End => Start + Count;

    /// <summary>The places of the rows.</summary>
    public int[] Places => [.. Enumerable.Range(Start, Count)];

    /// <summary>Those that are in the other, too.</summary>
    public RowSpan And(RowSpan other)
    {
        var start = Math.Max(Start, other.Start);
        return new(start, Math.Max(0, Math.Min(End, other.End) - start));
    }

    /// <summary>The same rows in as few pieces of at most <paramref name="size"/> as there can be, the larger first; null for one piece, and none where there is no row.</summary>
    public IEnumerable<RowSpan> Pieces(int? size) => Count == 0 ? [] : InPieces(size is { } most ? (Count + most - 1) / most : 1);

    /// <summary>The same rows in so many pieces, the larger first.</summary>
    /// <remarks>Sizes differ by one at most: no piece is left with too few rows for batch norm.</remarks>
    public IEnumerable<RowSpan> InPieces(int pieces)
    {
        for (var start = Start; pieces > 0; pieces--)
        {
            var piece = new RowSpan(start, (End - start + pieces - 1) / pieces);
            yield return piece;
            start = piece.End;
        }
    }
}
