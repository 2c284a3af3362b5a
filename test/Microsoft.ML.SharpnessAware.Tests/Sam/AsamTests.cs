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
    public void Constructor_with_a_wrong_number_names_it()
    {
        Assert.Contains("Rho must be finite and 0 or more, but was -1.", Assert.Throws<ArgumentOutOfRangeException>(() => new Asam(-1)).Message);
        Assert.Contains("Eta must be finite and 0 or more, but was Infinity.", Assert.Throws<ArgumentOutOfRangeException>(() => new Asam(Eta: double.PositiveInfinity)).Message);
    }

    // How much the loss ½(w₁w₂ − 1)² rises from w = (2a, 1/a) to w + ε; what the network computes does not depend on a.
    static double Sharpness(Ascent rule, double a)
    {
        using var toy = Toy.At(2 * a, 1 / a);
        var epsilon = Run.Epsilon(toy, rule, () => 0.5 * (toy.W[0] * toy.W[1] - 1).square());
        return Loss(2 * a + epsilon[0], 1 / a + epsilon[1]) - Loss(2 * a, 1 / a);

        static double Loss(double first, double second) => 0.5 * Math.Pow(first * second - 1, 2);
    }
}
