namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class SamPaTests
{
    const double Printed = 1e-9; // sam-family's oracles have ten digits.

    [TestMethod]
    [DataRow(0.2, 0, 0, new[] { 0.97, 0.96 }, new[] { 0.914194136, 0.87483328 }, new[] { 0.8359552051, 0.8321977156 })]
    [DataRow(0.2, 0.9, 0, new[] { 0.97, 0.96 }, new[] { 0.88775042, 0.8393605654 }, new[] { 0.7403656031, 0.6941363049 })]
    [DataRow(0.2, 0.9, 0.1, new[] { 0.969, 0.959 }, new[] { 0.8850546735, 0.8367190818 }, new[] { 0.7357428601, 0.6894810226 })]
    [DataRow(0, 0, 0, new[] { 0.97, 0.96 }, new[] { 0.90854851, 0.85938176 }, new[] { 0.8170589398, 0.8141147367 })]
    public void Steps_over_three_batches_follow_the_authors(double lambda, double momentum, double decay, double[] first, double[] second, double[] third)
    {
        using var toy = Toy.At(1, 1);
        var steps = Run.Steps(toy, new SamPa(0.5, lambda), Batches(toy), steps: 3, learningRate: 0.01, new Sgd(Momentum: momentum, WeightDecay: decay));
        Near.Equal(first, steps[0], Printed);
        Near.Equal(second, steps[1], Printed);
        Near.Equal(third, steps[2], Printed);
    }

    [TestMethod]
    public void First_step_is_the_base_optimizers()
    {
        foreach (var optimizer in AllRules.Optimizers())
        {
            using var toy = Toy.At(1, 1);
            using var plain = Toy.At(1, 1);
            CollectionAssert.AreEqual(
                Run.Steps(plain, new Plain(), _ => plain.Quartic(3, 4), learningRate: 0.01, optimizer: optimizer)[0],
                Run.Steps(toy, new SamPa(0.5), _ => toy.Quartic(3, 4), learningRate: 0.01, optimizer: optimizer)[0]);
        }
    }

    [TestMethod]
    public void Later_steps_take_two_passes_ahead_on_this_batch_and_perturbed_on_the_last()
    {
        using var toy = Toy.At(1, 1);
        using var step = new SamTrainStep(toy, new SamPa(0.5), Run.PlainSgd);
        Assert.AreEqual(1, step.Run(() => toy.Quartic(3, 4), 0.01, seed: 0).Passes);
        var report = step.Run(() => toy.Quartic(4, 3), 0.01, seed: 1);
        Assert.AreEqual((2, 0), (report.Passes, report.ForwardPasses));
        Assert.AreEqual(0.25 * (4 * Math.Pow(0.94, 4) + 3 * Math.Pow(0.92, 4)), report.Loss, 1e-14);
        Assert.AreEqual(0.25 * (3 * Math.Pow(1.27, 4) + 4 * Math.Pow(1.36, 4)), report.PerturbedLoss, 1e-11, "the floor under the norm");
        Assert.AreEqual(0.5, report.EpsilonNorm, 1e-12);
        CollectionAssert.AreEqual(new[] { "g" }, step.Memory.Keys.ToArray());
    }

    // In place of "ρ = 0 is the base optimizer".
    [TestMethod]
    public void Rho_0_mixes_the_last_batchs_gradient_here_with_this_batchs_ahead()
    {
        using var toy = Toy.At(1, 1);
        var steps = Run.Steps(toy, new SamPa(0, 0.25), Batches(toy), steps: 2, learningRate: 0.01);
        var ahead = Gradient([4, 3], [0.97 - 0.01 * 3, 0.96 - 0.01 * 4]);
        var here = Gradient([3, 4], [0.97, 0.96]);
        Near.Equal([.. steps[0].Select((w, i) => w - 0.01 * (0.75 * here[i] + 0.25 * ahead[i]))], steps[1], 1e-15);

        static double[] Gradient(double[] c, double[] w) => [.. c.Zip(w, (a, b) => a * b * b * b)];
    }

    [TestMethod]
    public void A_gradient_that_never_changes_makes_it_the_base_optimizer()
    {
        foreach (var optimizer in AllRules.Optimizers())
        {
            using var toy = Toy.At(1, 1);
            using var plain = Toy.At(1, 1);
            Near.Equal(
                Run.Steps(plain, new Plain(), _ => Line(plain), steps: 4, optimizer: optimizer)[^1],
                Run.Steps(toy, new SamPa(0.5, 0.25), _ => Line(toy), steps: 4, optimizer: optimizer)[^1], 1e-15);
        }

        static Tensor Line(Toy toy) => (toy.W * tensor(new double[] { 3, 4 })).sum();
    }

    [TestMethod]
    public void Without_the_last_batch_it_begins_again()
    {
        var world = ClosedForm.Quartic(3, 4);
        using var memory = new RuleMemory();
        memory.Remember("g", tensor(new double[] { 1, 2 }));
        memory.Commit();
        Near.Equal([3, 4], world.Direction(new SamPa(0.5), memory), 0);
        Assert.AreEqual(1, world.GradientPasses);
        Near.Equal([3, 4], memory.Kept["g"].data<double>().ToArray(), 0);
    }

    [TestMethod]
    public void A_last_batch_that_fails_leaves_everything_as_it_was()
    {
        using var toy = Toy.At(1, 1);
        using var unbroken = Toy.At(1, 1);
        var broken = false;
        using var step = new SamTrainStep(toy, new SamPa(0.5), new Sgd());
        using var reference = new SamTrainStep(unbroken, new SamPa(0.5), new Sgd());
        step.Run(() => broken ? throw new IOException() : toy.Quartic(3, 4), 1, seed: 0);
        reference.Run(() => unbroken.Quartic(3, 4), 1, seed: 0);

        broken = true;
        Assert.Throws<IOException>(() => step.Run(() => toy.Quartic(4, 3), 1, seed: 1));
        broken = false;
        step.Run(() => toy.Quartic(4, 3), 1, seed: 1);
        reference.Run(() => unbroken.Quartic(4, 3), 1, seed: 1);
        CollectionAssert.AreEqual(unbroken.Values, toy.Values);
    }

    [TestMethod]
    public void Micro_batches_look_back_each_at_their_own()
    {
        using var toy = Toy.At(1, 1);
        using var step = new SamTrainStep(toy, new SamPa(0.5), Run.PlainSgd with { LearningRate = 0.01 }, new StepSettings { MicroBatch = 1 });
        ExampleLosses Batch(int count) => new(count, () => stack([toy.Quartic(3, 4), toy.Quartic(4, 3), toy.Quartic(5, 5)]));
        Assert.AreEqual(1, step.Run(Batch(2), new StepMoment { Seed = 0 }).Passes);

        // The third example had none before it, and begins.
        Assert.AreEqual(2, step.Run(Batch(3), new StepMoment { Seed = 1 }).Passes);
        CollectionAssert.AreEqual(new[] { "MicroBatch0.g", "MicroBatch1.g", "MicroBatch2.g" }, step.Memory.Keys.ToArray());
        var w = new[] { 1 - 0.01 * 3.5, 1 - 0.01 * 3.5 };
        Near.Equal([.. w.Select(x => 5 * x * x * x)], step.Memory["MicroBatch2.g"].data<double>().ToArray(), 1e-14);
    }

    [TestMethod]
    public void Constructor_with_a_wrong_number_names_it()
    {
        Assert.Contains("Rho must be finite and 0 or more, but was -1.", Assert.Throws<ArgumentOutOfRangeException>(() => new SamPa(-1)).Message);
        Assert.Contains("Lambda must be from 0 to 1, but was 1.5.", Assert.Throws<ArgumentOutOfRangeException>(() => new SamPa(Lambda: 1.5)).Message);
    }

    static Func<int, Tensor> Batches(Toy toy) => i => i % 2 == 0 ? toy.Quartic(3, 4) : toy.Quartic(4, 3);
}
