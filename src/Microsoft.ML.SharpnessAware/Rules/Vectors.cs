namespace Microsoft.ML.SharpnessAware;

/// <summary>What the papers write about vectors.</summary>
internal static class Vectors
{
    const double Floor = 1e-12;

    // Under a norm that is not to be changed by it, in float32 as well.
    const double TinyFloor = 1e-30;

    /// <summary>v / ‖v‖₂; zero for the zero vector, which the floor under the norm sees to.</summary>
    public static Tensor Unit(this Tensor v, double floor = Floor) => v / (v.norm() + floor);

    /// <summary>The vector of that length along v, the length being a scalar, or one for each element; zero for the zero vector. One pass over memory where the length is a scalar.</summary>
    public static Tensor OfLength(this Tensor v, Tensor length, double floor = Floor) => v * (length / (v.norm() + floor));

    /// <summary>What is left of v without its part along a vector: v − ⟨v, u⟩ u, u = along / ‖along‖. All of v where that is the zero vector.</summary>
    public static Tensor OrthogonalTo(this Tensor v, Tensor along)
    {
        var u = along.Unit(TinyFloor);
        return v - (v * u).sum() * u;
    }

    /// <summary>How far from w the two gradients of a central difference are best taken: where truncation and rounding are of one size, in proportion to the cube root of the smallest relative difference.</summary>
    public static Tensor DifferenceStep(this Tensor w)
    {
        var precision = w.dtype == ScalarType.Float64 ? Math.ScaleB(1, -52) : Math.ScaleB(1, -23);
        return Math.Cbrt(precision) / 10 * (1 + w.norm());
    }

    /// <summary>The vector u of ‖u‖ₚ = length with the largest u·v, the length being a scalar, or one for each element; zero for the zero vector.</summary>
    public static Tensor Steepest(this Tensor v, double p, Tensor length, double floor = Floor) => p switch
    {
        2 => v.OfLength(length, floor),
        1 => length * v.Largest(),
        double.PositiveInfinity => length * v.sign(),
        _ => length * v.SteepestUnitByHoelder(p),
    };

    // sign(v) |v|^(q−1) / (Σ|v|^q)^(1/p), 1/p + 1/q = 1. Dividing by the largest element first changes nothing but overflow.
    static Tensor SteepestUnitByHoelder(this Tensor v, double p)
    {
        var q = p / (p - 1);
        var size = v.abs();
        size = size / (size.max() + Floor);
        return v.sign() * size.pow(q - 1) / (size.pow(q).sum().pow(1 / p) + Floor);
    }

    // The first of the elements of largest size, and of no other.
    static Tensor Largest(this Tensor v) => v.sign() * arange(v.numel(), device: v.device).eq(v.abs().argmax());
}

/// <summary>What a rule does in some steps only.</summary>
internal static class Cadence
{
    /// <summary>True in the first step in which the rule is asked, and in every so many of those after it. To be called once a step: it counts.</summary>
    public static bool IsDueEvery(this SamStep step, int steps)
    {
        var done = step.RecallNumber("done") ?? 0;
        step.Remember("done", (done + 1) % steps);
        return done == 0;
    }
}
