namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class FriendlySamTests
{
    const double Printed = 1e-9;

    [TestMethod]
    [DataRow(1, 0.9, false, new[] { 0.893791313, 0.8883919507 }, new[] { 0.8884105877, 0.8830036939 }, DisplayName = "the defaults")]
    [DataRow(1, 0.6, false, new[] { 0.893791313, 0.8883919507 }, new[] { 0.8912451899, 0.8758353936 }, DisplayName = "λ = 0.6")]
    [DataRow(0.5, 0.9, false, new[] { 0.8163849792, 0.8666273422 }, new[] { 0.7944657315, 0.7661263986 }, DisplayName = "σ = 0.5")]
    [DataRow(1, 0.9, true, new[] { 0.8319953919, 0.8456678118 }, new[] { 0.7928032988, 0.7633396592 }, DisplayName = "the paper's order")]
    public void Direction_over_three_batches_follows_the_oracle(double sigma, double lambda, bool paperOrder, double[] second, double[] third)
    {
        using var toy = Toy.At(1, 1);
        var rule = new FriendlySam(new Sam(0.5), sigma, lambda) { PaperOrder = paperOrder };
        var steps = Run.Steps(toy, rule, i => i % 2 == 0 ? toy.Quartic(3, 4) : toy.Quartic(4, 3), steps: 3, learningRate: 0.01);
        Near.Equal([0.93409, 0.89024], steps[0], Printed);
        Near.Equal(second, steps[1], Printed);
        Near.Equal(third, steps[2], Printed);
    }

    [TestMethod]
    public void Memory_after_three_batches_is_the_mean_of_the_raw_gradients()
    {
        using var toy = Toy.At(1, 1);
        using var step = new SamTrainStep(toy, new FriendlySam(new Sam(0.5)), Run.PlainSgd);
        for (var i = 0; i < 3; i++)
        {
            var odd = i % 2 == 1;
            step.Run(() => odd ? toy.Quartic(4, 3) : toy.Quartic(3, 4), 0.01, seed: i);
        }
        Near.Equal([2.937610802, 3.710957533], step.Memory["m"].data<double>().ToArray(), 1e-8);
    }

    [TestMethod]
    public void Epsilon_with_sigma_1_is_the_same_in_both_orders()
    {
        foreach (var paperOrder in new[] { false, true })
        {
            using var toy = Toy.At(0, 0);
            using var memory = new RuleMemory();
            memory.Remember("m", tensor(new double[] { 2, 1 }));
            memory.Commit();
            var epsilon = new FriendlySam(new Sam(1), Lambda: 0.6) { PaperOrder = paperOrder }
                .Epsilon(new SamStep(ClosedForm.Quartic(3, 4), memory, new StepMoment { Seed = 0 }, learningRate: 0.1, index: 1), tensor(new double[] { 3, 4 }));
            Near.Equal([0.316227766, 0.9486832981], epsilon.data<double>().ToArray(), Printed);
        }
    }

    [TestMethod]
    public void Direction_with_constant_gradients_climbs_along_the_gradient_instead_of_rounding_noise()
    {
        using var toy = Toy.At(1, 1);
        var capture = new Capture(new FriendlySam(new Sam(0.5)));
        Run.Steps(toy, capture, _ => (toy.W * tensor(new double[] { 3, 4 })).sum(), steps: 3);
        foreach (var epsilon in capture.Epsilons)
            Near.Equal([0.3, 0.4], epsilon, Printed);
    }

    [TestMethod]
    public void Direction_with_sigma_0_is_that_of_the_inner_rule()
    {
        using var friendly = Toy.At(1, 1);
        using var inner = Toy.At(1, 1);
        var first = Run.Steps(friendly, new FriendlySam(new Asam(0.5), Sigma: 0), _ => friendly.Quartic(3, 4), steps: 5, learningRate: 0.01);
        var second = Run.Steps(inner, new Asam(0.5), _ => inner.Quartic(3, 4), steps: 5, learningRate: 0.01);
        Near.Equal(second[^1], first[^1], tolerance: 0);
    }
}
