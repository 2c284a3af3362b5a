using System.Security.Cryptography;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Points on a plane, in two classes that a line divides.</summary>
sealed class FakeExamples(int count, Func<int, long>? label = null) : IExamples
{
    public int Count => count;

    public List<(int Batch, long? Seed)> Loads { get; } = [];

    public List<long?> Shuffles { get; } = [];

    public IEnumerable<int[]> Batches(int batchSize, long? shuffleSeed)
    {
        Shuffles.Add(shuffleSeed);
        return Enumerable.Range(0, count).Chunk(batchSize);
    }

    public Batch Load(int[] rows, long? augmentationSeed, int[]? places)
    {
        lock (Loads)
            Loads.Add((rows.Length, augmentationSeed));
        var wanted = rows.At(places);
        var points = wanted.SelectMany(r => new[] { MathF.Sin(r), MathF.Cos(r) }).ToArray();
        var labels = wanted.Select(label ?? (r => MathF.Sin(r) > 0 ? 1L : 0L)).ToArray();
        return new Batch(tensor(points, [wanted.Length, 2]).DetachFromDisposeScope(), tensor(labels).DetachFromDisposeScope());
    }

    public void AddTo(IncrementalHash hash) => throw new NotSupportedException();

    public void Dispose() { }
}
