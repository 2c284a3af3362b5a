using System.Security.Cryptography;
using Microsoft.ML.SharpnessAware;

namespace FrozenEpoch;

/// <summary>Images in memory, ready for a network.</summary>
sealed class Images(Tensor images, Tensor labels) : IExamples
{
    public int Count => (int)images.shape[0];

    public IEnumerable<int[]> Batches(int batchSize, long? shuffleSeed) => RowOrder.Of(Count, shuffleSeed).InBatches(batchSize);

    public Batch Load(int[] rows, long? augmentationSeed, int[]? places)
    {
        using var scope = NewDisposeScope();
        var chosen = tensor(Array.ConvertAll(rows.At(places), row => (long)row));
        return new Batch(images.index_select(0, chosen).DetachFromDisposeScope(), labels.index_select(0, chosen).DetachFromDisposeScope());
    }

    public void AddTo(IncrementalHash hash) => throw new NotSupportedException();

    public void Dispose() { }
}
