using TorchSharp.Modules;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class MixedExamplesTests
{
    static readonly int[] Rows = [.. Enumerable.Range(0, 8)];

    [TestMethod]
    public void Load_with_MixUp_gives_weighted_means_of_pairs_and_both_labels_with_these_weights()
    {
        using var scope = NewDisposeScope();
        using var images = new WavyExamples(8);
        using var plain = images.Load(Rows, augmentationSeed: null);
        for (var seed = 1; seed <= 20; seed++)
        {
            using var mixed = Mixed(images, new Augmentation { MixUp = new(Alpha: 1) }).Load(Rows, seed);
            using var bright = images.Load(Rows, seed);
            var (own, partner) = Shares(mixed);

            Assert.AreSequenceEqual(plain.Labels.data<long>().ToArray(), mixed.Labels.data<long>().ToArray());
            Assert.IsGreaterThanOrEqualTo(0.5f, own);
            Assert.AreEqual(1, own + partner, 1e-6f);
            foreach (var row in Rows)
            {
                var partners = Rows.Where(other => (bright.Inputs[row] * own + bright.Inputs[other] * partner - mixed.Inputs[row]).abs().max().ToSingle() < 1e-5);
                Assert.IsTrue(partners.Any(other => other % 3 == mixed.Targets[1].Labels[row].ToInt64()), $"row {row}, seed {seed}");
            }
        }
    }

    [TestMethod]
    public void Load_with_CutMix_pastes_boxes_and_weighs_labels_by_the_pixels()
    {
        using var scope = NewDisposeScope();
        using var numbered = new Numbered();
        var shares = new List<double>();
        for (var seed = 1; seed <= 200; seed++)
        {
            using var mixed = Mixed(numbered, new Augmentation { CutMix = new() }).Load(Rows, seed);
            var (own, partner) = Shares(mixed);
            shares.Add(own);
            foreach (var row in Rows)
            {
                // Of the 9×6 pixels of row i all are i, and so is its label.
                var pixels = mixed.Inputs[row, 0].contiguous().data<float>().ToArray();
                var other = mixed.Targets[1].Labels[row].ToInt64();
                if (other == row)
                    continue;
                Assert.IsTrue(pixels.All(pixel => pixel == row || pixel == other));
                Assert.AreEqual(own, pixels.Count(pixel => pixel == row) / 54.0, 1e-6, "to float32, the share of the pixels");
                Assert.AreEqual(partner, pixels.Count(pixel => pixel == other) / 54.0, 1e-6);
            }
        }
        Assert.IsTrue(shares.All(share => share >= 0.5));
        Assert.IsTrue(shares.Min() < 0.6 && shares.Max() > 0.9, "all sizes of boxes");
    }

    [TestMethod]
    public void Load_with_both_takes_one_of_them_with_equal_chance_for_each_batch()
    {
        using var scope = NewDisposeScope();
        using var numbered = new Numbered();
        const int Batches = 1000;
        var cut = Enumerable.Range(1, Batches).Count(seed =>
        {
            using var mixed = Mixed(numbered, new Augmentation { MixUp = new(Alpha: 1), CutMix = new() }).Load(Rows, seed);
            return mixed.Inputs.eq(mixed.Inputs.floor()).all().ToBoolean();
        });
        Assert.AreEqual(Batches / 2, cut, 4 * Math.Sqrt(Batches / 4.0), "4 standard deviations");
    }

    [TestMethod]
    public void Load_mixes_the_given_share_of_batches()
    {
        using var scope = NewDisposeScope();
        using var numbered = new Numbered();
        const int Batches = 1000;
        var mixed = Enumerable.Range(1, Batches).Count(seed =>
        {
            using var batch = Mixed(numbered, new Augmentation { MixUp = new(Probability: 0.25) }).Load(Rows, seed);
            return batch.Targets.Count == 2;
        });
        Assert.AreEqual(Batches / 4, mixed, 4 * Math.Sqrt(Batches * 0.25 * 0.75), "4 standard deviations");
    }

    [TestMethod]
    public void Load_repeats_by_the_seed_and_mixes_nothing_without_one()
    {
        using var scope = NewDisposeScope();
        using var numbered = new Numbered();
        var examples = Mixed(numbered, new Augmentation { MixUp = new() });

        Assert.AreSequenceEqual(Values(1), Values(1));
        Assert.AreNotSequenceEqual(Values(1), Values(2));
        using var plain = examples.Load(Rows, augmentationSeed: null);
        Assert.HasCount(1, plain.Targets);

        float[] Values(long seed)
        {
            using var batch = examples.Load(Rows, seed);
            return batch.Inputs.Values();
        }
    }

    [TestMethod]
    public void Load_multiplies_the_weights_of_examples()
    {
        using var scope = NewDisposeScope();
        using var numbered = new Numbered();
        var weights = Rows.Select(row => 1f + row).ToArray();
        using var mixed = Mixed(WeightedExamples.Of(numbered, weights), new Augmentation { MixUp = new(Alpha: 1) }).Load(Rows, 3);

        var own = mixed.Targets[0].Weights![0].ToDouble();
        foreach (var row in Rows)
        {
            Assert.AreEqual(own * weights[row], mixed.Targets[0].Weights![row].ToDouble(), 1e-6 * weights[row], "float32");
            var partner = (int)mixed.Targets[1].Labels[row].ToInt64();
            Assert.AreEqual((1 - own) * weights[partner], mixed.Targets[1].Weights![row].ToDouble(), 1e-6 * weights[partner], "float32");
        }
    }

    [TestMethod]
    public void Losses_of_a_mixed_batch_are_those_of_both_labels_and_hits_those_of_the_heavier()
    {
        using var scope = NewDisposeScope();
        using var net = nn.Flatten();
        var logits = tensor(new double[,] { { 2, 0, -1 } });
        var labels = new[] { 0L, 2 };
        using var batch = new LabelledBatch(new Batch(logits, [.. labels.Zip([0.75f, 0.25f], (label, weight) => new Target(tensor(new[] { label }), tensor(new[] { weight })))]), labelSmoothing: 0);

        var log = Math.Log(Math.Exp(2) + 1 + Math.Exp(-1));
        Near.Equal([0.75 * (log - 2) + 0.25 * (log + 1)], batch.Losses(net, 0, 1).data<double>().ToArray(), 1e-14, "float64");
        Assert.AreEqual(1, batch.Hits);
    }

    [TestMethod]
    public void Of_nothing_to_mix_is_the_images_themselves()
    {
        using var numbered = new Numbered();
        Assert.AreSame(numbered, MixedExamples.Of(numbered, new Augmentation()));
        Assert.AreSame(numbered, MixedExamples.Of(numbered, null));
    }

    [TestMethod]
    public void Load_leaves_nothing_but_its_batch()
    {
        using var numbered = new Numbered();
        var examples = Mixed(numbered, new Augmentation { MixUp = new(), CutMix = new() });
        var before = LiveTensors.Before();
        for (var seed = 1; seed < 10; seed++)
            using (var batch = examples.Load(Rows, seed))
                Assert.AreEqual(before + 5, Tensor.TotalCount, "inputs, and labels and weights of both");
        Assert.AreEqual(before, Tensor.TotalCount);
    }

    [TestMethod]
    public void All_passes_of_a_step_see_one_mixture()
    {
        var inputs = new List<float[]>();
        using var net = new Watching(inputs);
        using var images = new WavyExamples(8);
        var plan = new TrainingPlan
        {
            Sharpness = new Sam(),
            Optimizer = new Sgd(),
            Schedule = new ConstantSchedule(),
            Epochs = 1,
            BatchSize = 4,
            Seeds = new Seeds(1),
            Device = CPU,
        };

        new Trainer(net, plan).Run(Mixed(images, new Augmentation { MixUp = new(Alpha: 1) }), validation: null);

        Assert.HasCount(4, inputs, "two steps of two passes");
        Assert.AreSequenceEqual(inputs[0], inputs[1]);
        Assert.AreSequenceEqual(inputs[2], inputs[3]);
        Assert.AreNotSequenceEqual(inputs[0], inputs[2]);
        Assert.AreEqual(2, images.Loads);
    }

    static IExamples Mixed(IExamples examples, Augmentation augmentation)
    {
        var mixed = MixedExamples.Of(examples, augmentation);
        Assert.AreNotSame(examples, mixed);
        return mixed;
    }

    static (float Own, float Partner) Shares(Batch batch)
    {
        Assert.HasCount(2, batch.Targets);
        var (own, partner) = (batch.Targets[0].Weights!.Values(), batch.Targets[1].Weights!.Values());
        Assert.IsTrue(own.All(share => share == own[0]) && partner.All(share => share == partner[0]));
        return (own[0], partner[0]);
    }

    /// <summary>Images whose pixels are all the row's number, as its label is.</summary>
    sealed class Numbered : IExamples
    {
        public int Count => 8;

        public IEnumerable<int[]> Batches(int batchSize, long? shuffleSeed) => RowOrder.Of(Count, shuffleSeed).InBatches(batchSize);

        public Batch Load(int[] rows, long? augmentationSeed, int[]? places)
        {
            using var scope = NewDisposeScope();
            var wanted = rows.At(places);
            var numbers = tensor(Array.ConvertAll(wanted, row => (float)row)).view(-1, 1, 1, 1);
            return new Batch(numbers.expand(-1, 1, 9, 6).contiguous().DetachFromDisposeScope(), tensor(Array.ConvertAll(wanted, row => (long)row)).DetachFromDisposeScope());
        }

        public void AddTo(System.Security.Cryptography.IncrementalHash hash) => throw new NotSupportedException();

        public void Dispose() { }
    }

    /// <summary>Remembers what it was given.</summary>
    sealed class Watching : nn.Module<Tensor, Tensor>
    {
        readonly List<float[]> _inputs;
        readonly Linear _layer = nn.Linear(36, 3);

        public Watching(List<float[]> inputs)
            : base(nameof(Watching))
        {
            _inputs = inputs;
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            _inputs.Add(input.Values());
            return _layer.call(input.flatten(1));
        }
    }
}
