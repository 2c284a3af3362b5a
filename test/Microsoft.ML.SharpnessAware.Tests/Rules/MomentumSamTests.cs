namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class MomentumSamTests
{
    const double Printed = 1e-9;

    static readonly Sgd Base = new(Momentum: 0.9, WeightDecay: 0);

    [TestMethod]
    public void Direction_over_three_steps_follows_the_authors_code()
    {
        using var toy = Toy.At(1, 1);
        var steps = Run.Steps(toy, new MomentumSam(0.5), _ => toy.Quartic(3, 4), steps: 3, learningRate: 0.01, Base);
        Near.Equal([0.97, 0.96], steps[0], Printed);
        Near.Equal([0.93397711, 0.91697536], steps[1], Printed);
        Near.Equal([0.8946462207, 0.872175709], steps[2], Printed);
    }

    // The authors' code keeps the perturbed weights from step to step.
    [TestMethod]
    public void Points_at_which_the_gradient_is_taken_are_the_weights_that_the_authors_code_keeps()
    {
        var points = new List<double[]>();
        using var toy = Toy.At(1, 1);
        Run.Steps(toy, new MomentumSam(0.5), _ => At(points, toy), steps: 4, learningRate: 0.01, Base);
        Assert.HasCount(4, points);
        Near.Equal([1, 1], points[0], tolerance: 0);
        Near.Equal([0.67, 0.56], points[1], Printed);
        Near.Equal([0.6129969366, 0.5336064407], points[2], Printed);
        Near.Equal([0.5647711596, 0.4964331854], points[3], Printed);
    }

    [TestMethod]
    public void Direction_with_the_decay_in_the_loss_follows_the_authors_code_which_decays_at_the_perturbed_weights()
    {
        using var toy = Toy.At(1, 1);
        var steps = Run.Steps(toy, new MomentumSam(0.5), _ => toy.Quartic(3, 4) + 0.05 * toy.W.square().sum(), steps: 3, learningRate: 0.01, Base);
        Near.Equal([0.969, 0.959], steps[0], Printed);
        Near.Equal([0.931512461, 0.9145087777], steps[1], Printed);
        Near.Equal([0.8903770616, 0.8679069203], steps[2], Printed);
    }

    [TestMethod]
    public void Direction_with_the_optimizers_decay_decays_at_the_weights()
    {
        using var toy = Toy.At(1, 1);
        var steps = Run.Steps(toy, new MomentumSam(0.5), _ => toy.Quartic(3, 4), steps: 2, learningRate: 0.01, Base with { WeightDecay = 0.1 });
        Near.Equal([0.969, 0.959], steps[0], Printed);

        // v = (3.1, 4.1); the gradient at w − ρ v / ‖v‖, and then 0.9 v + g + 0.1 w.
        var norm = Math.Sqrt(3.1 * 3.1 + 4.1 * 4.1);
        var (first, second) = (0.969 - 0.5 * 3.1 / norm, 0.959 - 0.5 * 4.1 / norm);
        Near.Equal([0.969 - 0.01 * (0.9 * 3.1 + 3 * Math.Pow(first, 3) + 0.0969), 0.959 - 0.01 * (0.9 * 4.1 + 4 * Math.Pow(second, 3) + 0.0959)], steps[1], 1e-12, "rounding");
    }

    // The authors' AdamW decays after the update, ours before it.
    [TestMethod]
    public void Direction_under_AdamW_follows_the_authors_code()
    {
        using var toy = Toy.At(1, 1);
        using var step = new SamTrainStep(toy, new MomentumSam(0.5), new AdamW(LearningRate: 0.01, WeightDecay: 0));
        double[][] expected = [[0.989901, 0.989901], [0.9811144426, 0.9817421816], [0.9728490366, 0.974237156]];
        foreach (var (i, weights) in expected.Index())
        {
            step.Run(() => toy.Quartic(3, 4), learningRate: 1, seed: i);
            Decay(toy, 1 - 0.01 * 0.01);
            Near.Equal(weights, toy.Values, Printed);
        }
    }

    [TestMethod]
    public void Direction_where_rho_warms_up_follows_the_schedule()
    {
        var points = new List<double[]>();
        using var toy = Toy.At(1, 1);
        using var step = new SamTrainStep(toy, new MomentumSam(0.5), Base with { LearningRate = 0.01 });
        step.Run(() => At(points, toy), learningRate: 1, seed: 0, rhoFactor: 0);
        step.Run(() => At(points, toy), learningRate: 1, seed: 1, rhoFactor: 0.5);
        Near.Equal([0.97 - 0.15, 0.96 - 0.2], points[1], Printed);
        Near.Equal([0.97 - 0.01 * (2.7 + 3 * Math.Pow(0.82, 3)), 0.96 - 0.01 * (3.6 + 4 * Math.Pow(0.76, 3))], toy.Values, Printed);
    }

    [TestMethod]
    public void Direction_leaves_excluded_weights_where_they_are_and_out_of_the_norm()
    {
        var points = new List<double[]>();
        using var toy = new Toy(("a_weight", [1]), ("b_weight", [1]));
        using var step = new SamTrainStep(toy, new MomentumSam(0.5), Base with { LearningRate = 0.01 }, new StepSettings { PerturbedWeights = new AllBut("b_weight") });
        step.Run(() => At(points, toy), learningRate: 1, seed: 0);
        step.Run(() => At(points, toy), learningRate: 1, seed: 1);
        Near.Equal([0.97 - 0.5, 0.96], points[1], Printed);
    }

    [TestMethod]
    public void Weights_between_steps_are_not_perturbed()
    {
        using var toy = Toy.At(1, 1);
        using var step = new SamTrainStep(toy, new MomentumSam(0.5), Base with { LearningRate = 0 });
        for (var i = 0; i < 3; i++)
            step.Run(() => toy.Quartic(3, 4), learningRate: 1, seed: i);
        Near.Equal([1, 1], toy.Values, tolerance: 0);
    }

    [TestMethod]
    public void Direction_without_momentum_says_what_to_set()
    {
        using var toy = Toy.At(1, 1);
        using var step = new SamTrainStep(toy, new MomentumSam(0.5), Run.PlainSgd);
        step.Run(() => toy.Quartic(3, 4), 0.01, seed: 0);
        var after = toy.Values;
        var error = Assert.Throws<InvalidOperationException>(() => step.Run(() => toy.Quartic(3, 4), 0.01, seed: 1));
        Assert.AreEqual("MomentumSam perturbs the weights along the optimizer's momentum, but the optimizer has none. Set Momentum above 0, as in new Sgd(Momentum: 0.9), or use AdamW.", error.Message);
        Near.Equal(after, toy.Values, tolerance: 0);
    }

    static Tensor At(List<double[]> points, Toy toy)
    {
        points.Add(toy.Values);
        return toy.Quartic(3, 4);
    }

    static void Decay(Toy toy, double factor)
    {
        using var noGrad = no_grad();
        foreach (var parameter in toy.parameters())
            parameter.mul_(factor);
    }
}
