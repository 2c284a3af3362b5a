namespace Microsoft.ML.SharpnessAware;

/// <summary>What a batch's examples should be classified as: int64 labels [N], and how much each counts, float32 [N]; null for 1 each.</summary>
internal sealed record Target(Tensor Labels, Tensor? Weights = null) : IDisposable
{
    /// <summary>What these logits of some examples cost: their cross-entropies, times their weights.</summary>
    public Tensor Losses(Tensor logits, int start, double labelSmoothing)
    {
        var count = logits.shape[0];
        var losses = nn.functional.cross_entropy(logits, Labels.narrow(0, start, count), reduction: nn.Reduction.None, label_smoothing: labelSmoothing);
        return Weights is null ? losses : losses * Weights.narrow(0, start, count);
    }

    /// <summary>A copy on that device, which the caller owns.</summary>
    public Target CopyOn(Device device) => new(Copy(Labels, device), Weights is null ? null : Copy(Weights, device));

    public void Dispose()
    {
        Labels.Dispose();
        Weights?.Dispose();
    }

    static Tensor Copy(Tensor tensor, Device device) => tensor.to(device, copy: true).DetachFromDisposeScope();
}
