namespace Microsoft.ML.SharpnessAware;

/// <summary>The examples of one step. They belong to the step that they are given to.</summary>
internal interface IStepBatch : IDisposable
{
    int Count { get; }

    /// <summary>The loss of each of these examples under the weights that the network has now.</summary>
    Tensor Losses(nn.Module network, int start, int count);

    /// <summary>The same examples again, on that device, as the caller's own.</summary>
    IStepBatch CopyOn(Device device) => throw new NotSupportedException($"A {GetType().Name} stays on its device.");
}

/// <summary>A batch of inputs with class labels, whose losses are cross-entropies, weighted where labels are.</summary>
internal sealed class LabelledBatch(Batch batch, double labelSmoothing) : IStepBatch
{
    readonly HashSet<int> _seen = [];

    public int Count { get; } = batch.Count;

    /// <summary>How many examples were classified correctly in the first pass that each took part in.</summary>
    public long Hits { get; private set; }

    public Tensor Losses(nn.Module network, int start, int count)
    {
        var logits = ((nn.Module<Tensor, Tensor>)network).call(batch.Inputs.narrow(0, start, count));
        if (_seen.Add(start))
            Hits += Validation.Hits(logits, batch.Labels.narrow(0, start, count));
        return batch.Targets.Select(target => target.Losses(logits, start, labelSmoothing)).Aggregate((sum, losses) => sum + losses);
    }

    public IStepBatch CopyOn(Device device) => new LabelledBatch(batch.CopyOn(device), labelSmoothing);

    public void Dispose() => batch.Dispose();
}

/// <summary>Examples of a batch that lie side by side.</summary>
internal readonly record struct BatchRows(IStepBatch Batch, int Start, int Count)
{
    public static BatchRows All(IStepBatch batch) => new(batch, 0, batch.Count);

    /// <summary>The same examples in as few pieces of at most <paramref name="size"/> as there can be, the larger first; null for one piece.</summary>
    /// <remarks>Sizes differ by one at most: no piece is left with too few examples for batch norm.</remarks>
    public IEnumerable<BatchRows> Pieces(int? size)
    {
        var start = Start;
        for (var pieces = size is { } most ? (Count + most - 1) / most : 1; pieces > 0; pieces--)
        {
            var rest = Start + Count - start;
            var piece = this with { Start = start, Count = (rest + pieces - 1) / pieces };
            start += piece.Count;
            yield return piece;
        }
    }

    /// <summary>Adds these examples' part of a gradient to the gradients of the network's parameters; returns their part of the mean loss.</summary>
    /// <param name="network">Where the parameters are at the point.</param>
    /// <param name="of">How many examples the whole gradient is of.</param>
    /// <param name="exampleWeights">The weights of these examples' losses in the sum whose gradient it is; null for 1 / <paramref name="of"/> each.</param>
    public Tensor Backward(nn.Module network, int of, Tensor? exampleWeights)
    {
        using var scope = NewDisposeScope();
        using var grad = enable_grad();
        var losses = Losses(network);
        var mean = losses.sum() / of;
        (exampleWeights is null ? mean : (losses * exampleWeights).sum()).backward();
        return mean.detach().MoveToOuterDisposeScope();
    }

    public Tensor Losses(nn.Module network) => Batch.Losses(network, Start, Count);
}

/// <summary>The training batches of one epoch. The seeds alone say which rows they have and how those are augmented, so that each can be loaded again.</summary>
/// <remarks>TorchSharp's DataLoader cannot begin in the middle of an epoch, as an exact resume does, or seed the augmentation of a batch.</remarks>
internal sealed class EpochBatches(IExamples examples, TrainingPlan plan, int epoch)
{
    readonly int[][] _rows = [.. examples.Batches(plan.BatchSize, plan.Seeds.For("shuffle", epoch))];

    public int Count => _rows.Length;

    /// <summary>Each batch from that number on, with its number. They belong to the caller.</summary>
    public IEnumerable<(int Index, LabelledBatch Batch)> From(int first)
    {
        foreach (var (index, loaded) in Prefetch.Each(_rows[first..], (i, rows) => Load(first + i, rows)))
            yield return (first + index, Labelled(loaded));
    }

    /// <summary>One batch, which belongs to the caller.</summary>
    public LabelledBatch Load(int index) => Labelled(Load(index, _rows[index]));

    Batch Load(int index, int[] rows) => examples.Load(rows, plan.Seeds.For("augment", epoch, index));

    LabelledBatch Labelled(Batch batch) => new(batch.MoveTo(plan.Device), plan.LabelSmoothing);
}
