namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class Bfloat16TwinTests
{
    // A number has eight binary digits, so that it is off by up to 2⁻⁹. Layers add that up, and batch norm over few values multiplies it.
    static IEnumerable<object[]> Networks =>
    [
        [(ImageNetwork)new TwoConvolutions(), 8, 0.1],
        [new ViTTiny(PatchSize: 4), 8, 0.1],
        [new CifarResNet(8), 16, 0.3],
        [new ResNet18(ResNetStem.SmallImage), 32, 0.5],
    ];

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Gradients_are_those_of_float32_to_some_digits_and_weights_and_statistics_stay_float32(ImageNetwork kind, int size, double most)
    {
        var (own, twin) = Two(kind, size);
        using var images = ChannelsLast.Of(randn(16, 3, size, size));
        using var labels = arange(16, dtype: ScalarType.Int64).remainder(4);
        var exact = GradientOf(own, twin: null, images, labels);
        var (again, twinAgain) = Two(kind, size);
        twin.Dispose();

        var rounded = GradientOf(again, twinAgain, images, labels);

        using var distance = (rounded - exact).norm() / exact.norm();
        Assert.IsLessThan(most, distance.item<float>());
        Assert.IsGreaterThan(0, distance.item<float>(), "it is computed in bfloat16");
        Assert.IsTrue(again.parameters().All(parameter => parameter.dtype == ScalarType.Float32));
        Assert.IsTrue(again.named_buffers().Where(buffer => buffer.name.EndsWith("running_var", StringComparison.Ordinal)).All(buffer => buffer.buffer.dtype == ScalarType.Float32 && (double)buffer.buffer.mean() != 1), "its statistics moved");
    }

    [TestMethod]
    public void Steps_in_bfloat16_learn_what_steps_in_float32_learn()
    {
        var kind = new CifarResNet(8);
        using var images = ChannelsLast.Of(Waves(32));
        using var labels = arange(32, dtype: ScalarType.Int64).remainder(4);
        double LossAfterSteps(bool low)
        {
            var (own, twin) = Two(kind, size: 8);
            using var step = new SamTrainStep(own, new Sam(), new Sgd(LearningRate: 0.01), twin: low ? twin : null);
            own.train();
            return Enumerable.Range(0, 40).Select(i => step.Run(new LabelledBatch(new Batch(images.alias(), labels.alias()), 0), new StepMoment { Seed = i })).ToArray()[^1].Loss;
        }

        var (exact, rounded) = (LossAfterSteps(low: false), LossAfterSteps(low: true));

        Assert.IsLessThan(0.1, exact);
        Assert.IsLessThan(0.1, rounded);
    }

    [TestMethod]
    public void Layers_in_eval_mode_and_frozen_weights_are_so_in_the_twin()
    {
        var (own, twin) = Two(new CifarResNet(8), size: 8);
        own.train();
        var norm = own.named_modules().First(module => module.name == "bn1").module;
        norm.eval();
        own.get_parameter("conv1.weight")!.requires_grad = false;
        var mean = own.get_buffer("bn1.running_mean")!.clone();
        using var step = new SamTrainStep(own, new Sam(), new Sgd(LearningRate: 0.05), twin: twin);
        var before = own.get_parameter("conv1.weight")!.clone();
        using var images = ChannelsLast.Of(Waves(32));
        using var labels = arange(32, dtype: ScalarType.Int64).remainder(4);

        step.Run(new LabelledBatch(new Batch(images.alias(), labels.alias()), 0), new StepMoment { Seed = 1 });

        Assert.IsTrue(twin.get_parameter("conv1.weight")!.dtype == ScalarType.BFloat16);
        Assert.IsTrue((bool)before.equal(own.get_parameter("conv1.weight")!).all());
        Assert.IsTrue((bool)mean.equal(own.get_buffer("bn1.running_mean")!).all(), "statistics of a layer in eval mode stay");
    }

    [TestMethod]
    public void Dispose_leaves_the_network_as_an_ordinary_one_in_float32()
    {
        var (own, twin) = Two(new CifarResNet(8), size: 8);
        own.train();
        using var images = ChannelsLast.Of(Waves(8));
        using var labels = zeros(8, dtype: ScalarType.Int64);
        using (var step = new SamTrainStep(own, new Sam(), new Sgd(), twin: twin))
            step.Run(new LabelledBatch(new Batch(images.alias(), labels.alias()), 0), new StepMoment { Seed = 1 });
        own.eval();

        using var scores = own.call(images);

        Assert.AreEqual(ScalarType.Float32, scores.dtype);
        Assert.IsTrue(scores.isfinite().all().item<bool>());
    }

    [TestMethod]
    [DataRow(true, false, null)]
    [DataRow(false, false, "this CPU has no instructions for it (AVX512_BF16 or AMX)")]
    [DataRow(true, true, "libtorch does without oneDNN on this machine, whose processor does not tell the sizes of its caches, and computes bfloat16 with oneDNN alone")]
    public void WhyNot_says_what_is_missing(bool hasInstructions, bool isOneDnnOff, string? expected) => Assert.AreEqual(expected, Bfloat16Support.WhyNot(hasInstructions, isOneDnnOff));

    static Tensor Waves(int rows) => (arange(3 * 8 * 8).view(1, 3, 8, 8) * (arange(rows).remainder(4) + 1).view(-1, 1, 1, 1)).to(ScalarType.Float32).sin();

    static (nn.Module<Tensor, Tensor> Own, nn.Module<Tensor, Tensor> Twin) Two(ImageNetwork kind, int size)
    {
        random.manual_seed(1);
        var own = ChannelsLast.Arrange(kind.Build(new ImageShape(3, size, size), classes: 4));
        return (own, ChannelsLast.Arrange(kind.Build(new ImageShape(3, size, size), classes: 4)));
    }

    static Tensor GradientOf(nn.Module<Tensor, Tensor> own, nn.Module<Tensor, Tensor>? twin, Tensor images, Tensor labels)
    {
        own.train();
        var kept = new Keeping();
        using var step = new SamTrainStep(own, kept, new Sgd(LearningRate: 0), twin: twin);
        step.Run(new LabelledBatch(new Batch(images.alias(), labels.alias()), 0), new StepMoment { Seed = 1 });
        return step.Memory["g"].clone();
    }

    /// <summary>Plain, and remembers its gradient.</summary>
    sealed record Keeping : SharpnessRule
    {
        public override Tensor Direction(SamStep step)
        {
            var g = step.GradientAt(step.Weights);
            step.Remember("g", g);
            return g;
        }
    }
}
