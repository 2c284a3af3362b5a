namespace Microsoft.ML.SharpnessAware;

/// <summary>Some examples as a network takes them: inputs [N, ...], and what they should be classified as. It owns its tensors.</summary>
/// <param name="Inputs">The inputs.</param>
/// <param name="Targets">One, or as many as the examples are mixed of; the losses are added.</param>
internal readonly record struct Batch(Tensor Inputs, IReadOnlyList<Target> Targets) : IDisposable
{
    public Batch(Tensor inputs, Tensor labels)
        : this(inputs, [new Target(labels)]) { }

    /// <summary>No examples.</summary>
    public static Batch Empty() => new(empty(0).DetachFromDisposeScope(), empty(0, dtype: ScalarType.Int64).DetachFromDisposeScope());

    public int Count => (int)Labels.shape[0];

    /// <summary>The labels that count most.</summary>
    public Tensor Labels => Targets[0].Labels;

    /// <summary>The batch on that device: this one where it is there already, else a copy, and this one is disposed of.</summary>
    public Batch MoveTo(Device device)
    {
        if (Inputs.device.ToString() == device.ToString())
            return this;
        using (this)
        {
            return CopyOn(device);
        }
    }

    /// <summary>A copy on that device.</summary>
    public Batch CopyOn(Device device) => new(Inputs.to(device, copy: true).DetachFromDisposeScope(), [.. Targets.Select(target => target.CopyOn(device))]);

    public void Dispose()
    {
        Inputs.Dispose();
        foreach (var target in Targets)
            target.Dispose();
    }
}

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
