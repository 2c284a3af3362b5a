namespace Microsoft.ML.SharpnessAware;

/// <summary>The loss along one or two random directions from a model's weights, filter-normalised. Li et al. 2018, arXiv:1712.09913.</summary>
public sealed class LossLandscape
{
    internal LossLandscape() { }

    /// <summary>How many rows the losses are the means of.</summary>
    public required int Rows { get; init; }

    /// <summary>How far each point is along the first direction.</summary>
    public required IReadOnlyList<double> Alphas { get; init; }

    /// <summary>How far each point is along the second direction; a single 0 if there is one direction.</summary>
    public required IReadOnlyList<double> Betas { get; init; }

    /// <summary>The losses L(w + α d + β e): by the index of α in <see cref="Alphas"/>, then of β in <see cref="Betas"/>.</summary>
    public required IReadOnlyList<IReadOnlyList<double>> Losses { get; init; }

    /// <summary>The cosine of the angle between the two directions: if it is not near 0, the picture is distorted. Null if there is one direction.</summary>
    public double? Cosine { get; init; }

    /// <summary>Writes <see cref="WriteCsv(TextWriter)"/> to a file, which appears, or is replaced, when it is complete.</summary>
    public void WriteCsv(string path) => WholeFile.Write(path, WriteCsv);

    /// <summary>Writes a line "alpha,loss" or "alpha,beta,loss", and then a line for each point, in the invariant culture with all digits.</summary>
    public void WriteCsv(TextWriter writer)
    {
        var isPlane = Cosine is not null;
        writer.Write(isPlane ? "alpha,beta,loss\n" : "alpha,loss\n");
        for (var i = 0; i < Alphas.Count; i++)
            for (var j = 0; j < Betas.Count; j++)
                writer.Write(isPlane ? Invariant($"{Alphas[i]:r},{Betas[j]:r},{Losses[i][j]:r}\n") : Invariant($"{Alphas[i]:r},{Losses[i][j]:r}\n"));
    }
}

/// <summary>Directions in which each filter moves as far as it is long. Li et al. 2018, arXiv:1712.09913, §4.</summary>
internal static class FilterNormalization
{
    const double AuthorsFloor = 1e-10;

    /// <summary>The direction, each of its filters (slices along the first dimension, so rows of a linear layer) scaled to the norm of that of the weights.</summary>
    /// <remarks>As in the authors' code, what has one dimension, biases and norm layers, stays where it is, or moves along itself.</remarks>
    public static Tensor Apply(Tensor direction, Tensor weights, IEnumerable<WeightBlock> blocks, bool moveBiases)
    {
        using var scope = NewDisposeScope();
        var normalized = zeros_like(direction);
        foreach (var block in blocks)
        {
            var (w, d) = (block.Of(weights), block.Of(direction));
            if (block.Shape.Count > 1)
                block.Of(normalized).copy_(d * NormsOf(w) / (NormsOf(d) + AuthorsFloor));
            else if (moveBiases)
                block.Of(normalized).copy_(w);
        }
        return normalized.MoveToOuterDisposeScope();
    }

    static Tensor NormsOf(Tensor filters) => filters.square().sum([.. Enumerable.Range(1, (int)filters.dim() - 1).Select(i => (long)i)], keepdim: true).sqrt();
}

/// <summary>Draws the landscape of one loss surface.</summary>
internal static class LandscapeSampler
{
    public static LossLandscape Sample(LossSurface surface, LossLandscapeOptions options, Seeds seeds)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var draws = new Draws(seeds, surface.Weights);
        var w = surface.Weights.to(ScalarType.Float64);
        var directions = Enumerable.Range(0, options.Dimensions)
            .Select(i => FilterNormalization.Apply(draws.Gaussian("direction", i), w, surface.Blocks, options.MoveBiases))
            .ToArray();

        var along = Steps(options);
        double[] across = options.Dimensions == 2 ? along : [0];
        return new LossLandscape
        {
            Rows = surface.Rows,
            Alphas = along,
            Betas = across,
            Losses = [.. along.Select((alpha, i) => across.Select((beta, j) => Loss(alpha, beta, done: i * across.Length + j + 1)).ToArray())],
            Cosine = directions is [var d, var e] ? Cosine(d, e) : null,
        };

        double Loss(double alpha, double beta, int done)
        {
            using var scope = NewDisposeScope();
            var point = w + alpha * directions[0];
            var loss = surface.LossAt(directions.Length == 2 ? point + beta * directions[1] : point);
            options.Progress?.Report(new MeasuringProgress("landscape", done, along.Length * across.Length));
            return loss;
        }
    }

    // From end to end, exact in the middle and at both ends.
    static double[] Steps(LossLandscapeOptions options) =>
        [.. Enumerable.Range(0, options.Points).Select(i => options.Reach * (2 * i - (options.Points - 1)) / (options.Points - 1))];

    static double Cosine(Tensor d, Tensor e) => (d * e).sum().item<double>() / (d.norm().item<double>() * e.norm().item<double>());
}
