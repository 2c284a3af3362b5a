namespace Microsoft.ML.SharpnessAware;

/// <summary>Bytes from each worker for each, in as many calls as it takes: MPI counts bytes by int, and copies them.</summary>
internal sealed class PairwiseExchange
{
    const int BytesPerCall = 256 << 20;

    readonly byte[][] _to;
    readonly byte[][] _from;
    readonly int _largest;
    readonly int _piece;

    /// <param name="workers">Who exchanges them.</param>
    /// <param name="to">What each worker gets.</param>
    /// <param name="bytesPerCall">The most that a worker gives, and gets, in a call.</param>
    public PairwiseExchange(Workers workers, byte[][] to, int bytesPerCall = BytesPerCall)
    {
        var lengths = ExchangedLengths.Of(workers, to);
        _to = to;
        _from = [.. Enumerable.Range(0, workers.Count).Select(sender => new byte[lengths.Of(sender, workers.Rank)])];
        _largest = lengths.Largest;
        _piece = Math.Max(1, bytesPerCall / workers.Count);
    }

    /// <summary>What each worker has given this one.</summary>
    /// <param name="exchange">Gives each worker its piece of the first, and takes their pieces for this one into the second.</param>
    public byte[][] By(Action<Pieces, Pieces> exchange)
    {
        for (var start = 0L; start < _largest; start += _piece)
        {
            var (to, from) = (Pieces.Of(_to, (int)start, _piece), Pieces.Of(_from, (int)start, _piece));
            to.Take(_to, (int)start);
            exchange(to, from);
            from.Give(_from, (int)start);
        }
        return _from;
    }
}

/// <summary>A piece of each of several arrays, one after the other.</summary>
internal sealed record Pieces(byte[] Bytes, int[] Lengths, int[] Starts)
{
    /// <summary>Room for what the arrays have from that place on, so many bytes of each at most.</summary>
    public static Pieces Of(byte[][] arrays, int start, int most)
    {
        var lengths = Array.ConvertAll(arrays, array => Math.Clamp(array.Length - start, 0, most));
        var starts = new int[lengths.Length];
        for (var i = 1; i < starts.Length; i++)
            starts[i] = starts[i - 1] + lengths[i - 1];
        return new(new byte[lengths.Sum()], lengths, starts);
    }

    /// <summary>Copies from the arrays.</summary>
    public void Take(byte[][] arrays, int start)
    {
        for (var i = 0; i < arrays.Length; i++)
            Array.Copy(arrays[i], Math.Min(start, arrays[i].Length), Bytes, Starts[i], Lengths[i]);
    }

    /// <summary>Copies to the arrays.</summary>
    public void Give(byte[][] arrays, int start)
    {
        for (var i = 0; i < arrays.Length; i++)
            Array.Copy(Bytes, Starts[i], arrays[i], Math.Min(start, arrays[i].Length), Lengths[i]);
    }
}
