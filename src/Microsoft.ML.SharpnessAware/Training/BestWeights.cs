namespace Microsoft.ML.SharpnessAware;

/// <summary>A copy of all that a network holds, taken at its best epoch.</summary>
internal sealed class BestWeights : IDisposable
{
    readonly BufferSnapshot _snapshot;

    public BestWeights(nn.Module network) =>
        _snapshot = new BufferSnapshot([.. network.parameters(), .. network.buffers()]);

    /// <summary>The epoch that is kept; 0 before the first.</summary>
    public int Epoch { get; private set; }

    public void Keep(int epoch)
    {
        using var noGrad = no_grad();
        _snapshot.Take();
        Epoch = epoch;
    }

    public void Restore()
    {
        using var noGrad = no_grad();
        _snapshot.PutBack();
    }

    public void Dispose() => _snapshot.Dispose();
}
