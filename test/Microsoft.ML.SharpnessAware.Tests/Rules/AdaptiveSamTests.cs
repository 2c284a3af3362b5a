namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class AdaptiveSamTests
{
    const double Printed = 1e-9;

    // ‖g‖² = 25 at w = (1, 1) on the quartic (3, 4), after μ = 30 and σ² = 100.
    [TestMethod]
    [DataRow(0, 39.0929661732, 1, DisplayName = "c = 1, at the beginning")]
    [DataRow(5, 29.5, 1, DisplayName = "c = 0, half way")]
    [DataRow(10, 19.9070338268, 2, DisplayName = "c = -1, at the end")]
    public void Direction_compares_with_the_bound_of_the_oracle(double epoch, double bound, int passes)
    {
        var (world, memory) = Oracle();
        Near.Equal(passes == 2 ? [6.591, 10.976] : [3, 4], world.Direction(new AdaptiveSam(new Sam(0.5)), memory, epoch: epoch, epochs: 10), Printed);
        Assert.AreEqual(passes, world.GradientPasses);

        var (mu, variance) = (memory.Recall("mu")!.item<double>(), memory.Recall("variance")!.item<double>());
        Assert.AreEqual(29.5, mu, Printed);
        Assert.AreEqual(92.025, variance, Printed);
        Assert.AreEqual(bound, mu + (1 - epoch / 5) * Math.Sqrt(variance), Printed);
        memory.Dispose();
    }

    [TestMethod]
    public void Direction_climbs_from_the_bound_on()
    {
        var exactly = (25 - 29.5) / Math.Sqrt(92.025);
        Assert.AreEqual(2, Passes(exactly - Printed));
        Assert.AreEqual(1, Passes(exactly + Printed));

        static int Passes(double lambda2)
        {
            var (world, memory) = Oracle();
            using (memory)
                world.Direction(new AdaptiveSam(new Sam(0.5), Lambda2: lambda2), memory);
            return world.GradientPasses;
        }
    }

    [TestMethod]
    public void Direction_of_the_first_step_climbs_and_begins_the_means()
    {
        using var memory = new RuleMemory();
        var world = ClosedForm.Quartic(3, 4);
        Near.Equal([6.591, 10.976], world.Direction(new AdaptiveSam(new Sam(0.5)), memory), Printed);
        Assert.AreEqual(25, memory.Recall("mu")!.item<double>(), Printed);
        Assert.AreEqual(0, memory.Recall("variance")!.item<double>(), Printed);
    }

    [TestMethod]
    public void Direction_with_a_bound_that_is_never_reached_is_plain_after_the_first_step()
    {
        Compare(new AdaptiveSam(new Sam(0.5), Lambda1: 1e9, Lambda2: 1e9), new Plain(), from: 1);
    }

    [TestMethod]
    public void Direction_with_a_bound_that_is_always_reached_is_that_of_the_inner_rule() =>
        Compare(new AdaptiveSam(new Sam(0.5), Lambda1: -1e9, Lambda2: -1e9), new Sam(0.5), from: 0);

    [TestMethod]
    public void Constructor_with_a_wrong_number_names_it()
    {
        Assert.Contains("Lambda1 must be finite, but was NaN.", Assert.Throws<ArgumentOutOfRangeException>(() => new AdaptiveSam(Lambda1: double.NaN)).Message);
        Assert.Contains("Lambda2 must be finite, but was Infinity.", Assert.Throws<ArgumentOutOfRangeException>(() => new AdaptiveSam() with { Lambda2 = double.PositiveInfinity }).Message);
        Assert.Contains("Delta must be from 0 to 1, but was 2.", Assert.Throws<ArgumentOutOfRangeException>(() => new AdaptiveSam(Delta: 2)).Message);
    }

    static (ClosedForm World, RuleMemory Memory) Oracle()
    {
        var memory = new RuleMemory();
        memory.Remember("mu", tensor(30.0));
        memory.Remember("variance", tensor(100.0));
        memory.Commit();
        return (ClosedForm.Quartic(3, 4), memory);
    }

    static void Compare(AdaptiveSam rule, SharpnessRule expected, int from)
    {
        using var toy = Toy.At(1, 1);
        using var twin = Toy.At(1, 1);
        var steps = Run.Steps(toy, rule, _ => toy.Quartic(3, 4), steps: 6, learningRate: 0.01);
        for (var i = 0; i < steps.Length; i++)
            Near.Equal(Run.Steps(twin, i < from ? rule.Inner : expected, _ => twin.Quartic(3, 4), learningRate: 0.01)[0], steps[i], tolerance: 0);
    }
}
