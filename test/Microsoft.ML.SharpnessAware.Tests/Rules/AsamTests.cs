namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class AsamTests
{
    const double Printed = 1e-9;

    [TestMethod]
    public void Epsilon_without_eta_is_that_of_the_oracle()
    {
        using var toy = Toy.At(1, 2);
        var capture = new Capture(new Asam(0.5, Eta: 0));
        var steps = Run.Steps(toy, capture, _ => toy.Quadratic(3, 1));
        Near.Equal([0.3, 0.8], capture.Epsilons[0], Printed);
        Near.Equal([0.61, 1.72], steps[0], Printed);
    }

    [TestMethod]
    public void Epsilon_with_eta_is_that_of_the_authors_code()
    {
        using var toy = Toy.At(1, 2);
        var capture = new Capture(new Asam(0.5, Eta: 0.01));
        var steps = Run.Steps(toy, capture, _ => toy.Quadratic(3, 1));
        Near.Equal([0.3039621876, 0.8025602942], capture.Epsilons[0], Printed);
        Near.Equal([0.6088113437, 1.719743971], steps[0], Printed);
    }

    [TestMethod]
    public void Epsilon_of_a_bias_is_not_scaled_by_its_size()
    {
        using var toy = new Toy(("weight", [1]), ("bias", [2]));
        var capture = new Capture(new Asam(0.5, Eta: 0.01));
        var steps = Run.Steps(toy, capture, _ => toy.Quadratic(3, 1));
        Near.Equal([0.4214649602, 0.2754402903], capture.Epsilons[0], Printed);
        Near.Equal([0.5735605119, 1.772455971], steps[0], Printed);
    }

    [TestMethod]
    public void Epsilon_scales_each_element_by_itself()
    {
        using var toy = Toy.At(3, 4, 0, 2);
        Near.Equal([0.2127898097, 0.25219533, 0, 0.0630488325], Run.Epsilon(toy, new Asam(0.1, Eta: 0), () => toy.Quadratic(1, 0.5, 2, 1)), Printed);
    }

    [TestMethod]
    [DataRow(1, 0.2535092249)]
    [DataRow(10, 4.0002249986)]
    public void Sharpness_does_not_change_when_a_layer_is_rescaled_and_that_of_Sam_does(double scale, double ofSam)
    {
        Assert.AreEqual(0.3357211396, Sharpness(new Asam(0.1, Eta: 0), scale), Printed);
        Assert.AreEqual(ofSam, Sharpness(new Sam(0.1), scale), Printed);
    }

    [TestMethod]
    public void Epsilon_of_a_zero_weight_moves_by_eta_alone()
    {
        using var toy = Toy.At(0, 1);
        Tensor Loss() => (toy.W * tensor(new double[] { 3, 4 })).sum();
        Near.Equal([0, 0.5], Run.Epsilon(toy, new Asam(0.5, Eta: 0), Loss), Printed);
        Assert.AreNotEqual(0, Run.Epsilon(toy, new Asam(0.5, Eta: 0.01), Loss)[0]);
    }

    [TestMethod]
    public void Epsilon_of_p_infinity_moves_each_weight_by_its_size()
    {
        using var toy = Toy.At(1, 2);
        var capture = new Capture(new Asam(0.5, Eta: 0) { P = double.PositiveInfinity });
        var steps = Run.Steps(toy, capture, _ => toy.Quadratic(3, 1));
        Near.Equal([0.5, 1], capture.Epsilons[0], Printed);
        Near.Equal([0.55, 1.7], steps[0], Printed);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(1.5)]
    [DataRow(2)]
    [DataRow(4)]
    [DataRow(double.PositiveInfinity)]
    public void Epsilon_over_T_has_p_norm_rho_and_reaches_rho_times_the_dual_norm_of_Tg(double p)
    {
        double[] h = [3, -4, 0.5, 2], w = [1, 2, -1, 0.25];
        using var toy = Toy.At(w);
        var epsilon = Run.Epsilon(toy, new Asam(0.5) { P = p }, () => toy.Quadratic(h));

        var t = w.Select(x => Math.Abs(x) + 0.01).ToArray();
        var g = h.Zip(w, (a, b) => a * b).ToArray();
        var q = p == 1 ? double.PositiveInfinity : p == double.PositiveInfinity ? 1 : p / (p - 1);
        Assert.AreEqual(0.5, Norm(epsilon.Zip(t, (e, s) => e / s), p), 1e-12, "‖T⁻¹ε‖ₚ = ρ, to rounding");
        Assert.AreEqual(0.5 * Norm(g.Zip(t, (a, s) => a * s), q), epsilon.Zip(g, (a, b) => a * b).Sum(), 1e-11, "ε·g = ρ‖Tg‖_q, to rounding");
    }

    [TestMethod]
    public void Epsilon_by_filter_is_that_of_the_oracle()
    {
        using var toy = new Toy(("conv_weight", [3, 4, 0, 2], [2, 2, 1]));
        var capture = new Capture(new Asam(0.1, Eta: 0) { Operator = AsamOperator.Filter });
        var steps = Run.Steps(toy, capture, _ => toy.Quadratic(1, 0.5, 2, 1));
        Near.Equal([0.4061477708, 0.2707651805, 0, 0.04332242889], capture.Epsilons[0], Printed);
        Near.Equal([2.659385223, 3.786461741, 0, 1.795667757], steps[0], Printed);
    }

    [TestMethod]
    public void Epsilon_by_filter_takes_rows_of_matrices_for_filters_if_told_to()
    {
        using var toy = new Toy(("fc_weight", [3, 4, 0, 2], [2, 2]));
        var byElement = new Asam(0.1, Eta: 0);
        var byFilter = byElement with { Operator = AsamOperator.Filter };
        Tensor Loss() => toy.Quadratic(1, 0.5, 2, 1);
        Near.Equal(Run.Epsilon(toy, byElement, Loss), EpsilonAnew(byFilter), tolerance: 0);
        Near.Equal([0.4061477708, 0.2707651805, 0, 0.04332242889], EpsilonAnew(byFilter with { FilterRows = true }), Printed);

        static double[] EpsilonAnew(Asam rule)
        {
            using var fresh = new Toy(("fc_weight", [3, 4, 0, 2], [2, 2]));
            return Run.Epsilon(fresh, rule, () => fresh.Quadratic(1, 0.5, 2, 1));
        }
    }

    [TestMethod]
    public void Epsilon_by_filter_goes_by_single_weights_outside_filters_and_by_1_on_biases()
    {
        using var toy = new Toy(("conv_weight", [3, 4], [1, 1, 2]), ("norm_weight", [2, 1], [2]), ("bias", [5], [1]));
        // T = 5, 5 | 2, 1 | 1 and g = 1, so that ε = ρ T² / ‖T‖.
        var norm = Math.Sqrt(25 + 25 + 4 + 1 + 1);
        var epsilon = Run.Epsilon(toy, new Asam(0.1, Eta: 0) { Operator = AsamOperator.Filter }, () => toy.W.sum());
        Near.Equal([2.5 / norm, 2.5 / norm, 0.4 / norm, 0.1 / norm, 0.1 / norm], epsilon, 1e-12);
    }

    [TestMethod]
    public void Epsilon_by_layer_measures_against_the_norm_of_each_parameter()
    {
        using var toy = new Toy(("conv_weight", [3, 4], [2, 1, 1]), ("fc_weight", [0, 2], [1, 2]), ("bias", [7], [1]));
        // T = 5 + η, 5 + η | 2 + η, 2 + η | 1 and g = 1; with biases, 7 + η at the end.
        var authors = new[] { 5.5, 5.5, 2.5, 2.5, 1 };
        var all = new[] { 5.5, 5.5, 2.5, 2.5, 7.5 };
        var rule = new Asam(0.1, Eta: 0.5) { Operator = AsamOperator.Layer };
        Near.Equal(Expected(authors), Run.Epsilon(toy, rule, () => toy.W.sum()), 1e-12);
        using var fresh = new Toy(("conv_weight", [3, 4], [2, 1, 1]), ("fc_weight", [0, 2], [1, 2]), ("bias", [7], [1]));
        Near.Equal(Expected(all), Run.Epsilon(fresh, rule with { ScaleBiases = true }, () => fresh.W.sum()), 1e-12);

        static double[] Expected(double[] t) => [.. t.Select(s => 0.1 * s * s / Math.Sqrt(t.Sum(x => x * x)))];
    }

    [TestMethod]
    public void Davda54_has_no_eta_and_scales_biases()
    {
        Assert.AreEqual(new Asam(2, 0) { ScaleBiases = true }, Asam.Davda54());
        using var toy = new Toy(("weight", [1]), ("bias", [2]));
        Near.Equal([0.3, 0.8], Run.Epsilon(toy, Asam.Davda54(0.5), () => toy.Quadratic(3, 1)), Printed);
    }

    [TestMethod]
    public void Davda54_has_the_floor_of_its_code_under_a_small_gradient()
    {
        using var toy = new Toy(("weight", [1]));
        // ε = ρ w²g / (‖wg‖ + 1e-12), of g = 1e-12: half of ρ. The authors' own code has 1e-16 there.
        Near.Equal([0.25], Run.Epsilon(toy, Asam.Davda54(0.5), () => toy.W.sum() * 1e-12), 1e-12);
        Near.Equal([0.5], Run.Epsilon(toy, new Asam(0.5, Eta: 0), () => toy.W.sum() * 1e-12), 1e-4);
    }

    [TestMethod]
    public void Constructor_with_a_wrong_number_names_it()
    {
        Assert.Contains("Rho must be finite and 0 or more, but was -1.", Assert.Throws<ArgumentOutOfRangeException>(() => new Asam(-1)).Message);
        Assert.Contains("Eta must be finite and 0 or more, but was Infinity.", Assert.Throws<ArgumentOutOfRangeException>(() => new Asam(Eta: double.PositiveInfinity)).Message);
        Assert.Contains("P must be 1 or more (double.PositiveInfinity for the largest element), but was 0.5.", Assert.Throws<ArgumentOutOfRangeException>(() => new Asam { P = 0.5 }).Message);
        Assert.Contains("Operator must be Element, Filter or Layer, but was 7.", Assert.Throws<ArgumentOutOfRangeException>(() => new Asam { Operator = (AsamOperator)7 }).Message);
    }

    // How much the loss ½(w₁w₂ − 1)² rises from w = (2a, 1/a) to w + ε; what the network computes does not depend on a.
    static double Sharpness(Ascent rule, double a)
    {
        using var toy = Toy.At(2 * a, 1 / a);
        var epsilon = Run.Epsilon(toy, rule, () => 0.5 * (toy.W[0] * toy.W[1] - 1).square());
        return Loss(2 * a + epsilon[0], 1 / a + epsilon[1]) - Loss(2 * a, 1 / a);

        static double Loss(double first, double second) => 0.5 * Math.Pow(first * second - 1, 2);
    }

    static double Norm(IEnumerable<double> v, double p) => p == double.PositiveInfinity ? v.Max(Math.Abs) : Math.Pow(v.Sum(x => Math.Pow(Math.Abs(x), p)), 1 / p);
}
