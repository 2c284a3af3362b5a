using System.Security.Cryptography;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Examples as the last layer of a network sees them: what the layers before make of each in eval mode, computed once, without augmentation.</summary>
internal sealed class FeatureExamples : IExamples
{
    readonly IExamples _examples;
    readonly long[] _shape;
    readonly ScalarType _type;
    readonly PixelCache _features;
    readonly long[] _labels;
    readonly float[]? _weights;

    FeatureExamples(IExamples examples, Tensor first, Target target, FrozenStart settings)
    {
        _examples = examples;
        (_shape, _type) = (first.shape[1..], first.dtype);
        _features = new PixelCache(checked((int)(first.bytes.Length / first.shape[0])), settings.CacheBudget, settings.TempFolder);
        _labels = new long[examples.Count];
        _weights = target.Weights is null ? null : new float[examples.Count];
    }

    public int Count => _examples.Count;

    /// <summary>Computes the features of all examples, which stay the caller's.</summary>
    /// <exception cref="InvalidOperationException">The network cannot be divided before its last layer.</exception>
    /// <exception cref="OperationCanceledException">The user or the host wants the run to end.</exception>
    public static FeatureExamples Of(IExamples examples, FeatureTap tap, TrainingPlan plan)
    {
        using var noGradients = no_grad();
        FeatureExamples? all = null;
        try
        {
            var batches = examples.Batches(plan.Steps.RowsPerPass ?? plan.BatchSize, shuffleSeed: null).ToArray();
            foreach (var (number, loaded) in Prefetch.Each(batches, (_, rows) => examples.Load(rows, augmentationSeed: null)))
            {
                using var batch = loaded.To(plan.Device);
                plan.ThrowIfCancelled();
                using var scope = NewDisposeScope();
                var (features, logits) = tap.Forward(batch.Inputs);
                if (all is null)
                    tap.Check(features, logits);
                var onCpu = features.cpu().contiguous();
                all ??= new FeatureExamples(examples, onCpu, batch.Targets[0], plan.Frozen!);
                all.Keep(batches[number], onCpu, batch.Targets[0]);
            }
            return all!;
        }
        catch
        {
            all?.Dispose();
            throw;
        }
    }

    public IEnumerable<int[]> Batches(int batchSize, long? shuffleSeed) => _examples.Batches(batchSize, shuffleSeed);

    public Batch Load(int[] rows, long? augmentationSeed)
    {
        using var scope = NewDisposeScope();
        var features = empty([rows.Length, .. _shape], dtype: _type);
        var bytes = features.bytes;
        for (var i = 0; i < rows.Length; i++)
            _features.Read(rows[i], bytes.Slice(i * _features.RowSize, _features.RowSize));
        var target = new Target(Chosen(_labels, rows, values => tensor(values)), _weights is null ? null : Chosen(_weights, rows, values => tensor(values)));
        return new Batch(features.DetachFromDisposeScope(), [target]);
    }

    public void AddTo(IncrementalHash hash) => _examples.AddTo(hash);

    /// <summary>Frees the features alone.</summary>
    public void Dispose() => _features.Dispose();

    void Keep(int[] rows, Tensor features, Target target)
    {
        var bytes = features.bytes;
        for (var i = 0; i < rows.Length; i++)
            _features.Write(rows[i], bytes.Slice(i * _features.RowSize, _features.RowSize));
        Spread(target.Labels.cpu().data<long>().ToArray(), rows, _labels);
        if (_weights is not null)
            Spread(target.Weights!.cpu().data<float>().ToArray(), rows, _weights);
    }

    static Tensor Chosen<T>(T[] values, int[] rows, Func<T[], Tensor> toTensor) => toTensor(Array.ConvertAll(rows, row => values[row])).DetachFromDisposeScope();

    static void Spread<T>(T[] values, int[] rows, T[] into)
    {
        for (var i = 0; i < rows.Length; i++)
            into[rows[i]] = values[i];
    }
}
