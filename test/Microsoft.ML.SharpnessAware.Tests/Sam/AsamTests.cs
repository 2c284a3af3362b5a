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
    [DataRow(1)]
    [DataRow(10)]
    public void Sharpness_does_not_change_when_a_layer_is_rescaled(double scale)
    {
        using var toy = Toy.At(2 * scale, 1 / scale);
        Tensor Loss(Tensor w) => 0.5 * (w[0] * w[1] - 1).square();
        var epsilon = Run.Epsilon(toy, new Asam(0.1, Eta: 0), () => Loss(toy.W));

        // Run.Epsilon has taken a step since: sharpness is that of the start.
        double At(double first, double second) => 0.5 * Math.Pow(first * second - 1, 2);
        var sharpness = At(2 * scale + epsilon[0], 1 / scale + epsilon[1]) - At(2 * scale, 1 / scale);
        Assert.AreEqual(0.3357211396, sharpness, Printed);
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
    public void Constructor_with_a_wrong_number_names_it()
    {
        Assert.Contains("Rho must be finite and 0 or more, but was -1.", Assert.Throws<ArgumentOutOfRangeException>(() => new Asam(-1)).Message);
        Assert.Contains("Eta must be finite and 0 or more, but was Infinity.", Assert.Throws<ArgumentOutOfRangeException>(() => new Asam(Eta: double.PositiveInfinity)).Message);
    }
}
