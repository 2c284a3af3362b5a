using System.Security.Cryptography;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Pictures for <see cref="SmallNet"/>, shuffled by one seed, and made brighter or darker by the other.</summary>
sealed class WavyExamples(int count, double phase = 0) : IExamples
{
    public int Count => count;

    /// <summary>How many batches were loaded.</summary>
    public int Loads { get; private set; }

    /// <summary>Told the number of each load, counted from 1, before it.</summary>
    public Action<int> Loading { get; init; } = _ => { };

    public IEnumerable<int[]> Batches(int batchSize, long? shuffleSeed) => RowOrder.Of(Count, shuffleSeed).InBatches(batchSize);

    public Batch Load(int[] rows, long? augmentationSeed, int[]? places)
    {
        using var scope = NewDisposeScope();
        Loading(++Loads);
        var brightness = augmentationSeed is { } seed ? new Seeds(seed).For("brightness") / (double)long.MaxValue - 0.5 : 0;
        var wanted = rows.At(places);
        var waves = wanted.SelectMany(row => Enumerable.Range(0, 36).Select(i => (float)(Math.Sin(1.7 * i + row * (row % 3 + 1) + phase) + brightness))).ToArray();
        // A copy lies where libtorch puts its tensors, and not where the array is: products of matrices depend on that in the last bit.
        return new Batch(tensor(waves, [wanted.Length, 1, 6, 6]).clone().DetachFromDisposeScope(), tensor(wanted.Select(row => row % 3L).ToArray()).DetachFromDisposeScope());
    }

    public void AddTo(IncrementalHash hash) => hash.AppendData(BitConverter.GetBytes(phase));

    public void Dispose() { }
}
