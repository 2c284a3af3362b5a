namespace Microsoft.ML.SharpnessAware;

/// <summary>A box of every image is replaced by that of another of its batch, and its loss is that of both labels, weighted by the areas. Yun et al. 2019, arXiv:1905.04899.</summary>
/// <param name="Alpha">The areas come from the beta distribution with α twice, once for a batch; 1, the paper's, by default.</param>
/// <param name="Probability">The share of batches that are mixed; 1 by default.</param>
public sealed record CutMix(double Alpha = 1, double Probability = 1) : IMixing
{
    /// <summary>Both parameters of the beta distribution from which the areas come.</summary>
    public double Alpha { get; init => field = Require.Positive(value); } = Require.Positive(Alpha);

    /// <summary>The share of batches that are mixed.</summary>
    public double Probability { get; init => field = Require.Fraction(value); } = Require.Fraction(Probability);

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
