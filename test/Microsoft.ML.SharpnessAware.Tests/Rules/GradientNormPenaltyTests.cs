namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class GradientNormPenaltyTests
{
    [TestMethod]
    public void Direction_is_that_of_the_oracle() =>
        Near.Equal([5.8728, 9.5808], ClosedForm.Quartic(3, 4).Direction(new GradientNormPenalty(new Sam(0.5))), 1e-9);

    [TestMethod]
    [DataRow(0, 0)]
    [DataRow(1, 1e-14)]
    public void Direction_with_alpha_0_is_the_base_optimizers_and_with_1_the_inner_rules(double alpha, double tolerance)
    {
        using var penalty = Toy.At(1, 1);
        using var twin = Toy.At(1, 1);
        var first = Run.Steps(penalty, new GradientNormPenalty(new Sam(0.5), alpha), _ => penalty.Quartic(3, 4), steps: 5, learningRate: 0.01);
        var second = Run.Steps(twin, alpha == 0 ? new Plain() : new Sam(0.5), _ => twin.Quartic(3, 4), steps: 5, learningRate: 0.01);
        Near.Equal(second[^1], first[^1], tolerance, "g + (p − g) is p to rounding");
    }

    [TestMethod]
    public void Constructor_with_a_wrong_number_names_it() =>
        Assert.Contains("Alpha must be from 0 to 1, but was 1.5.", Assert.Throws<ArgumentOutOfRangeException>(() => new GradientNormPenalty(Alpha: 1.5)).Message);
}
