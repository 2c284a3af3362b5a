using System.Runtime.InteropServices;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The processes that train one model together, of which this one is the worker <see cref="Rank"/>. Each runs the same program on the same data.</summary>
/// <remarks>
/// Derive a class from it to train by another engine than MPI. All workers call the methods that exchange something in the same order, with as many values;
/// what such a method gives has the same bits on all of them.
/// </remarks>
public abstract class Workers
{
    /// <summary>The number of this worker, from 0. Worker 0 logs, reports progress and writes files.</summary>
    public abstract int Rank { get; }

    /// <summary>The number of workers; 1 where this process trains alone.</summary>
    public abstract int Count { get; }

    /// <summary>Replaces the values by their sums over all workers.</summary>
    public abstract void Sum(Span<float> values);

    /// <inheritdoc cref="Sum(Span{float})"/>
    public abstract void Sum(Span<double> values);

    /// <summary>Replaces the bytes by those of one worker.</summary>
    /// <param name="bytes">As many on all workers.</param>
    /// <param name="rank">The worker whose bytes all get.</param>
    public abstract void Broadcast(Span<byte> bytes, int rank);

    /// <summary>Gives each worker bytes of its own, and returns what each has given this one; by way of <see cref="Broadcast"/>, where an engine has nothing better.</summary>
    /// <param name="to">What each worker gets, by its rank, this one too. Lengths may differ, and differ between workers.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not as many as workers.</exception>
    public virtual byte[][] Exchange(byte[][] to)
    {
        var lengths = ExchangedLengths.Of(this, to);
        var from = new byte[Count][];
        for (var sender = 0; sender < Count; sender++)
            for (var receiver = 0; receiver < Count; receiver++)
            {
                var bytes = sender == Rank ? to[receiver] : new byte[lengths.Of(sender, receiver)];
                if (bytes.Length > 0)
                    Broadcast(bytes, sender);
                if (receiver == Rank)
                    from[sender] = bytes;
            }
        return from;
    }

    /// <summary>Ends the processes of all workers, as this one cannot go on and the others wait for it. Does not return.</summary>
    /// <param name="reason">Why, for people to read.</param>
    public abstract void Abort(string reason);

    /// <summary>Begins a run in which the workers wait for each other, until what is returned is disposed of. A process that ends before has to end the others, too.</summary>
    public abstract IDisposable BeginRun();

    /// <summary>Replaces the elements of a tensor of float32 or float64 by their sums over all workers; by way of main memory, where it is not there.</summary>
    public virtual void Sum(Tensor values)
    {
        if (values.device_type == DeviceType.CPU && values.is_contiguous())
        {
            SumHere(values);
            return;
        }
        using var scope = NewDisposeScope();
        var copy = values.cpu().contiguous();
        SumHere(copy);
        values.copy_(copy);
    }

    void SumHere(Tensor values)
    {
        if (values.dtype == ScalarType.Float64)
            Sum(MemoryMarshal.Cast<byte, double>(values.bytes));
        else
            Sum(MemoryMarshal.Cast<byte, float>(values.bytes));
    }
}

/// <summary>How many bytes each worker has for each, which all of them know.</summary>
internal sealed class ExchangedLengths
{
    readonly int _workers;
    readonly double[] _lengths;

    ExchangedLengths(int workers, double[] lengths) => (_workers, _lengths) = (workers, lengths);

    /// <summary>The most that one worker has for another.</summary>
    public int Largest => (int)_lengths.Max();

    /// <summary>Tells all workers.</summary>
    public static ExchangedLengths Of(Workers workers, byte[][] to)
    {
        var count = workers.Count;
        if (Require.NotNull(to).Length != count)
            throw new ArgumentOutOfRangeException(nameof(to), Invariant($"{nameof(to)} must have an array for each worker, {count} in all, but has {to.Length}."));
        var lengths = new double[count * count];
        for (var receiver = 0; receiver < count; receiver++)
            lengths[workers.Rank * count + receiver] = to[receiver].Length;
        workers.Sum(lengths.AsSpan());
        return new(count, lengths);
    }

    public int Of(int sender, int receiver) => (int)_lengths[sender * _workers + receiver];
}
