using System.Security.Cryptography;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Images that are mixed with others of their batch where a seed is given: once for a batch, so that all passes of a step see the same mixture.</summary>
internal sealed class MixedExamples : IExamples
{
    readonly IExamples _images;
    readonly IMixing[] _mixings;

    MixedExamples(IExamples images, IMixing[] mixings) => (_images, _mixings) = (images, mixings);

    public int Count => _images.Count;

    /// <summary>The images as the augmentation mixes them; these themselves where it does not.</summary>
    public static IExamples Of(IExamples images, Augmentation? augmentation)
    {
        IMixing?[] mixings = [augmentation?.MixUp, augmentation?.CutMix];
        return mixings.OfType<IMixing>().ToArray() is { Length: > 0 } given ? new MixedExamples(images, given) : images;
    }

    public IEnumerable<int[]> Batches(int batchSize, long? shuffleSeed) => _images.Batches(batchSize, shuffleSeed);

    public Batch Load(int[] rows, long? augmentationSeed)
    {
        var batch = _images.Load(rows, augmentationSeed);
        if (augmentationSeed is not { } seed)
            return batch;
        // Other random numbers than those by which the images are changed.
        using var random = new Generator((ulong)~seed);
        using var scope = NewDisposeScope();
        var mixing = _mixings[randint(0, _mixings.Length, [1], generator: random).ToInt64()];
        return rand([1], generator: random).ToDouble() < mixing.Probability ? Mixed(batch, mixing, random) : batch;
    }

    public void AddTo(IncrementalHash hash) => _images.AddTo(hash);

    public void Dispose() => _images.Dispose();

    static Batch Mixed(Batch batch, IMixing mixing, Generator random)
    {
        using (batch)
        {
            var partner = randperm(batch.Count, generator: random);
            var (images, own) = mixing.Mix(batch.Inputs, batch.Inputs.index_select(0, partner), random);
            return new Batch(images.DetachFromDisposeScope(),
            [
                .. batch.Targets.Select(target => Share(target.Labels.clone(), target.Weights, own)),
                .. batch.Targets.Select(target => Share(target.Labels.index_select(0, partner), target.Weights?.index_select(0, partner), 1 - own)),
            ]);
        }
    }

    static Target Share(Tensor labels, Tensor? weights, double share) =>
        new(labels.DetachFromDisposeScope(), (weights is null ? full([labels.shape[0]], (float)share) : weights * share).DetachFromDisposeScope());
}
