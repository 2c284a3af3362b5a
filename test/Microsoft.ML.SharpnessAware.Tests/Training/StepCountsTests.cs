namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>What can be counted of a step: managed memory and tensors. Time is measured in bench/.</summary>
[TestClass]
public class StepCountsTests
{
    const int Steps = 5;
    const double Kibibyte = 1024;

    // Tensors: what was counted when this was written, and some more for another TorchSharp.
    static IEnumerable<object[]> Cases =>
    [
        [new Plain(), 95],
        [new Sam(), 172],
        [new Asam(), 177],
        [new FriendlySam(), 185],
        [new MomentumSam(), 102],
    ];

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void A_step_allocates_at_most_64_KiB_of_managed_memory_and_no_more_as_steps_go_on(SharpnessRule rule, int _)
    {
        using var steps = new ResNetSteps(rule);
        steps.Take(Steps);

        var first = Allocated(() => steps.Take(Steps));
        steps.Take(4 * Steps);
        var later = Allocated(() => steps.Take(Steps));

        Assert.IsLessThanOrEqualTo(64.0, first, "KiB");
        Assert.IsLessThanOrEqualTo(first + 1, later, "KiB, a list somewhere may grow by doubling");

        static double Allocated(Action work)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            return (GC.GetAllocatedBytesForCurrentThread() - before) / Kibibyte / Steps;
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public void A_step_makes_few_tensors_and_leaves_none(SharpnessRule rule, int most)
    {
        using var steps = new ResNetSteps(rule);
        steps.Take(Steps);
        var (made, alive) = (Made, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);

        steps.Take(Steps);

        Assert.IsLessThanOrEqualTo(most * Steps, Made - made);
        Assert.AreEqual(alive, DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount);
    }

    // Each is a call into libtorch; calls that make none, such as in-place ones, are few beside them.
    static long Made => DisposeScopeManager.Statistics.TensorStatistics.CreatedInScopeCount + DisposeScopeManager.Statistics.TensorStatistics.CreatedOutsideScopeCount;

    /// <summary>Steps of a ResNet-20 on 4 images of 8×8, where overhead shows most.</summary>
    sealed class ResNetSteps : IDisposable
    {
        readonly nn.Module<Tensor, Tensor> _network = ChannelsLast.Arrange(new CifarResNet(20).Build(new ImageShape(3, 8, 8), classes: 10));
        readonly Tensor _images = ChannelsLast.Of(randn(4, 3, 8, 8));
        readonly Tensor _labels = zeros(4, dtype: ScalarType.Int64);
        readonly SamTrainStep _step;
        int _taken;

        public ResNetSteps(SharpnessRule rule)
        {
            _network.train();
            _step = new SamTrainStep(_network, rule, new Sgd());
        }

        public void Take(int count)
        {
            for (var i = 0; i < count; i++)
                _step.Run(() => nn.functional.cross_entropy(_network.call(_images), _labels), 0.01, seed: _taken++);
        }

        public void Dispose()
        {
            _step.Dispose();
            _network.Dispose();
            _images.Dispose();
            _labels.Dispose();
        }
    }
}
