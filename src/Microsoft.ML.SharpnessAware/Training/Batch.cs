namespace Microsoft.ML.SharpnessAware;

/// <summary>Some examples as a network takes them: inputs [N, ...], and what they should be classified as. It owns its tensors.</summary>
/// <param name="Inputs">The inputs.</param>
/// <param name="Targets">One, or as many as the examples are mixed of; the losses are added.</param>
internal readonly record struct Batch(Tensor Inputs, IReadOnlyList<Target> Targets) : IDisposable
{
    public Batch(Tensor inputs, Tensor labels)
        : this(inputs, [new Target(labels)]) { }

    public int Count => (int)Labels.shape[0];

    /// <summary>The labels that count most.</summary>
    public Tensor Labels => Targets[0].Labels;

    /// <summary>The batch on that device: this one if it is there, else a copy that takes its place.</summary>
    public Batch To(Device device)
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
