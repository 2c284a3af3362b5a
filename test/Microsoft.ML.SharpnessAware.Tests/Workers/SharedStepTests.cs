using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>A step that several workers take together is the step that one takes alone.</summary>
[TestClass]
public class SharedStepTests
{
    const int Rows = 8;
    const int Steps = 6;

    static IEnumerable<object[]> Rules() => AllRules.Defaults().Select(rule => new object[] { rule });

    [TestMethod]
    [DynamicData(nameof(Rules))]
    public void Two_workers_come_to_the_bits_of_one_in_two_pieces(SharpnessRule rule)
    {
        var alone = StepsOf(rule, new StepSettings { RowsPerPass = Rows / 2 }, shares: null);
        foreach (var together in Together(2, rule, new StepSettings()))
        {
            CollectionAssert.AreEqual(alone.Weights, together.Weights);
            CollectionAssert.AreEqual(alone.Reports, together.Reports);
        }
    }

    // In float64, where sums in another order differ by 1e-16 of their size; rules divide by small differences.
    [TestMethod]
    [DynamicData(nameof(Rules))]
    public void Four_workers_with_micro_batches_come_to_what_one_does_but_for_rounding(SharpnessRule rule)
    {
        var settings = new StepSettings { MicroBatch = 2 };
        var alone = StepsOf(rule, settings, shares: null, ScalarType.Float64);
        var together = Together(4, rule, settings, ScalarType.Float64);
        foreach (var one in together)
        {
            CollectionAssert.AreEqual(together[0].Weights, one.Weights);
            Near.Equal(alone.Weights, one.Weights, 1e-9, "the same numbers, summed in another order");
        }
    }

    [TestMethod]
    [DataRow(3)]
    [DataRow(5)]
    [DataRow(16)]
    public void More_workers_than_there_are_rows_for_come_to_the_same(int workers)
    {
        var alone = StepsOf(new Sam(), new StepSettings(), shares: null, ScalarType.Float64, normalizes: false);
        foreach (var one in ThreadWorkers.Together(workers, worker => StepsOf(new Sam(), new StepSettings(), new BatchShares(Team.Of(worker), Rows, microBatch: null), ScalarType.Float64, normalizes: false)))
            Near.Equal(alone.Weights, one.Weights, 1e-12, "the same numbers, summed in another order");
    }

    [TestMethod]
    public void Clipping_groups_and_filters_are_those_of_one()
    {
        var settings = new StepSettings
        {
            ClipNorm = 0.01,
            PerturbedWeights = new WeightsNamed("conv.*"),
            ParameterGroups = [new ParameterGroup(new WeightsNamed("fc.*"), new AdamW(0.01)) { Rho = 0.2 }],
        };
        var alone = StepsOf(new Sam(), (StepSettings)settings.With(copy => copy.RowsPerPass = Rows / 2), shares: null);
        foreach (var together in Together(2, new Sam(), settings))
            CollectionAssert.AreEqual(alone.Weights, together.Weights);
    }

    [TestMethod]
    public void A_step_sends_two_gradients_and_with_micro_batches_one()
    {
        Assert.AreEqual(2, Gradients(new StepSettings()));
        Assert.AreEqual(1, Gradients(new StepSettings { MicroBatch = 4 }));

        static int Gradients(StepSettings settings) => ThreadWorkers.Together(2, workers =>
        {
            using var net = new SmallNet(dropoutRate: 0);
            using var step = new SamTrainStep(net, new Sam(), new Sgd(), settings, shares: new BatchShares(Team.Of(workers), Rows, settings.MicroBatch));
            step.Run(Batch(net, shares: new BatchShares(Team.Of(workers), Rows, settings.MicroBatch)), new StepMoment { Seed = 1 });
            Assert.AreEqual(net.Flat().Length, workers.Sums.Max());
            Assert.IsLessThan(20, workers.Sums.Where(size => size < net.Flat().Length).Sum(), "numbers beside the gradients");
            return workers.Sums.Count(size => size == net.Flat().Length);
        })[0];
    }

    [TestMethod]
    [DataRow(null)]
    [DataRow(4)]
    public void A_gradient_that_is_not_finite_on_one_worker_skips_the_step_on_all(int? microBatch)
    {
        var settings = new StepSettings { MicroBatch = microBatch };
        var results = ThreadWorkers.Together(2, workers =>
        {
            var shares = new BatchShares(Team.Of(workers), Rows, microBatch);
            using var net = new SmallNet(dropoutRate: 0);
            var before = net.Flat();
            using var step = new SamTrainStep(net, new FriendlySam(), new Sgd(), settings, shares: shares);
            var report = step.Run(Batch(net, shares, workers.Rank == 1 ? double.NaN : 0), new StepMoment { Seed = 1 });
            return (report.Skipped, before.SequenceEqual(net.Flat()), step.Memory.Count);
        });
        CollectionAssert.AreEqual(new[] { (true, true, 0), (true, true, 0) }, results);
    }

    [TestMethod]
    public void Hits_and_wishes_are_everybodys()
    {
        var reports = ThreadWorkers.Together(2, workers =>
        {
            var shares = new BatchShares(Team.Of(workers), Rows, null);
            using var net = new SmallNet(dropoutRate: 0);
            using var step = new SamTrainStep(net, new Sam(), new Sgd(), shares: shares);
            return step.Run(Batch(net, shares), new StepMoment { Seed = 1, Wishes = workers.Rank == 1 ? StepWishes.Stop : StepWishes.None });
        });
        using var alone = new SmallNet(dropoutRate: 0);
        using var plain = new SamTrainStep(alone, new Sam(), new Sgd(), new StepSettings { RowsPerPass = Rows / 2 });
        var expected = plain.Run(Batch(alone, shares: null), new StepMoment { Seed = 1 });

        foreach (var report in reports)
            Assert.AreEqual((expected.Hits, StepWishes.Stop), (report.Hits, report.Wishes));
    }

    static Came[] Together(int count, SharpnessRule rule, StepSettings settings, ScalarType type = ScalarType.Float32) =>
        ThreadWorkers.Together(count, workers => StepsOf(rule, settings, new BatchShares(Team.Of(workers), Rows, settings.MicroBatch), type));

    static Came StepsOf(SharpnessRule rule, StepSettings settings, BatchShares? shares, ScalarType type = ScalarType.Float32, bool normalizes = true)
    {
        using var net = new SmallNet(dropoutRate: 0);
        foreach (var norm in net.modules().OfType<BatchNorm2d>().Where(_ => !normalizes))
            norm.eval();
        if (type != ScalarType.Float32)
            net.to(type);
        using var step = new SamTrainStep(net, rule, new Sgd(LearningRate: 0.05), settings, shares: shares);
        var reports = new List<StepReport>();
        for (var i = 0; i < Steps; i++)
            reports.Add(step.Run(Batch(net, shares, shift: i * 0.1, type), new StepMoment { Seed = i }) with { Hits = 0 });
        return new(Weights(net), reports);
    }

    static double[] Weights(nn.Module net) => [.. net.parameters().SelectMany(Near.Numbers)];

    static LabelledBatch Batch(SmallNet net, BatchShares? shares, double shift = 0, ScalarType type = ScalarType.Float32)
    {
        using var scope = NewDisposeScope();
        var own = shares?.Of(Rows) ?? new RowSpan(0, Rows);
        var images = (net.Inputs.to(type) + shift).narrow(0, own.Start, own.Count).clone();
        var labels = net.Labels.narrow(0, own.Start, own.Count).clone();
        return new(new Batch(images.DetachFromDisposeScope(), labels.DetachFromDisposeScope()), labelSmoothing: 0, (Rows, own));
    }

    sealed record Came(double[] Weights, List<StepReport> Reports);
}
