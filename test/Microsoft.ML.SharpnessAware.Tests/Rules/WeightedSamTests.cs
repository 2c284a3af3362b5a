namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class WeightedSamTests
{
    const double Printed = 1e-9;

    static readonly Sgd Momentum = new(Momentum: 0.9, WeightDecay: 0);

    [TestMethod]
    [DataRow(0.9, true, 0.64681, 0.33216)]
    [DataRow(0.9, false, 0.64681, 0.33216)]
    [DataRow(0.5, true, 0.93409, 0.89024)]
    [DataRow(0.5, false, 0.93409, 0.89024)]
    public void Step_follows_the_authors_code(double gamma, bool decoupled, double first, double second)
    {
        using var toy = Toy.At(1, 1);
        var steps = Run.Steps(toy, new WeightedSam(new Sam(0.5), gamma, decoupled), _ => toy.Quartic(3, 4), learningRate: 0.01);
        Near.Equal([first, second], steps[0], Printed);
    }

    [TestMethod]
    [DataRow(true, 0.2859441959, 0.2810227426)]
    [DataRow(false, -0.004926804097, -0.2840332574)]
    public void Second_step_with_momentum_follows_the_authors_code(bool decoupled, double first, double second)
    {
        using var toy = Toy.At(1, 1);
        var steps = Run.Steps(toy, new WeightedSam(new Sam(0.5), Decoupled: decoupled), _ => toy.Quartic(3, 4), steps: 2, learningRate: 0.01, Momentum);
        Near.Equal([0.64681, 0.33216], steps[0], Printed);
        Near.Equal([first, second], steps[1], Printed);
    }

    [TestMethod]
    public void Direction_coupled_with_gamma_one_half_is_that_of_the_inner_rule()
    {
        using var weighted = Toy.At(1, 1);
        using var inner = Toy.At(1, 1);
        var first = Run.Steps(weighted, new WeightedSam(new Asam(0.5), Gamma: 0.5, Decoupled: false), _ => weighted.Quartic(3, 4), steps: 5, learningRate: 0.01, Momentum);
        var second = Run.Steps(inner, new Asam(0.5), _ => inner.Quartic(3, 4), steps: 5, learningRate: 0.01, Momentum);
        Near.Equal(second[^1], first[^1], 1e-14, "g + (p − g) is p to rounding");
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Direction_with_gamma_0_is_that_of_the_base_optimizer(bool decoupled)
    {
        using var weighted = Toy.At(1, 1);
        using var plain = Toy.At(1, 1);
        var first = Run.Steps(weighted, new WeightedSam(new Sam(0.5), Gamma: 0, decoupled), _ => weighted.Quartic(3, 4), steps: 5, learningRate: 0.01, Momentum);
        var second = Run.Steps(plain, new Plain(), _ => plain.Quartic(3, 4), steps: 5, learningRate: 0.01, Momentum);
        Near.Equal(second[^1], first[^1], tolerance: 0);
    }

    [TestMethod]
    public void Constructor_with_a_wrong_number_names_it() =>
        Assert.Contains("Gamma must be 0 or more and less than 1, but was 1.", Assert.Throws<ArgumentOutOfRangeException>(() => new WeightedSam(Gamma: 1)).Message);
}
