namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class GsamTests
{
    const double Printed = 1e-9;

    [TestMethod]
    public void Direction_is_that_of_the_authors_code() =>
        Near.Equal([6.415184568, 11.08157576], ClosedForm.Quartic(3, 4).Direction(new Gsam(new Sam(0.5), Alpha: 0.4)), 5e-9, "ten digits, two of them before the point");

    [TestMethod]
    public void Step_follows_the_authors_code()
    {
        using var toy = Toy.At(1, 1);
        Near.Equal([0.9358481543, 0.8891842424], Run.Steps(toy, new Gsam(new Sam(0.5), Alpha: 0.4), _ => toy.Quartic(3, 4), learningRate: 0.01)[0], Printed);
    }

    [TestMethod]
    public void Direction_with_alpha_0_is_that_of_the_inner_rule()
    {
        using var gsam = Toy.At(1, 1);
        using var inner = Toy.At(1, 1);
        var first = Run.Steps(gsam, new Gsam(new Asam(0.5), Alpha: 0), _ => gsam.Quartic(3, 4), steps: 5, learningRate: 0.01);
        var second = Run.Steps(inner, new Asam(0.5), _ => inner.Quartic(3, 4), steps: 5, learningRate: 0.01);
        Near.Equal(second[^1], first[^1], tolerance: 0);
    }

    [TestMethod]
    public void Direction_goes_down_the_perturbed_loss_as_fast_as_the_inner_rule_whatever_alpha()
    {
        double[] perturbed = [6.591, 10.976];
        var squared = perturbed.Sum(p => p * p);
        foreach (var alpha in new[] { 0.4, 1, 3 })
        {
            var direction = ClosedForm.Quartic(3, 4).Direction(new Gsam(new Sam(0.5), alpha));
            Assert.AreEqual(squared, direction.Zip(perturbed, (d, p) => d * p).Sum(), 1e-9, "what is taken away lies across p; ε has a floor of 1e-12 under ‖g‖");
        }
    }

    [TestMethod]
    public void Direction_at_a_zero_gradient_leaves_the_weights()
    {
        using var toy = Toy.At(0, 0);
        Near.Equal([0, 0], Run.Steps(toy, new Gsam(new Sam(0.5)), _ => toy.Quartic(3, 4))[0], tolerance: 0);
    }

    [TestMethod]
    public void Constructor_with_a_wrong_number_names_it() =>
        Assert.Contains("Alpha must be finite and 0 or more, but was -0.5.", Assert.Throws<ArgumentOutOfRangeException>(() => new Gsam(Alpha: -0.5)).Message);
}
