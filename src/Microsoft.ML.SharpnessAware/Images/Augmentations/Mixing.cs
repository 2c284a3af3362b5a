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

    public Batch Load(int[] rows, long? augmentationSeed, int[]? places)
    {
        using var scope = NewDisposeScope();
        using var random = RandomOf(augmentationSeed);
        if (random is null || Drawn(rows.Length, random) is not { } drawn)
            return _images.Load(rows, augmentationSeed, places);
        return places is null
            ? Mixed(_images.Load(rows, augmentationSeed), drawn.Partners, drawn.Mixing, random)
            : Mixed(_images.Load(rows, augmentationSeed, PlacesWith(drawn.Partners, places)), [.. Enumerable.Range(places.Length, places.Length)], drawn.Mixing, random);
    }

    public void Fetch(IEnumerable<BatchPart> parts) => _images.Fetch(parts.Select(WithPartners));

    public void AddTo(IncrementalHash hash) => _images.AddTo(hash);

    public void Dispose() => _images.Dispose();

    BatchPart WithPartners(BatchPart part)
    {
        using var scope = NewDisposeScope();
        using var random = RandomOf(part.AugmentationSeed);
        return part.Places is { } places && random is not null && Drawn(part.Rows.Length, random) is { } drawn ? part with { Places = PlacesWith(drawn.Partners, places) } : part;
    }

    static int[] PlacesWith(int[] partners, int[] places) => [.. places, .. partners.At(places)];

    // Other random numbers than those by which the images are changed.
    static Generator? RandomOf(long? augmentationSeed) => augmentationSeed is { } seed ? new((ulong)~seed) : null;

    // How a batch of so many rows is mixed, and at which place each has its partner; null where it is not.
    (IMixing Mixing, int[] Partners)? Drawn(int rows, Generator random)
    {
        var mixing = _mixings[randint(0, _mixings.Length, [1], generator: random).ToInt64()];
        if (rand([1], dtype: ScalarType.Float32, generator: random).ToDouble() >= mixing.Probability)
            return null;
        return (mixing, Array.ConvertAll(randperm(rows, generator: random).data<long>().ToArray(), place => (int)place));
    }

    // The first rows of the batch, each with its partner, which is another of them, or lies behind them.
    static Batch Mixed(Batch batch, int[] partners, IMixing mixing, Generator random)
    {
        using (batch)
        {
            var partner = tensor(Array.ConvertAll(partners, place => (long)place));
            var (images, own) = mixing.Mix(Own(batch.Inputs), batch.Inputs.index_select(0, partner), random);
            return new Batch(images.DetachFromDisposeScope(),
            [
                .. batch.Targets.Select(target => Share(Own(target.Labels).clone(), target.Weights is { } weights ? Own(weights) : null, own)),
                .. batch.Targets.Select(target => Share(target.Labels.index_select(0, partner), target.Weights?.index_select(0, partner), 1 - own)),
            ]);
        }

        Tensor Own(Tensor all) => all.narrow(0, 0, partners.Length);
    }

    static Target Share(Tensor labels, Tensor? weights, double share) =>
        new(labels.DetachFromDisposeScope(), (weights is null ? full([labels.shape[0]], (float)share, dtype: ScalarType.Float32) : weights * share).DetachFromDisposeScope());
}

/// <summary>Mixes each image of a batch with a partner.</summary>
internal interface IMixing
{
    /// <summary>The share of batches that are mixed.</summary>
    double Probability { get; }

    /// <summary>Images mixed with their partners, both [N, C, H, W], as a new tensor, and the share of the images' own: 1/2 or more, the same for all.</summary>
    (Tensor Images, double OwnShare) Mix(Tensor images, Tensor partners, Generator random);
}

/// <summary>Replaces every image by the weighted mean of itself and another of its batch, and its loss by the same mean over both labels. Zhang et al. 2018, arXiv:1710.09412.</summary>
/// <param name="Alpha">The weights are drawn from the beta distribution with both parameters α, once for a batch: the smaller α, the less is mixed. 0.2 by default, the value of the paper for ImageNet; the paper has 1 for CIFAR-10.</param>
/// <param name="Probability">The share of batches that are mixed; 1 by default.</param>
public sealed record MixUp(double Alpha = 0.2, double Probability = 1) : IMixing
{
    /// <summary>Both parameters of the beta distribution from which the weights come.</summary>
    public double Alpha { get; init => field = Require.Positive(value); } = Require.Positive(Alpha);

    /// <summary>The share of batches that are mixed.</summary>
    public double Probability { get; init => field = Require.Probability(value); } = Require.Probability(Probability);

    // Partners are drawn at random, so that the larger weight may as well be the image's own.
    (Tensor Images, double OwnShare) IMixing.Mix(Tensor images, Tensor partners, Generator random)
    {
        var drawn = SymmetricBeta.Draw(Alpha, random);
        var share = Math.Max(drawn, 1 - drawn);
        return (images * share + partners * (1 - share), share);
    }
}

/// <summary>Replaces a box of every image by that of another of its batch, and its loss by the mean over both labels, weighted by the areas. Yun et al. 2019, arXiv:1905.04899.</summary>
/// <param name="Alpha">The areas are drawn from the beta distribution with both parameters α, once for a batch; 1 by default, as in the paper.</param>
/// <param name="Probability">The share of batches that are mixed; 1 by default.</param>
public sealed record CutMix(double Alpha = 1, double Probability = 1) : IMixing
{
    /// <summary>Both parameters of the beta distribution from which the areas come.</summary>
    public double Alpha { get; init => field = Require.Positive(value); } = Require.Positive(Alpha);

    /// <summary>The share of batches that are mixed.</summary>
    public double Probability { get; init => field = Require.Probability(value); } = Require.Probability(Probability);

    // Partners are drawn at random, so that the smaller part, box or frame, may as well be the partner's.
    (Tensor Images, double OwnShare) IMixing.Mix(Tensor images, Tensor partners, Generator random)
    {
        var side = Math.Sqrt(1 - SymmetricBeta.Draw(Alpha, random));
        var (rows, columns) = (Span(images.shape[2], side, random), Span(images.shape[3], side, random));
        var box = (double)(rows.Length * columns.Length) / (images.shape[2] * images.shape[3]);
        return box <= 0.5 ? (Pasted(partners, onto: images), 1 - box) : (Pasted(images, onto: partners), box);

        Tensor Pasted(Tensor source, Tensor onto)
        {
            var result = onto.clone();
            Box(result).copy_(Box(source));
            return result;
        }

        Tensor Box(Tensor of) => of.narrow(2, rows.Start, rows.Length).narrow(3, columns.Start, columns.Length);
    }

    // About any pixel; what would lie outside is left out.
    static (long Start, long Length) Span(long whole, double side, Generator random)
    {
        var middle = randint(0, whole, [1], generator: random).ToInt64();
        var half = (long)(whole * side) / 2;
        var start = Math.Max(0, middle - half);
        return (start, Math.Min(whole, middle + half) - start);
    }
}

/// <summary>The beta distribution whose two parameters are equal.</summary>
internal static class SymmetricBeta
{
    /// <summary>A number from 0 to 1: near 0 or 1 where α is small, near 1/2 where it is large, evenly distributed at 1. Devroye 1996, "Random variate generation in one line of code".</summary>
    public static double Draw(double alpha, Generator random)
    {
        var u = rand([2], dtype: ScalarType.Float64, generator: random).data<double>().ToArray();
        var t = Math.Cos(2 * Math.PI * u[0]) * Math.Sqrt(Math.Pow(u[1], -1 / alpha) - 1);
        return 0.5 + Math.Sign(t) / (2 * Math.Sqrt(1 + 1 / (t * t)));
    }
}
