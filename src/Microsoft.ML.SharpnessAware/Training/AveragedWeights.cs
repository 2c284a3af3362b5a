namespace Microsoft.ML.SharpnessAware;

/// <summary>The average of all that a network holds, over a run.</summary>
internal sealed class AveragedWeights : IDisposable
{
    readonly WeightAverage _kind;
    readonly BufferSnapshot _average;
    readonly (Tensor Own, Tensor Average, bool IsAveraged)[] _tensors;

    public AveragedWeights(WeightAverage kind, nn.Module network)
    {
        _kind = kind;
        var state = network.state_dict();
        var buffers = network.named_buffers().Select(buffer => buffer.name).ToHashSet();
        _average = new BufferSnapshot([.. state.Values]);
        _tensors = [.. state.Zip(_average.Copies, (own, average) => (own.Value, average, own.Value.is_floating_point() && !(kind.RecomputesStatistics && buffers.Contains(own.Key))))];
        Copies = state.Keys.Zip(_average.Copies).ToDictionary(copy => copy.First, copy => copy.Second);
    }

    /// <summary>How often weights were taken in.</summary>
    public long Averaged { get; private set; }

    public bool HasBegun => Averaged > 0;

    /// <summary>Whether it is a model as it is, and needs no other statistics.</summary>
    public bool IsComplete => !_kind.RecomputesStatistics;

    /// <summary>The average, by the names that the network has for what is averaged.</summary>
    public IReadOnlyDictionary<string, Tensor> Copies { get; }

    /// <summary>Takes in what the network holds after a batch, if it is time.</summary>
    public void After(bool stepTaken, int epoch, bool epochEnds, int epochs)
    {
        var share = _kind.ShareOf(new AverageMoment(Averaged, stepTaken, epoch, epochEnds, epochs));
        if (share == 0)
            return;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        // As a difference: what does not change is its own average, bit for bit.
        foreach (var (own, average, isAveraged) in _tensors)
        {
            if (isAveraged && share < 1)
                average.add_(own - average, alpha: share);
            else
                average.copy_(own);
        }
        Averaged++;
    }

    /// <summary>Gives the network the average, until what is returned is disposed of.</summary>
    public IDisposable Lend()
    {
        var loan = new Loan(_tensors.Select(tensor => tensor.Own));
        Give();
        return loan;
    }

    /// <summary>Gives the network the average for good.</summary>
    public void Give()
    {
        using var noGrad = no_grad();
        _average.PutBack();
    }

    /// <summary>Takes over what an earlier run had.</summary>
    public void Load(long averaged, IReadOnlyDictionary<string, Tensor> copies)
    {
        SafeTensors.Copy(copies, into: Copies);
        Averaged = averaged;
    }

    public void Dispose() => _average.Dispose();

    sealed class Loan(IEnumerable<Tensor> own) : IDisposable
    {
        readonly BufferSnapshot _own = new([.. own]);

        public void Dispose()
        {
            using var noGrad = no_grad();
            _own.PutBack();
            _own.Dispose();
        }
    }
}
