using System.Runtime.InteropServices;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The Hessian of a loss at the weights, as something that vectors are multiplied by.</summary>
internal sealed class Hessian(LossSurface surface, bool byDifferences = false)
{
    /// <summary>Whether products are central differences of gradients, because that was asked for or because the network cannot be differentiated twice.</summary>
    public bool ByDifferences { get; private set; } = byDifferences;

    /// <summary>H v, a float64 vector.</summary>
    public Tensor Times(Tensor v)
    {
        if (!ByDifferences)
            try
            {
                return surface.HessianTimes(v, guarded: v.device_type != DeviceType.CPU);
            }
            catch (ExternalException)
            {
                ByDifferences = true;
            }
        return ByCentralDifferences(v, Step());
    }

    /// <summary>H v = ‖v‖ (∇L(w + h v/‖v‖) − ∇L(w − h v/‖v‖)) / 2h.</summary>
    public Tensor ByCentralDifferences(Tensor v, double h)
    {
        using var scope = NewDisposeScope();
        var norm = v.norm().item<double>();
        if (norm == 0)
            return zeros_like(v).MoveToOuterDisposeScope();
        var offset = v * (h / norm);
        var there = surface.GradientAt(surface.Weights + offset).Gradient;
        var opposite = surface.GradientAt(surface.Weights - offset).Gradient;
        return ((there - opposite) * (norm / (2 * h))).MoveToOuterDisposeScope();
    }

    double Step()
    {
        using var scope = NewDisposeScope();
        return surface.Weights.DifferenceStep().ToDouble();
    }
}

/// <summary>The trace of a matrix as the mean of zᵀHz over vectors z of signs. Hutchinson 1990, doi:10.1080/03610919008812866.</summary>
internal static class HutchinsonTrace
{
    const int Fewest = 10;

    /// <summary>Draws until the standard error is that share of the mean, or so many vectors are drawn.</summary>
    public static Estimate Of(Func<Tensor, Tensor> times, Func<int, Tensor> signs, int most, double tolerance, Action<int> drawn)
    {
        var products = new List<double>();
        while (products.Count < most)
        {
            using var scope = NewDisposeScope();
            var z = signs(products.Count);
            products.Add((z * times(z)).sum().item<double>());
            drawn(products.Count);
            if (products.Count >= Fewest && Estimate.Of(products) is var sofar && sofar.StandardError <= tolerance * Math.Abs(sofar.Value))
                return sofar;
        }
        return Estimate.Of(products);
    }
}

/// <summary>The largest eigenvalues of a symmetric matrix that is known by its products with vectors: Lanczos's method, with full reorthogonalisation.</summary>
internal sealed class Lanczos(Func<Tensor, Tensor> times, Func<int, Tensor> normal, ScalarType stored)
{
    // Rounding leaves about so much, relative to the matrix, of what is zero.
    const double Nothing = 1e-13;

    readonly List<Tensor> _basis = [];
    readonly List<double> _diagonal = [];
    readonly List<double> _beside = [];

    /// <summary>The algebraically largest eigenvalues, the largest first; fewer where the matrix is smaller.</summary>
    /// <remarks>Ends after so many products, or when the residuals are that share of the largest eigenvalue in size.</remarks>
    public IReadOnlyList<HessianEigenvalue> Largest(int wanted, int most, double tolerance, Action<int> stepped)
    {
        using var scope = NewDisposeScope();
        var next = normal(0);
        var steps = (int)Math.Min(most, next.numel());
        while (_basis.Count < steps)
        {
            var rest = Extend(next);
            next.Dispose();
            stepped(_basis.Count);
            var isClosed = _beside[^1] == 0;
            if (!isClosed && _basis.Count >= wanted && Converged(wanted, tolerance))
                break;
            // The matrix does not lead out of the space so far; there may be more elsewhere, even of the same eigenvalues.
            next = isClosed ? normal(_basis.Count) : rest;
        }
        return Eigenvalues(wanted);
    }

    // Adds a direction, and returns what the matrix makes of it beyond the directions so far.
    Tensor Extend(Tensor next)
    {
        using var scope = NewDisposeScope();
        var rest = BeyondBasis(next);
        var q = (rest / rest.norm()).to(stored);
        _basis.Add(q.MoveToOuterDisposeScope());

        var product = times(q.to(ScalarType.Float64));
        var beyond = BeyondBasis(product);
        var norm = beyond.norm().item<double>();
        _diagonal.Add((q * product).sum().item<double>());
        _beside.Add(norm > Nothing * _diagonal.Max(Math.Abs) ? norm : 0);
        return beyond.MoveToOuterDisposeScope();
    }

    // Twice is enough (Parlett 1980, The Symmetric Eigenvalue Problem, §6.9).
    Tensor BeyondBasis(Tensor v)
    {
        using var scope = NewDisposeScope();
        var rest = v.clone();
        for (var pass = 0; pass < 2; pass++)
            foreach (var q in _basis)
                using (NewDisposeScope())
                    rest.sub_(q * (q * rest).sum());
        return rest.MoveToOuterDisposeScope();
    }

    bool Converged(int wanted, double tolerance)
    {
        var found = Eigenvalues(wanted);
        return found.All(eigenvalue => eigenvalue.Residual <= tolerance * Math.Abs(found[0].Value));
    }

    // Of the tridiagonal matrix, whose lower half is all that eigh reads.
    HessianEigenvalue[] Eigenvalues(int wanted)
    {
        using var scope = NewDisposeScope();
        var lower = diag(tensor(_diagonal.ToArray())) + diag(tensor(_beside.SkipLast(1).ToArray()), -1);
        var (ascending, vectors) = linalg.eigh(lower);
        var found = ascending.data<double>().Zip(vectors[-1].data<double>(), (value, last) => new HessianEigenvalue(value, Math.Abs(_beside[^1] * last)));
        return [.. found.Reverse().Take(wanted)];
    }
}
