namespace Microsoft.ML.SharpnessAware;

/// <summary>Takes all measures of one loss surface.</summary>
internal sealed class SharpnessMeter
{
    readonly LossSurface _surface;
    readonly SharpnessOptions _options;
    readonly Draws _draws;
    readonly LossGradient _atWeights;
    readonly Hessian _hessian;

    SharpnessMeter(LossSurface surface, SharpnessOptions options, Seeds seeds)
    {
        (_surface, _options) = (surface, options);
        _draws = new Draws(seeds, surface.Weights);
        _hessian = new Hessian(surface, options.FiniteDifferences);
        _atWeights = surface.GradientAt(surface.Weights);
    }

    public static SharpnessMetrics Measure(LossSurface surface, SharpnessOptions options, Seeds seeds)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        return new SharpnessMeter(surface, options, seeds).Measure();
    }

    SharpnessMetrics Measure()
    {
        var plain = Within(new Neighbourhood(_options.Rho, _options.P, t: null), _options.AverageDeviation ?? _options.Rho, "");
        var sizes = _surface.Weights.to(ScalarType.Float64).abs();
        var adaptive = Within(new Neighbourhood(_options.AdaptiveRho, _options.P, sizes), _options.AdaptiveAverageDeviation ?? _options.AdaptiveRho, "adaptive ");
        var eigenvalues = Eigenvalues();
        var trace = Trace();
        return new SharpnessMetrics
        {
            Rows = _surface.Rows,
            P = _options.P,
            M = _options.M,
            Loss = _atWeights.Loss,
            GradientNorm = _atWeights.Gradient.norm().item<double>(),
            Sharpness = plain,
            AdaptiveSharpness = adaptive,
            Eigenvalues = eigenvalues,
            Trace = trace,
            CurvatureAlongGradient = trace is null ? null : CurvatureAlongGradient(),
            HessianByDifferences = _hessian.ByDifferences,
        };
    }

    SharpnessAtRadius Within(Neighbourhood near, double deviation, string kind)
    {
        using var scope = NewDisposeScope();
        var whole = Climb(_surface, near, _atWeights, Steps($"{kind}worst case", _options.AscentSteps));
        var average = _options.AverageDraws == 0 ? (Estimate?)null : Average(near, deviation, Steps($"{kind}average case", _options.AverageDraws));
        var (oneStep, worstCase) = _options.M is { } m ? OfGroups(near, m, whole, $"{kind}m-sharpness") : ((double?)null, (double?)null);
        return new SharpnessAtRadius
        {
            Rho = near.Rho,
            OneStep = whole.OneStep,
            WorstCase = whole.WorstCase,
            AverageCase = average,
            AverageDeviation = deviation,
            OneStepOfGroups = oneStep,
            WorstCaseOfGroups = worstCase,
        };
    }

    ProjectedAscent Climb(LossSurface surface, Neighbourhood near, LossGradient atWeights, Action<int> stepped)
    {
        var ascent = new ProjectedAscent(surface, near, atWeights, () => _draws.Gaussian("level"));
        ascent.Climb(_options.AscentSteps, stepped);
        return ascent;
    }

    Estimate Average(Neighbourhood near, double deviation, Action<int> drawn) =>
        AverageCase.Of(_surface, near, deviation, _atWeights.Loss, i => _draws.Gaussian("average case", i), _options.AverageDraws, drawn);

    // The mean over rows of what the row's group comes to.
    (double? OneStep, double? WorstCase) OfGroups(Neighbourhood near, int m, ProjectedAscent whole, string measure)
    {
        if (m >= _surface.Rows)
            return (whole.OneStep, whole.WorstCase);
        var groups = _surface.Groups(m).ToArray();
        var stepped = Steps(measure, groups.Length);
        var (oneStep, worstCase) = (0.0, 0.0);
        for (var i = 0; i < groups.Length; i++)
        {
            using var scope = NewDisposeScope();
            var group = groups[i];
            var ascent = Climb(group, near, group.GradientAt(group.Weights), _ => { });
            oneStep += ascent.OneStep * group.Rows / _surface.Rows;
            worstCase += ascent.WorstCase * group.Rows / _surface.Rows;
            stepped(i + 1);
        }
        return (oneStep, worstCase);
    }

    IReadOnlyList<HessianEigenvalue> Eigenvalues() => _options.Eigenvalues == 0
        ? []
        : new Lanczos(_hessian.Times, i => _draws.Gaussian("eigenvalues", i), _surface.Weights.dtype)
            .Largest(_options.Eigenvalues, _options.LanczosSteps, _options.EigenvalueTolerance, Steps("eigenvalues", _options.LanczosSteps));

    Estimate? Trace() => _options.TraceProbes == 0
        ? null
        : HutchinsonTrace.Of(_hessian.Times, i => _draws.Signs("trace", i), _options.TraceProbes, _options.TraceTolerance, Steps("trace", _options.TraceProbes));

    double CurvatureAlongGradient()
    {
        using var scope = NewDisposeScope();
        var unit = _atWeights.Gradient / _atWeights.Gradient.norm();
        return (unit * _hessian.Times(unit)).sum().item<double>();
    }

    Action<int> Steps(string measure, int steps) => step => _options.Progress?.Report(new MeasuringProgress(measure, step, steps));
}

/// <summary>Average-case sharpness: E L(w + σT z) − L(w), z standard normal.</summary>
internal static class AverageCase
{
    /// <summary>Each draw z is taken with −z: what the slope adds to one it takes from the other, and only curvature is left to average over.</summary>
    public static Estimate Of(LossSurface surface, Neighbourhood near, double deviation, double lossAtWeights, Func<int, Tensor> normal, int draws, Action<int> drawn)
    {
        var rises = new List<double>();
        for (var i = 0; i < draws; i++)
        {
            using var scope = NewDisposeScope();
            var epsilon = near.Epsilon(deviation * normal(i));
            rises.Add((surface.LossAt(surface.Weights + epsilon) + surface.LossAt(surface.Weights - epsilon)) / 2 - lossAtWeights);
            drawn(i + 1);
        }
        return Estimate.Of(rises);
    }
}

/// <summary>Random vectors as long as the weights: from a seed the same ones on every device, float64.</summary>
internal sealed class Draws(Seeds seeds, Tensor weights)
{
    /// <summary>Independent standard normal numbers.</summary>
    public Tensor Gaussian(string purpose, int number = 0)
    {
        using var random = Random(purpose, number);
        return randn(weights.shape, dtype: ScalarType.Float64, generator: random).to(weights.device);
    }

    /// <summary>−1 or 1 with equal chance.</summary>
    public Tensor Signs(string purpose, int number = 0)
    {
        using var random = Random(purpose, number);
        return (randint(0, 2, weights.shape, dtype: ScalarType.Float64, generator: random) * 2 - 1).to(weights.device);
    }

    Generator Random(string purpose, int number) => new((ulong)seeds.For(purpose, number));
}

/// <summary>The perturbations ε that count as near: ‖T⁻¹ε‖ₚ ≤ ρ, where T is 1, or |w| for a radius in units of the weights.</summary>
/// <remarks>It is a ball in u = T⁻¹ε, and there it is searched: what is found does not change when T makes up for rescaled weights.</remarks>
internal sealed class Neighbourhood(double rho, double p, Tensor? t)
{
    public double Rho => rho;

    /// <summary>ε = T u.</summary>
    public Tensor Epsilon(Tensor u) => t is null ? u : t * u;

    /// <summary>The gradient by u, of one by w.</summary>
    public Tensor ByU(Tensor g) => Epsilon(g);

    /// <summary>The direction of ‖u‖ₚ = 1 in which the loss rises fastest; zero where its gradient by u is.</summary>
    public Tensor Steepest(Tensor gradientByU)
    {
        if (double.IsPositiveInfinity(p))
            return gradientByU.sign();
        var norm = gradientByU.norm().item<double>();
        return norm == 0 ? gradientByU : gradientByU / norm;
    }

    /// <summary>The nearest u within the ball.</summary>
    public Tensor Project(Tensor u)
    {
        if (double.IsPositiveInfinity(p))
            return u.clamp(-rho, rho);
        var norm = u.norm().item<double>();
        return norm <= rho ? u : u * (rho / norm);
    }
}
