namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class SamTests
{
    // The oracles are printed with ten digits.
    const double Printed = 1e-9;
    const double Infinity = double.PositiveInfinity;

    [TestMethod]
    [DataRow(2, 0.61, 0.44)]
    [DataRow(Infinity, 0.55, 0.4)]
    [DataRow(1, 0.7, 0.4)]
    [DataRow(4, 0.5803187967, 0.424365055)]
    [DataRow(1.5, 0.6332722972, 0.4418306305)]
    public void Direction_on_a_quadratic_takes_the_step_of_the_oracle(double p, double first, double second)
    {
        using var toy = Toy.At(1, 1);
        var steps = Run.Steps(toy, new Sam(Rho: 0.5, P: p), _ => toy.Quadratic(3, 4));
        Near.Equal([first, second], steps[0], Printed);
    }

    [TestMethod]
    [DataRow(4, 0.3989373442, 0.4390873625)]
    [DataRow(1.5, 0.2224256759, 0.3954234238)]
    public void Epsilon_in_other_norms_is_that_of_the_oracle(double p, double first, double second)
    {
        using var toy = Toy.At(1, 1);
        Near.Equal([first, second], Run.Epsilon(toy, new Sam(0.5, p), () => toy.Quadratic(3, 4)), Printed);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(1.25)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(10)]
    [DataRow(Infinity)]
    public void Epsilon_has_p_norm_rho_and_reaches_rho_times_the_dual_norm(double p)
    {
        double[] h = [3, -4, 0.5, 2, 0], w = [1, 2, -1, 0.25, 7];
        using var toy = Toy.At(w);
        var epsilon = Run.Epsilon(toy, new Sam(0.5, p), () => toy.Quadratic(h));

        var g = h.Zip(w, (a, b) => a * b).ToArray();
        Assert.AreEqual(0.5, Norm(epsilon, p), 1e-12, "‖ε‖ₚ = ρ, to rounding");
        Assert.AreEqual(0.5 * Norm(g, Dual(p)), epsilon.Zip(g, (a, b) => a * b).Sum(), 1e-11, "ε·g = ρ‖g‖_q, to rounding");
    }

    [TestMethod]
    public void Epsilon_of_p_1_with_a_tie_moves_the_first_of_the_largest()
    {
        using var toy = Toy.At(-1, 1, 1);
        Near.Equal([-0.5, 0, 0], Run.Epsilon(toy, new Sam(0.5, 1), () => toy.Quadratic(4, 4, 1)), tolerance: 0);
    }

    [TestMethod]
    public void Epsilon_of_a_huge_gradient_does_not_overflow()
    {
        using var toy = Toy.At(1, 1);
        Near.Equal([0.3989373442, 0.4390873625], Run.Epsilon(toy, new Sam(0.5, 4), () => toy.Quadratic(3e250, 4e250)), Printed);
    }

    [TestMethod]
    public void Direction_with_momentum_and_coupled_weight_decay_follows_the_oracle()
    {
        using var toy = Toy.At(1, 1);
        var steps = Run.Steps(toy, new Sam(0.5), _ => toy.Quadratic(3, 4), steps: 3, optimizer: new Sgd(Momentum: 0.9, WeightDecay: 0.1));
        Near.Equal([0.6, 0.43], steps[0], Printed);
        Near.Equal([-0.05444860367, -0.3974715543], steps[1], Printed);
        Near.Equal([-0.6112428933, -0.7802798946], steps[2], Printed);
    }

    [TestMethod]
    public void Direction_with_decay_inside_the_loss_shapes_epsilon_as_well()
    {
        using var toy = Toy.At(1, 1);
        Tensor Loss() => toy.Quadratic(3, 4) + 0.05 * toy.W.square().sum();
        var capture = new Capture(new Sam(0.5));
        var steps = Run.Steps(toy, capture, _ => Loss());
        Near.Equal([0.3015541374, 0.3988296656], capture.Epsilons[0], Printed);
        Near.Equal([0.5965182174, 0.4264798371], steps[0], Printed);
    }

    [TestMethod]
    public void Direction_on_a_quartic_follows_the_oracle()
    {
        using var toy = Toy.At(1, 1);
        var steps = Run.Steps(toy, new Sam(0.5), _ => toy.Quartic(3, 4), learningRate: 0.01);
        Near.Equal([0.93409, 0.89024], steps[0], Printed);
    }

    [TestMethod]
    public void Direction_under_AdamW_follows_the_oracle()
    {
        using var toy = Toy.At(1, 1);
        var steps = Run.Steps(toy, new Sam(0.5), _ => toy.Quadratic(3, 4), steps: 2, optimizer: new AdamW(WeightDecay: 0.01));
        Near.Equal([0.8990000003, 0.8990000002], steps[0], Printed);
        Near.Equal([0.7983931044, 0.7983658963], steps[1], Printed);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    [DataRow(Infinity)]
    public void Direction_at_a_zero_gradient_leaves_the_weights(double p)
    {
        using var toy = Toy.At(0, 0);
        Near.Equal([0, 0], Run.Steps(toy, new Sam(0.5, p), _ => toy.Quadratic(3, 4))[0], tolerance: 0);
    }

    [TestMethod]
    public void Constructor_with_a_wrong_number_names_it()
    {
        Assert.Contains("Rho must be finite and 0 or more, but was -1.", Assert.Throws<ArgumentOutOfRangeException>(() => new Sam(-1)).Message);
        Assert.Contains("Rho must be finite and 0 or more, but was NaN.", Assert.Throws<ArgumentOutOfRangeException>(() => new Sam(double.NaN)).Message);
        Assert.Contains("Rho must be finite and 0 or more, but was -2.", Assert.Throws<ArgumentOutOfRangeException>(() => new Sam() with { Rho = -2 }).Message);
        Assert.Contains("P must be 1 or more", Assert.Throws<ArgumentOutOfRangeException>(() => new Sam(P: 0.5)).Message);
    }

    static double Dual(double p) => p == 1 ? Infinity : p == Infinity ? 1 : p / (p - 1);

    static double Norm(double[] v, double p) => p == Infinity ? v.Max(Math.Abs) : Math.Pow(v.Sum(x => Math.Pow(Math.Abs(x), p)), 1 / p);
}
