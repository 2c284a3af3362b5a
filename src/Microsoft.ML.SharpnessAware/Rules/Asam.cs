namespace Microsoft.ML.SharpnessAware;

/// <summary>ASAM: ε = ρ T²g / ‖Tg‖, T = |w| + η, relative to the size of the weights. Kwon et al. 2021, arXiv:2102.11600.</summary>
/// <remarks>As in the authors' code, T = 1 on every parameter whose name does not contain "weight", unless <see cref="ScaleBiases"/> is set.</remarks>
/// <param name="Rho">The radius ρ; the authors' default is 0.5.</param>
/// <param name="Eta">The stabiliser η; the authors' default is 0.01.</param>
public sealed record Asam(double Rho = 0.5, double Eta = 0.01) : Ascent
{
    // What each convention's code adds to ‖Tg‖.
    const double AuthorsFloor = 1e-16;
    const double Davda54Floor = 1e-12;

    /// <summary>The radius ρ of the perturbation, measured in units of the weights.</summary>
    public double Rho { get; init => field = Require.NotNegative(value); } = Require.NotNegative(Rho);

    /// <summary>The stabiliser η: lets a weight that is 0 be perturbed.</summary>
    public double Eta { get; init => field = Require.NotNegative(value); } = Require.NotNegative(Eta);

    /// <summary>The norm of T⁻¹ε that equals ρ: from 1 to infinity, both included; 2 by default.</summary>
    public double P { get; init => field = Require.That(value >= 1, value, "1 or more (double.PositiveInfinity for the largest element)"); } = 2;

    /// <summary>What T is made of: each weight by default.</summary>
    public AsamOperator Operator { get; init => field = Require.That(Enum.IsDefined(value), value, "Element, Filter or Layer"); }

    /// <summary>Whether, for <see cref="AsamOperator.Filter"/>, rows of parameters of two dimensions are filters too; false by default.</summary>
    public bool FilterRows { get; init; }

    /// <summary>Whether T scales biases as well; false by default, as in the authors' code.</summary>
    public bool ScaleBiases { get; init; }

    /// <summary>As in the widely used PyTorch implementation davda54/sam: T = |w| on all parameters, without η.</summary>
    /// <param name="rho">The radius ρ. 2.0 by default, the best value in a test by one of ASAM's authors (davda54/sam, issue 37).</param>
    public static Asam Davda54(double rho = 2) => new(rho, Eta: 0) { ScaleBiases = true };

    /// <inheritdoc/>
    protected override Tensor Find(SamStep step, Tensor g)
    {
        var t = Scale(step);
        return (t * g).Steepest(P, step.Scheduled(Rho), ScaleBiases && Eta == 0 ? Davda54Floor : AuthorsFloor).mul_(t);
    }

    Tensor Scale(SamStep step)
    {
        var w = step.Weights;
        var t = (Operator == AsamOperator.Element ? w.abs() : Sizes(w, step.Blocks)).add_(Eta);
        return ScaleBiases ? t : t.masked_fill_(step.IsWeight.logical_not(), 1);
    }

    Tensor Sizes(Tensor w, IReadOnlyList<WeightBlock> blocks)
    {
        var sizes = empty_like(w);
        foreach (var block in blocks)
            block.Of(sizes).copy_(Sizes(block.Of(w)));
        return sizes;
    }

    Tensor Sizes(Tensor w) => (Operator, w.dim()) switch
    {
        (AsamOperator.Layer, _) => w.norm(),
        (AsamOperator.Filter, >= 3) => RowNorms(w),
        (AsamOperator.Filter, 2) when FilterRows => RowNorms(w),
        _ => w.abs(),
    };

    static Tensor RowNorms(Tensor w) => w.flatten(1).norm(dim: 1).reshape([w.shape[0], .. Enumerable.Repeat(1L, (int)w.dim() - 1)]);
}

/// <summary>The size relative to which <see cref="Asam"/> measures the perturbation of a weight.</summary>
public enum AsamOperator
{
    /// <summary>The size of the weight itself.</summary>
    Element,

    /// <summary>The norm of its filter: of the slice, along the first dimension, of a parameter of three dimensions or more. For other weights, their own size.</summary>
    Filter,

    /// <summary>The norm of its whole parameter.</summary>
    Layer,
}
