namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class CrSamTests
{
    const double Printed = 1e-9; // sam-family's oracles have ten digits.

    [TestMethod]
    public void Direction_on_a_quartic_is_that_of_the_authors_code()
    {
        var world = ClosedForm.Quartic(3, 4);
        Near.Equal([6.80862, 11.46112], world.Direction(new CrSam(0.5, Gamma: 0.1, Beta: 0.01)), Printed);
        Assert.AreEqual((3, 0), (world.GradientPasses, world.ForwardPasses));
        Near.Equal([1, 1], world.Points[0], 0);
        Near.Equal([0.7, 0.6], world.Points[1], 1e-12, "the floor under the norm");
        Near.Equal([1.3, 1.4], world.Points[2], 1e-12);
    }

    [TestMethod]
    public void Direction_with_logarithms_is_that_of_the_oracle()
    {
        var world = ClosedForm.Quartic(3, 4);
        Near.Equal([6.658797489, 11.13129099], world.Direction(new CrSam(0.5, Gamma: 0.1, Beta: 0.01) { Normalization = CrSamNormalization.Log }), 1e-8, "printed with ten digits");
        Assert.AreEqual((3, 0), (world.GradientPasses, world.ForwardPasses));
    }

    [TestMethod]
    [DataRow(CrSamNormalization.None, 0.9319138, 0.8853888)]
    [DataRow(CrSamNormalization.Log, 0.9334120251, 0.8886870901)]
    public void Step_on_a_quartic_leads_where_the_oracle_does(CrSamNormalization normalization, double first, double second)
    {
        using var toy = Toy.At(1, 1);
        var rule = new CrSam(0.5, Gamma: 0.1, Beta: 0.01) { Normalization = normalization };
        Near.Equal([first, second], Run.Steps(toy, rule, _ => toy.Quartic(3, 4), learningRate: 0.01)[0], Printed);
    }

    [TestMethod]
    [DataRow(CrSamNormalization.None)]
    [DataRow(CrSamNormalization.Log)]
    public void Direction_without_penalties_is_that_of_Sam_in_three_passes(CrSamNormalization normalization)
    {
        var world = ClosedForm.Quartic(3, 4);
        var rule = new CrSam(0.5, Gamma: 0, Beta: 0) { Normalization = normalization };
        Near.Equal(ClosedForm.Quartic(3, 4).Direction(new Sam(0.5)), world.Direction(rule), 0);
        Assert.AreEqual(3, world.GradientPasses);
    }

    [TestMethod]
    public void Curvature_counts_nothing_on_a_quadratic()
    {
        static double[] Direction(double gamma) => new ClosedForm([1, 1], w => 0.5 * (tensor(new double[] { 3, 4 }) * w.square()).sum().reshape(1)).Direction(new CrSam(0.5, gamma, Beta: 0));
        Near.Equal([3.9, 5.6], Direction(0), 1e-11, "the floor under the norm");
        Near.Equal(Direction(0), Direction(1), 1e-14, "to rounding");
    }

    [TestMethod]
    [DataRow(CrSamNormalization.None)]
    [DataRow(CrSamNormalization.Log)]
    public void Rho_0_is_plain_bit_for_bit_in_both_forms(CrSamNormalization normalization)
    {
        var plain = ClosedForm.Quartic(3, 4).Direction(new Plain());
        CollectionAssert.AreEqual(plain, ClosedForm.Quartic(3, 4).Direction(new CrSam(0) { Normalization = normalization }));
    }

    [TestMethod]
    public void Direction_with_logarithms_leaves_out_what_has_none()
    {
        // −¼ w⁴ bends down, so that its curvature has no logarithm; its slope has.
        static double[] Direction(double gamma, double beta) =>
            new ClosedForm([1, 1], w => 7 - 0.25 * w.pow(4).sum().reshape(1)).Direction(new CrSam(0.5, gamma, beta) { Normalization = CrSamNormalization.Log });
        Near.Equal(Direction(0, 0), Direction(1, 0), 0);
        Assert.AreNotEqual(Direction(0, 0)[0], Direction(0, 1)[0]);

        // At a gradient of 0 there is nowhere to climb to, and all differences are 0.
        var flat = new ClosedForm([0, 0], w => w.pow(4).sum().reshape(1)).Direction(new CrSam(0.5, 1, 1) { Normalization = CrSamNormalization.Log });
        Near.Equal([0, 0], flat, 0);
    }

    [TestMethod]
    public void Report_tells_of_the_loss_above()
    {
        using var toy = Toy.At(1, 1);
        using var step = new SamTrainStep(toy, new CrSam(0.5), Run.PlainSgd);
        var report = step.Run(() => toy.Quartic(3, 4), learningRate: 0.01, seed: 0);
        Assert.AreEqual(1.75, report.Loss, 1e-15);
        Assert.AreEqual(5.983675, report.PerturbedLoss, 1e-11, "at w + ε, to the floor under the norm");
        Assert.AreEqual(0.5, report.EpsilonNorm, 1e-12);
        Assert.AreEqual((3, 0), (report.Passes, report.ForwardPasses));
    }

    [TestMethod]
    public void Excluded_weights_stay_in_every_pass()
    {
        using var toy = new Toy(("weight", [1]), ("bias", [1]));
        using var step = new SamTrainStep(toy, new CrSam(0.5), Run.PlainSgd, new StepSettings { PerturbedWeights = new NoBiases() });
        var seen = new List<double[]>();
        step.Run(() =>
        {
            seen.Add(toy.Values);
            return toy.Quartic(3, 4);
        }, learningRate: 0.01, seed: 0);
        CollectionAssert.AreEqual(new double[] { 1, 1, 1 }, seen.Select(w => w[1]).ToArray());
        Near.Equal([1, 0.5, 1.5], [.. seen.Select(w => w[0])], 1e-12);
    }

    [TestMethod]
    public void Constructor_with_a_wrong_number_names_it()
    {
        Assert.Contains("Gamma must be finite and 0 or more, but was -1.", Assert.Throws<ArgumentOutOfRangeException>(() => new CrSam(Gamma: -1)).Message);
        Assert.Contains("Normalization must be None or Log, but was 2.", Assert.Throws<ArgumentOutOfRangeException>(() => new CrSam { Normalization = (CrSamNormalization)2 }).Message);
    }
}
