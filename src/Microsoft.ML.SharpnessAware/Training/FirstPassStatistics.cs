namespace Microsoft.ML.SharpnessAware;

/// <summary>Lets the running statistics of norm layers move in a step's first pass only, and not at all in a step that fails.</summary>
internal sealed class FirstPassStatistics : IDisposable
{
    static readonly string[] Names = ["running_mean", "running_var", "num_batches_tracked"];

    readonly BufferSnapshot _beforeStep;
    readonly BufferSnapshot _afterFirstPass;

    public FirstPassStatistics(nn.Module network)
    {
        var buffers = network.named_buffers().Where(b => Names.Contains(b.name.Split('.')[^1])).Select(b => b.buffer).ToArray();
        _beforeStep = new BufferSnapshot(buffers);
        _afterFirstPass = new BufferSnapshot(buffers);
    }

    public void BeginStep() => _beforeStep.Take();

    public void EndPass(int pass)
    {
        if (pass == 0)
            _afterFirstPass.Take();
        else
            _afterFirstPass.PutBack();
    }

    public void UndoStep() => _beforeStep.PutBack();

    public void Dispose()
    {
        _beforeStep.Dispose();
        _afterFirstPass.Dispose();
    }
}
