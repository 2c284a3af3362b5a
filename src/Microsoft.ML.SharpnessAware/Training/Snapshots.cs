namespace Microsoft.ML.SharpnessAware;

/// <summary>A copy of tensors that can be put back, bit for bit.</summary>
internal sealed class BufferSnapshot(IReadOnlyList<Tensor> buffers) : IDisposable
{
    readonly Tensor[] _copies = Copy(buffers);

    /// <summary>The copies, in the order of the tensors.</summary>
    public IReadOnlyList<Tensor> Copies => _copies;

    public void Take()
    {
        for (var i = 0; i < _copies.Length; i++)
            _copies[i].copy_(buffers[i]);
    }

    public void PutBack()
    {
        for (var i = 0; i < _copies.Length; i++)
            buffers[i].copy_(_copies[i]);
    }

    public void Dispose()
    {
        foreach (var copy in _copies)
            copy.Dispose();
    }

    static Tensor[] Copy(IReadOnlyList<Tensor> buffers)
    {
        using var scope = NewDisposeScope();
        return buffers.Select(b => b.detach().clone().DetachFromDisposeScope()).ToArray();
    }
}

/// <summary>A copy of all that a network holds, taken at its best epoch.</summary>
internal sealed class BestWeights : IDisposable
{
    readonly BufferSnapshot _snapshot;

    public BestWeights(nn.Module network)
    {
        var state = network.state_dict();
        _snapshot = new BufferSnapshot([.. state.Values]);
        Copies = state.Keys.Zip(_snapshot.Copies).ToDictionary(copy => copy.First, copy => copy.Second);
    }

    /// <summary>The epoch that is kept; 0 before the first.</summary>
    public int Epoch { get; private set; }

    /// <summary>What is kept, by the names that the network has for it.</summary>
    public IReadOnlyDictionary<string, Tensor> Copies { get; }

    public void Keep(int epoch)
    {
        using var noGrad = no_grad();
        _snapshot.Take();
        Epoch = epoch;
    }

    /// <summary>Takes over what an earlier run kept.</summary>
    public void Load(int epoch, IReadOnlyDictionary<string, Tensor> copies)
    {
        SafeTensors.Copy(copies, into: Copies);
        Epoch = epoch;
    }

    public void Restore()
    {
        using var noGrad = no_grad();
        _snapshot.PutBack();
    }

    public void Dispose() => _snapshot.Dispose();
}

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

/// <summary>Tensors of several owners in one table, told apart by the beginning of their names.</summary>
internal static class TensorNames
{
    public static IEnumerable<KeyValuePair<string, Tensor>> Under(this IEnumerable<KeyValuePair<string, Tensor>> tensors, string owner) =>
        tensors.Select(t => KeyValuePair.Create($"{owner}.{t.Key}", t.Value));

    /// <summary>What <see cref="Under"/> was given.</summary>
    public static Dictionary<string, Tensor> Of(this IReadOnlyDictionary<string, Tensor> tensors, string owner) =>
        tensors.Where(t => t.Key.StartsWith($"{owner}.", StringComparison.Ordinal)).ToDictionary(t => t.Key[(owner.Length + 1)..], t => t.Value);
}
