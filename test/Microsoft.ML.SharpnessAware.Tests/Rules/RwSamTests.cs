namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class RwSamTests
{
    const double Printed = 1e-9; // sam-family's oracles have ten digits.

    static readonly double OracleProbe = 1e-3 * Math.Sqrt(2);

    [TestMethod]
    public void Direction_on_three_squares_is_that_of_the_oracle()
    {
        var world = Squares();
        Near.Equal([1.538227859, 3.180524028], world.Direction(new RwSam(new Sam(0.5), Lambda: 0.5, OracleProbe)), Printed);
        Assert.AreEqual((2, 2), (world.GradientPasses, world.ForwardPasses));
        Near.Equal([1, 1], world.Points[0], 0, "the first pass is at w");
        Near.Equal([1.001, 0.999], world.Points[1], 1e-15);
        Near.Equal([1, 1], world.Points[2], 0);
    }

    [TestMethod]
    public void Direction_with_lambda_0_is_that_of_Sam() =>
        Near.Equal(Squares().Direction(new Sam(0.5)), Squares().Direction(new RwSam(new Sam(0.5), Lambda: 0)), 1e-14, "the same mean, summed in another order");

    [TestMethod]
    public void Direction_with_one_example_is_that_of_Sam() =>
        Near.Equal(ClosedForm.Quartic(3, 4).Direction(new Sam(0.5)), Quartic().Direction(new RwSam(new Sam(0.5))), 0);

    [TestMethod]
    public void Direction_with_a_large_lambda_climbs_along_the_example_of_largest_gradient()
    {
        var world = Squares();
        var direction = world.Direction(new RwSam(new Sam(0.5), Lambda: 1e6, OracleProbe));
        Near.Equal([1, 1.5], world.Points[^1], 1e-12, "the second example's gradient is (0, 6); exp(λ·6) alone would overflow");
        Near.Equal([4.0 / 3 + 0.5 / 3, 7.0 / 3 + 0.5 * 5 / 3], direction, 1e-11);
    }

    [TestMethod]
    public void Direction_with_weights_from_exact_norms_is_that_of_the_oracle()
    {
        var world = Squares();
        var direction = world.Direction(new Weighed());
        Near.Equal([1.06263717629, 1.496061069], world.Points[^1], 1e-9, "printed with ten digits");
        Near.Equal([1.540445141, 3.18098084], direction, 2e-9);
    }

    [TestMethod]
    public void Direction_takes_epsilon_from_the_inner_rule()
    {
        var world = Squares();
        world.Direction(new RwSam(new Asam(0.5) { P = double.PositiveInfinity }));
        Near.Equal([1.505, 1.505], world.Points[^1], 1e-12, "ρ (|w| + η) each");
    }

    [TestMethod]
    public void Direction_leaves_excluded_weights_unmoved_in_every_pass()
    {
        using var toy = new Toy(("weight", [1]), ("bias", [1]));
        using var step = new SamTrainStep(toy, new RwSam(new Sam(0.5)), Run.PlainSgd, new StepSettings { PerturbedWeights = new NoBiases() });
        var seen = new List<double[]>();
        step.Run(new ExampleLosses(2, () =>
        {
            seen.Add(toy.Values);
            return toy.W.square() * tensor(new double[] { 1, 2 });
        }), new StepMoment { Seed = 0 });
        Assert.HasCount(4, seen);
        Assert.IsTrue(seen.TrueForAll(w => w[1] == 1));
        Assert.AreEqual(0.5, Math.Abs(seen[1][0] - 1), 1e-11, "the whole probe falls to the perturbed weight");
    }

    [TestMethod]
    public void Constructor_with_a_wrong_number_names_it() =>
        Assert.Contains("Probe must be finite and more than 0, but was 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new RwSam(Probe: 0)).Message);

    /// <summary>What RW-SAM would do if it knew the norms, which are 3, 6 and √2.</summary>
    sealed record Weighed : SharpnessRule
    {
        public override Tensor Direction(SamStep step)
        {
            var weights = (0.5 * tensor(new double[] { 3, 6, Math.Sqrt(2) })).softmax(0);
            Near.Equal([0.168514067, 0.7552276522, 0.07625828086], weights.data<double>().ToArray(), 1e-10, "printed with ten digits");
            var g = step.GradientAt(step.Weights, weights);
            Near.Equal([0.5818004818, 4.607624194], g.data<double>().ToArray(), 1e-9);
            return step.GradientAt(step.Weights + new Sam(0.5).Epsilon(step, g));
        }
    }

    static ClosedForm Squares() => ClosedForm.ThreeSquares(plusMinus: [1, -1]);

    static ClosedForm Quartic() => new([1, 1], w => 0.25 * (tensor(new double[] { 3, 4 }) * w.pow(4)).sum().reshape(1)) { PlusMinus = [1, -1] };
}
