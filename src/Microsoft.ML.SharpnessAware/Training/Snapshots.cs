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

/// <summary>What a network holds, kept beside it under the same names: as it was at the best epoch, or as a mean over a run.</summary>
internal sealed class KeptWeights : IDisposable
{
    readonly BufferSnapshot _kept;
    readonly (Tensor Own, Tensor Kept, bool IsAveraged)[] _tensors;

    /// <param name="network">The network, which is not owned.</param>
    /// <param name="averagesBuffers">Whether a mean is one of the buffers as well, such as running statistics; else they are copied.</param>
    public KeptWeights(nn.Module network, bool averagesBuffers = true)
    {
        var state = network.state_dict();
        var copied = averagesBuffers ? [] : network.named_buffers().Select(buffer => buffer.name).ToHashSet();
        _kept = new BufferSnapshot([.. state.Values]);
        _tensors = [.. state.Zip(_kept.Copies, (own, kept) => (own.Value, kept, own.Value.is_floating_point() && !copied.Contains(own.Key)))];
        Copies = state.Keys.Zip(_kept.Copies).ToDictionary(copy => copy.First, copy => copy.Second);
    }

    /// <summary>What is kept, by the names that the network has for it.</summary>
    public IReadOnlyDictionary<string, Tensor> Copies { get; }

    /// <summary>Takes in what the network holds.</summary>
    /// <param name="share">How large a part of the mean that becomes; 1 for all of it.</param>
    public void Take(double share = 1)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (own, kept, isAveraged) in _tensors)
        {
            if (isAveraged && share < 1)
                kept.lerp_(own, tensor(share, own.dtype, own.device));
            else
                kept.copy_(own);
        }
    }

    /// <summary>Gives the network what is kept, until what is returned is disposed of.</summary>
    public IDisposable Lend()
    {
        var loan = new Loan(_tensors.Select(tensor => tensor.Own));
        Give();
        return loan;
    }

    /// <summary>Gives the network what is kept, for good.</summary>
    public void Give()
    {
        using var noGrad = no_grad();
        _kept.PutBack();
    }

    /// <summary>Takes over what an earlier run kept.</summary>
    public void Load(IReadOnlyDictionary<string, Tensor> copies) => SafeTensors.Copy(copies, into: Copies);

    public void Dispose() => _kept.Dispose();

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
