namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class WeightAverageTests
{
    static readonly double[] Weights = [3, -1, 0.5, 7, 2];

    [TestMethod]
    public void Ema_is_the_sum_of_all_weights_each_times_its_power_of_the_decay()
    {
        using var scope = NewDisposeScope();
        using var net = Double(Weights[0]);
        using var average = new Averaging(new Ema(Decay: 0.9, WarmUp: false), net);

        foreach (var w in Weights[1..])
            Step(net, average, w);

        var expected = Math.Pow(0.9, 4) * 3 + 0.1 * (Math.Pow(0.9, 3) * -1 + Math.Pow(0.9, 2) * 0.5 + 0.9 * 7 + 2);
        Assert.AreEqual(expected, Average(average), 1e-14, "float64, four steps with numbers up to 7");
        Assert.AreEqual(4, average.Averaged);
    }

    [TestMethod]
    public void Ema_with_a_warm_up_begins_with_the_decays_1_10th_2_11ths_3_12ths()
    {
        using var scope = NewDisposeScope();
        using var net = Double(Weights[0]);
        using var average = new Averaging(new Ema(Decay: 0.24), net);

        var expected = Weights[0];
        foreach (var (w, decay) in Weights[1..].Zip([1.0 / 10, 2.0 / 11, 0.24, 0.24]))
        {
            Step(net, average, w);
            expected = decay * expected + (1 - decay) * w;
        }

        Assert.AreEqual(expected, Average(average), 1e-14, "float64, four steps with numbers up to 7");
    }

    [TestMethod]
    public void Weights_that_do_not_change_are_their_own_average_bit_for_bit()
    {
        foreach (var kind in new WeightAverage[] { new Ema(Decay: 0.9), new Swa(Start: 0) })
        {
            using var net = new SmallNet();
            using var average = new Averaging(kind, net);
            var own = net.State();
            for (var epoch = 1; epoch <= 7; epoch++)
                average.After(stepTaken: true, epoch, epochEnds: true, epochs: 7);
            Same(own, average.Kept.Copies.ToDictionary(copy => copy.Key, copy => copy.Value.bytes.ToArray()));
        }
    }

    [TestMethod]
    public void Ema_takes_in_no_weights_of_a_skipped_step()
    {
        using var scope = NewDisposeScope();
        using var net = Double(3);
        using var average = new Averaging(new Ema(), net);
        Set(net, double.NaN);

        average.After(stepTaken: false, epoch: 1, epochEnds: true, epochs: 1);

        Assert.AreEqual(3, Average(average));
        Assert.AreEqual(0, average.Averaged);
    }

    [TestMethod]
    public void Ema_averages_running_statistics_and_copies_counts()
    {
        using var net = nn.BatchNorm1d(1);
        using var average = new Averaging(new Ema(Decay: 0.75, WarmUp: false), net);
        using (no_grad())
        {
            net.running_mean!.fill_(8);
            net.num_batches_tracked!.fill_(5);
        }

        average.After(stepTaken: true, epoch: 1, epochEnds: false, epochs: 1);

        Assert.AreEqual(2, average.Kept.Copies["running_mean"].ToDouble());
        Assert.AreEqual(5, average.Kept.Copies["num_batches_tracked"].ToInt64());
    }

    [TestMethod]
    [DataRow(0.75, 10, 8)]
    [DataRow(0.75, 4, 3)]
    [DataRow(0.0, 3, 1)]
    [DataRow(1.0, 3, 3)]
    [DataRow(0.75, 1, 1)]
    public void Swa_averages_the_ends_of_epochs_from_its_start_on(double start, int epochs, int first)
    {
        using var scope = NewDisposeScope();
        using var net = Double(100);
        using var average = new Averaging(new Swa(start), net);

        for (var epoch = 1; epoch <= epochs; epoch++)
        {
            Set(net, double.NaN);
            average.After(stepTaken: true, epoch, epochEnds: false, epochs);
            Set(net, epoch);
            average.After(stepTaken: true, epoch, epochEnds: true, epochs);
            Assert.AreEqual(epoch >= first, average.Averaged > 0);
        }

        Assert.AreEqual((first + epochs) / 2.0, Average(average), 1e-14, "float64, three roundings");
    }

    [TestMethod]
    public void Lend_gives_the_average_and_takes_it_back_bit_for_bit()
    {
        using var net = new SmallNet();
        using var average = new Averaging(new Swa(Start: 0), net);
        average.After(stepTaken: true, epoch: 1, epochEnds: true, epochs: 1);
        var averaged = net.State();
        using (no_grad())
            foreach (var tensor in net.state_dict().Values)
                tensor.add_(1);
        var own = net.State();

        using (average.Kept.Lend())
            Same(averaged, net.State());
        Same(own, net.State());
    }

    [TestMethod]
    public void Schedule_is_held_from_the_start_of_Swa_or_goes_on()
    {
        var plan = CheckpointedRun.Plan with { Epochs = 4, Schedule = new LinearSchedule() };
        double[] Factors(WeightAverage? average) => [.. new[] { (1, 0), (2, 1), (4, 0), (4, 1) }.Select(at => (plan with { WeightAverage = average }).MomentOf(batch: at.Item2, batches: 2, epoch: at.Item1, new EpochSpan(1, plan.Epochs)).LearningRateFactor)];

        Near.Equal([1, 0.625, 0.25, 0.25], Factors(new Swa(0.75)), 1e-15);
        foreach (var goesOn in new WeightAverage?[] { null, new Ema(), new Swa(0.75, HoldsLearningRate: false) })
            Near.Equal([1, 0.625, 0.25, 0.125], Factors(goesOn), 1e-15, $"{goesOn}");
    }

    [TestMethod]
    public void Numbers_out_of_their_range_are_refused()
    {
        Assert.StartsWith("Decay must be 0 or more and less than 1, but was 1.", Assert.Throws<ArgumentOutOfRangeException>(() => new Ema(Decay: 1)).Message);
        Assert.StartsWith("Start must be from 0 to 1, but was 1.5.", Assert.Throws<ArgumentOutOfRangeException>(() => new Swa(Start: 1.5)).Message);
        Assert.AreEqual("Ema { Decay = 0.999, WarmUp = True } Swa { Start = 0.75, HoldsLearningRate = True }", $"{new Ema()} {new Swa()}");
    }

    static nn.Module<Tensor, Tensor> Double(double weight)
    {
        var net = nn.Linear(1, 1, hasBias: false).to(ScalarType.Float64);
        Set(net, weight);
        return net;
    }

    static void Set(nn.Module net, double weight)
    {
        using var noGrad = no_grad();
        net.parameters().Single().fill_(weight);
    }

    static void Step(nn.Module net, Averaging average, double weight)
    {
        Set(net, weight);
        average.After(stepTaken: true, epoch: 1, epochEnds: false, epochs: 1);
    }

    static double Average(Averaging average) => average.Kept.Copies["weight"].ToDouble();

    static void Same(Dictionary<string, byte[]> expected, Dictionary<string, byte[]> actual)
    {
        foreach (var (name, bytes) in expected)
            CollectionAssert.AreEqual(bytes, actual[name], name);
    }

    /// <summary>An average as a run takes it.</summary>
    sealed class Averaging(WeightAverage kind, nn.Module net) : IDisposable
    {
        public KeptWeights Kept { get; } = new(net, averagesBuffers: !kind.RecomputesStatistics);

        public long Averaged { get; private set; }

        public void After(bool stepTaken, int epoch, bool epochEnds, int epochs)
        {
            var share = kind.ShareOf(new AverageMoment(Averaged, stepTaken, epoch, epochEnds, epochs));
            if (share == 0)
                return;
            Kept.Take(share);
            Averaged++;
        }

        public void Dispose() => Kept.Dispose();
    }
}
