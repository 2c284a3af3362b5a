namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Two gradients at once. The second device is the CPU as well, whose network is another.</summary>
[TestClass]
public class SideBySideTests
{
    // The CPU has one generator for both networks, so that dropout on two threads would not repeat; each GPU has its own.
    const double NoDropout = 0;

    static IEnumerable<object[]> RulesAndOptimizers() =>
        new SharpnessRule[] { new SamPa(), new CrSam(), new CrSam { Normalization = CrSamNormalization.Log } }
            .SelectMany(_ => AllRules.Optimizers(), (rule, optimizer) => new object[] { rule, optimizer });

    [TestMethod]
    [DynamicData(nameof(RulesAndOptimizers))]
    public void Two_devices_give_the_bits_of_one(SharpnessRule rule, BaseOptimizer optimizer) =>
        AssertSame(After(rule, optimizer, new StepSettings()), After(rule, optimizer, new StepSettings { Second = Stranger() }));

    [TestMethod]
    public void Two_devices_give_the_bits_of_one_with_groups_a_filter_and_a_frozen_parameter()
    {
        var settings = new StepSettings { Groups = [new ParameterGroup(new WeightsNamed("conv.*"), new AdamW())], Perturbed = new NoBiases(), ClipNorm = 1 };
        AssertSame(After(new SamPa(), new Sgd(), settings, frozen: "fc.weight"), After(new SamPa(), new Sgd(), settings with { Second = Stranger() }, frozen: "fc.weight"));
    }

    [TestMethod]
    public void Two_devices_give_the_bits_of_one_where_norm_layers_are_in_eval_mode()
    {
        AssertSame(Evaluating(null), Evaluating(Stranger()));

        static Dictionary<string, byte[]> Evaluating(SecondDevice? second)
        {
            using var net = new SmallNet(NoDropout);
            using var step = new SamTrainStep(net, new CrSam(), new Sgd(), new StepSettings { Second = second });
            step.Run(Whole(net), new StepMoment { Seed = 0 });
            net.eval();
            step.Run(Whole(net), new StepMoment { Seed = 1 });
            return net.State();
        }
    }

    [TestMethod]
    public void Two_devices_compute_with_the_same_number_of_threads()
    {
        var before = get_num_threads();
        try
        {
            var seen = new List<int>();
            foreach (var threads in new[] { 2, 1 })
            {
                set_num_threads(threads);
                using var net = new SmallNet(NoDropout);
                using var step = new SamTrainStep(net, new SamPa(), new Sgd(), new StepSettings { Second = Stranger() });
                step.Run(new Counting(Whole(net), seen), new StepMoment { Seed = 0 });
                step.Run(new Counting(Whole(net), seen), new StepMoment { Seed = 1 });
            }
            Assert.IsGreaterThan(4, seen.Count);
            Assert.IsTrue(seen.Take(seen.Count / 2).All(threads => threads == 2), string.Join(", ", seen));
            Assert.IsTrue(seen.Skip(seen.Count / 2).All(threads => threads == 1), string.Join(", ", seen));
        }
        finally
        {
            set_num_threads(before);
        }
    }

    [TestMethod]
    public void Reports_are_the_same()
    {
        var (one, two) = (Report(null), Report(Stranger()));
        Assert.AreEqual(one, two);
        Assert.AreEqual(3, two.Passes);

        static StepReport Report(SecondDevice? second)
        {
            using var net = new SmallNet(NoDropout);
            using var step = new SamTrainStep(net, new CrSam(), new Sgd(), new StepSettings { Second = second });
            return step.Run(Whole(net), new StepMoment { Seed = 0 });
        }
    }

    [TestMethod]
    public void Both_passes_are_under_way_at_the_same_time()
    {
        using var meeting = new Barrier(2);
        using var net = new SmallNet(NoDropout);
        using var step = new SamTrainStep(net, new Both(), new Sgd(), new StepSettings { Second = Stranger() });
        step.Run(new Meets(Whole(net), meeting), new StepMoment { Seed = 0 });
        Assert.AreEqual(1, meeting.CurrentPhaseNumber);
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void A_pass_that_throws_leaves_everything_as_it_was_and_the_next_step_works(bool onSecond)
    {
        using var net = new SmallNet(NoDropout);
        using var unbroken = new SmallNet(NoDropout);
        using var step = new SamTrainStep(net, new Both(), new Sgd(), new StepSettings { Second = Stranger() });
        using var reference = new SamTrainStep(unbroken, new Both(), new Sgd());
        var before = net.State();
        Assert.Throws<IOException>(() => step.Run(new Fails(Whole(net), onSecond), new StepMoment { Seed = 0 }));
        AssertSame(before, net.State());

        step.Run(Whole(net), new StepMoment { Seed = 0 });
        reference.Run(Whole(unbroken), new StepMoment { Seed = 0 });
        AssertSame(unbroken.State(), net.State());
    }

    [TestMethod]
    public void A_loss_that_is_not_finite_on_the_second_device_skips_the_step()
    {
        using var net = new SmallNet(NoDropout);
        using var step = new SamTrainStep(net, new Both(), new Sgd(), new StepSettings { Second = Stranger() });
        var before = net.State();
        Assert.IsTrue(step.Run(new Fails(Whole(net), onSecond: true) { With = double.NaN }, new StepMoment { Seed = 0 }).Skipped);
        AssertSame(before, net.State());
    }

    [TestMethod]
    public void A_second_gradient_that_is_not_returned_as_it_is_is_refused()
    {
        using var net = new SmallNet(NoDropout);
        using var step = new SamTrainStep(net, new Both { Factor = 2 }, new Sgd(), new StepSettings { Second = Stranger() });
        var before = net.State();
        var error = Assert.Throws<InvalidOperationException>(() => step.Run(Whole(net), new StepMoment { Seed = 0 }));
        Assert.StartsWith("The second function given to SideBySide must return the gradient that it asks for as it is", error.Message);
        AssertSame(before, net.State());
    }

    [TestMethod]
    public void Pieces_micro_batches_and_fresh_masks_are_taken_one_after_the_other()
    {
        foreach (var settings in new[] { new StepSettings { RowsPerPass = 4 }, new StepSettings { MicroBatch = 4 }, new StepSettings { FreshMasks = true } })
            AssertSame(After(new SamPa(), new Sgd(), settings), After(new SamPa(), new Sgd(), settings with { Second = new SecondDevice(CPU, () => throw new AssertFailedException("No twin is wanted.")) }));
    }

    [TestMethod]
    public void No_tensor_outlives_its_step()
    {
        using var net = new SmallNet(NoDropout);
        using var step = new SamTrainStep(net, new SamPa(), new Sgd(), new StepSettings { Second = Stranger() });
        for (var i = 0; i < 3; i++)
            step.Run(Whole(net), new StepMoment { Seed = i });
        var before = LiveTensors.Before();
        for (var i = 3; i < 6; i++)
            step.Run(Whole(net), new StepMoment { Seed = i });
        Assert.AreEqual(before, Tensor.TotalCount);
    }

    static Dictionary<string, byte[]> After(SharpnessRule rule, BaseOptimizer optimizer, StepSettings settings, string? frozen = null)
    {
        using var net = new SmallNet(NoDropout);
        if (frozen is not null)
            net.Freeze(frozen);
        using var step = new SamTrainStep(net, rule, optimizer, settings);
        for (var i = 0; i < 4; i++)
            step.Run(i % 2 == 0 ? Whole(net) : Half(net), new StepMoment { Seed = i });
        return net.State();
    }

    static LabelledBatch Whole(SmallNet net) => Rows(net, 8);

    static LabelledBatch Half(SmallNet net) => Rows(net, 4);

    static LabelledBatch Rows(SmallNet net, int count)
    {
        using var scope = NewDisposeScope();
        return new(new Batch(net.Inputs.narrow(0, 0, count).clone().DetachFromDisposeScope(), net.Labels.narrow(0, 0, count).clone().DetachFromDisposeScope()), labelSmoothing: 0.1);
    }

    /// <summary>A twin that begins with other weights and statistics than the network's.</summary>
    static SecondDevice Stranger() => new(CPU, () =>
    {
        var net = new SmallNet(NoDropout);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var tensor in net.state_dict().Values)
            tensor.add_(1);
        return net;
    });

    static void AssertSame(Dictionary<string, byte[]> expected, Dictionary<string, byte[]> actual)
    {
        foreach (var (name, bytes) in expected)
            CollectionAssert.AreEqual(bytes, actual[name], name);
    }

    /// <summary>Writes down how many threads libtorch has in each pass.</summary>
    sealed class Counting(IStepBatch batch, List<int> seen) : IStepBatch
    {
        public int Count => batch.Count;

        public Tensor Losses(nn.Module network, int start, int count)
        {
            lock (seen)
                seen.Add(get_num_threads());
            return batch.Losses(network, start, count);
        }

        public IStepBatch CopyOn(Device device) => new Counting(batch.CopyOn(device), seen);

        public void Dispose() => batch.Dispose();
    }

    /// <summary>The mean of gradients on both sides of w.</summary>
    sealed record Both : SharpnessRule
    {
        public double Factor { get; init; } = 1;

        public override Tensor Direction(SamStep step)
        {
            var w = step.Weights;
            var (first, second) = step.SideBySide(
                here => here.GradientAt(w - 0.1),
                here => Factor == 1 ? here.GradientAt(w + 0.1) : Factor * here.GradientAt(w + 0.1));
            return (first + second) / 2;
        }
    }

    /// <summary>Each pass waits until the other has begun.</summary>
    sealed class Meets(IStepBatch batch, Barrier meeting) : IStepBatch
    {
        public int Count => batch.Count;

        public Tensor Losses(nn.Module network, int start, int count)
        {
            Assert.IsTrue(meeting.SignalAndWait(TimeSpan.FromSeconds(30)), "the other pass has not begun");
            return batch.Losses(network, start, count);
        }

        public IStepBatch CopyOn(Device device) => new Meets(batch.CopyOn(device), meeting);

        public void Dispose() => batch.Dispose();
    }

    /// <summary>Throws on one of the devices, or gives a loss of its own there.</summary>
    sealed class Fails(IStepBatch batch, bool onSecond, bool isSecond = false) : IStepBatch
    {
        public double? With { get; init; }

        public int Count => batch.Count;

        public Tensor Losses(nn.Module network, int start, int count)
        {
            if (onSecond != isSecond)
                return batch.Losses(network, start, count);
            return With is { } factor ? batch.Losses(network, start, count) * factor : throw new IOException();
        }

        public IStepBatch CopyOn(Device device) => new Fails(batch.CopyOn(device), onSecond, isSecond: true) { With = With };

        public void Dispose() => batch.Dispose();
    }
}
