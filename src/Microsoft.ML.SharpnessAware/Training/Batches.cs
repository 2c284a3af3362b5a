namespace Microsoft.ML.SharpnessAware;

/// <summary>The examples of one step. They belong to the step that they are given to.</summary>
internal interface IStepBatch : IDisposable
{
    /// <summary>How many examples there are, those of other workers too.</summary>
    int Count { get; }

    /// <summary>The examples that this worker has.</summary>
    RowSpan Here => new(0, Count);

    /// <summary>How many of them were classified correctly in the first pass that each took part in; 0 where that means nothing.</summary>
    long Hits => 0;

    /// <summary>The loss of each of these examples under the weights that the network has now.</summary>
    Tensor Losses(nn.Module network, int start, int count);

    /// <summary>The same examples again, on that device, as the caller's own.</summary>
    IStepBatch CopyOn(Device device) => throw new NotSupportedException($"A {GetType().Name} stays on its device.");
}

/// <summary>A batch of inputs with class labels, whose losses are cross-entropies, weighted where labels are.</summary>
/// <param name="batch">The examples, or those that this worker has.</param>
/// <param name="labelSmoothing">The share of a target that is distributed over all classes.</param>
/// <param name="part">Which examples of a batch of so many they are; null for all of it.</param>
internal sealed class LabelledBatch(Batch batch, double labelSmoothing, (int Of, RowSpan Rows)? part = null) : IStepBatch
{
    readonly HashSet<int> _seen = [];

    public int Count { get; } = part?.Of ?? batch.Count;

    public RowSpan Here { get; } = part?.Rows ?? new(0, batch.Count);

    public long Hits { get; private set; }

    public Tensor Losses(nn.Module network, int start, int count)
    {
        var place = start - Here.Start;
        var logits = ((nn.Module<Tensor, Tensor>)network).call(batch.Inputs.narrow(0, place, count));
        if (_seen.Add(start))
            Hits += Validation.Hits(logits, batch.Labels.narrow(0, place, count));
        return batch.Targets.Select(target => target.Losses(logits, place, labelSmoothing)).Aggregate((sum, losses) => sum + losses);
    }

    public IStepBatch CopyOn(Device device) => new LabelledBatch(batch.CopyOn(device), labelSmoothing, part);

    public void Dispose() => batch.Dispose();
}

/// <summary>Examples of a batch that lie side by side, those of other workers too.</summary>
internal readonly record struct BatchRows(IStepBatch Batch, RowSpan Rows)
{
    public int Start => Rows.Start;

    public int Count => Rows.Count;

    /// <summary>Those of them that this worker has.</summary>
    public BatchRows Here => this with { Rows = Rows.And(Batch.Here) };

    public static BatchRows All(IStepBatch batch) => new(batch, new RowSpan(0, batch.Count));

    /// <inheritdoc cref="RowSpan.Pieces"/>
    public IEnumerable<BatchRows> Pieces(int? size)
    {
        foreach (var piece in Rows.Pieces(size))
            yield return this with { Rows = piece };
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

/// <summary>The training batches of one epoch, or this worker's part of each. The seeds alone say which rows they have and how those are augmented, so that each can be loaded again.</summary>
/// <remarks>TorchSharp's DataLoader cannot begin in the middle of an epoch, as an exact resume does, or seed the augmentation of a batch.</remarks>
internal sealed class EpochBatches(IExamples examples, TrainingPlan plan, int epoch)
{
    readonly int[][] _rows = [.. examples.Batches(plan.BatchSize, plan.Seeds.For("shuffle", epoch))];

    public int Count => _rows.Length;

    /// <summary>Each batch from that number on, with its number. They belong to the caller.</summary>
    public IEnumerable<(int Index, LabelledBatch Batch)> From(int first)
    {
        examples.Fetch(Enumerable.Range(first, Count - first).Select(Part));
        foreach (var (index, loaded) in Prefetch.Each(_rows[first..], (i, _) => examples.Load(Part(first + i))))
            yield return (first + index, Labelled(first + index, loaded));
    }

    /// <summary>One batch, which belongs to the caller.</summary>
    public LabelledBatch Load(int index)
    {
        examples.Fetch([Part(index)]);
        return Labelled(index, examples.Load(Part(index)));
    }

    BatchPart Part(int index)
    {
        var rows = _rows[index];
        return new(rows, plan.Seeds.For("augment", epoch, index), plan.Team.IsAlone ? null : plan.Shares.Of(rows.Length).Places);
    }

    LabelledBatch Labelled(int index, Batch batch)
    {
        var rows = _rows[index].Length;
        return new(batch.MoveTo(plan.Device), plan.LabelSmoothing, (rows, plan.Shares.Of(rows)));
    }
}
