using System.Security.Cryptography;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Examples of which some count more than others.</summary>
internal sealed class WeightedExamples : IExamples
{
    readonly IExamples _examples;
    readonly float[] _weights;

    WeightedExamples(IExamples examples, float[] weights) => (_examples, _weights) = (examples, weights);

    public int Count => _examples.Count;

    /// <summary>The examples with a weight for each; null for 1 each.</summary>
    public static IExamples Of(IExamples examples, float[]? weights) => weights is null ? examples : new WeightedExamples(examples, weights);

    public IEnumerable<int[]> Batches(int batchSize, long? shuffleSeed) => _examples.Batches(batchSize, shuffleSeed);

    public Batch Load(int[] rows, long? augmentationSeed)
    {
        var batch = _examples.Load(rows, augmentationSeed);
        var weights = tensor(Array.ConvertAll(rows, row => _weights[row])).DetachFromDisposeScope();
        return new Batch(batch.Inputs, [new Target(batch.Labels, weights)]);
    }

    public void AddTo(IncrementalHash hash) => _examples.AddTo(hash);

    public void Dispose() => _examples.Dispose();
}
