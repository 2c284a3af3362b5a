namespace Microsoft.ML.SharpnessAware;

/// <summary>A batch of inputs with class labels, whose losses are cross-entropies, weighted where labels are.</summary>
internal sealed class LabelledBatch(Batch batch, double labelSmoothing) : IStepBatch
{
    readonly HashSet<int> _seen = [];

    public int Count { get; } = batch.Count;

    /// <summary>How many examples were classified rightly in the first pass that each took part in.</summary>
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
