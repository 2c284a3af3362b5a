namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class ImageExamplesTests
{
    const double Float = 1e-6;

    [TestMethod]
    public void Load_of_rows_gives_normalised_images_and_labels()
    {
        using var examples = Examples(10);
        using var batch = examples.With(new Normalization([0.5f], [0.25f])).Load([7, 2], augmentationSeed: null);

        Assert.AreEqual(2, batch.Count);
        Assert.AreSequenceEqual([2, 1, 4, 5], batch.Inputs.shape);
        Assert.AreEqual(ScalarType.Float32, batch.Inputs.dtype);
        Assert.AreEqual((70 / 255.0 - 0.5) / 0.25, batch.Inputs[0, 0, 0, 0].ToSingle(), Float);
        Assert.AreEqual((23 / 255.0 - 0.5) / 0.25, batch.Inputs[1, 0, 1, 2].ToSingle(), Float);
        Assert.AreSequenceEqual([1L, 2], batch.Labels.data<long>().ToArray());
    }

    [TestMethod]
    public void Load_with_a_seed_augments_and_without_one_does_not()
    {
        using var examples = Examples(10);
        using var augmented = examples.With(new Normalization([0.5f], [0.25f]), new Augmentation());
        int[] rows = [0, 1, 2, 3];

        var plain = Values(augmented, rows, seed: null);
        Assert.AreSequenceEqual(Values(augmented, rows, seed: 5), Values(augmented, rows, seed: 5));
        Assert.AreNotSequenceEqual(plain, Values(augmented, rows, seed: 5));
        Assert.AreNotSequenceEqual(Values(augmented, rows, seed: 6), Values(augmented, rows, seed: 5));
        Assert.AreSequenceEqual(plain, Values(examples.With(new Normalization([0.5f], [0.25f])), rows, seed: 5));
    }

    [TestMethod]
    public void Load_of_floats_keeps_their_range()
    {
        var image = Enumerable.Range(0, 24).Select(i => i * 100f).ToArray();
        using var examples = ImageExamples.Load(TestRows.Floats((image, 1)), Loading with { Network = new AnySize() });
        using var batch = examples.Load([0], augmentationSeed: null);

        Assert.AreSequenceEqual([1, 3, 2, 4], batch.Inputs.shape);
        Assert.AreSequenceEqual(image, batch.Inputs.data<float>().ToArray());
    }

    [TestMethod]
    public void Statistics_bring_these_examples_to_mean_zero_and_deviation_one()
    {
        using var scope = NewDisposeScope();
        using var all = Examples(30);
        var (train, validation) = all.Split(0.3, seed: 1);
        var statistics = train.Statistics();

        using var batch = train.With(statistics).Load(RowOrder.Of(train.Count, null), augmentationSeed: null);

        Assert.AreEqual(0, batch.Inputs.mean().ToSingle(), 1e-5);
        Assert.AreEqual(1, batch.Inputs.pow(2).mean().ToSingle(), 1e-5);
        Assert.AreNotEqual(statistics, validation.Statistics());
    }

    [TestMethod]
    [DataRow(0.1, 27, 3)]
    [DataRow(0.001, 29, 1)]
    [DataRow(1, 1, 29)]
    public void Split_parts_the_rows_by_fraction(double fraction, int train, int validation)
    {
        using var all = Examples(30);
        var parts = all.Split(fraction, seed: 3);

        Assert.AreEqual(train, parts.Train.Count);
        Assert.AreEqual(validation, parts.Validation.Count);
        Assert.AreSequenceEqual(Firsts(all).Order(), Firsts(parts.Train).Concat(Firsts(parts.Validation)).Order());
    }

    [TestMethod]
    public void Split_repeats_by_the_seed()
    {
        using var all = Examples(30);
        Assert.AreSequenceEqual(Firsts(all.Split(0.5, seed: 3).Train), Firsts(all.Split(0.5, seed: 3).Train));
        Assert.AreNotSequenceEqual(Firsts(all.Split(0.5, seed: 4).Train), Firsts(all.Split(0.5, seed: 3).Train));
    }

    [TestMethod]
    public void Split_of_one_row_is_refused()
    {
        using var one = Examples(1);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => one.Split(0.1, seed: 1));
        Assert.AreEqual("Cannot set rows aside for validation: there is only one. Give more data, or set ValidationSetFraction to null.", error.Message);
    }

    [TestMethod]
    public void Labels_are_those_of_the_rows()
    {
        using var all = Examples(10);
        Assert.AreSequenceEqual([0L, 1, 2, 0, 1, 2, 0, 1, 2, 0], all.Labels);
    }

    [TestMethod]
    public void Batches_visit_every_row_once()
    {
        using var all = Examples(10);
        Assert.AreSequenceEqual([4, 4, 2], all.Batches(4, shuffleSeed: 1).Select(batch => batch.Length));
        Assert.AreSequenceEqual(Enumerable.Range(0, 10), all.Batches(4, shuffleSeed: 1).SelectMany(batch => batch).Order());
        Assert.AreSequenceEqual(Enumerable.Range(0, 10), all.Batches(4, shuffleSeed: null).SelectMany(batch => batch));
    }

    [TestMethod]
    public void Load_from_many_threads_gives_what_one_gives()
    {
        using var all = Examples(30);
        var examples = all.With(all.Statistics(), new Augmentation());
        var alone = Enumerable.Range(0, 40).Select(seed => Values(examples, [seed % 30, 3, 7], seed)).ToArray();

        Parallel.For(0, 40, seed => Assert.AreSequenceEqual(alone[seed], Values(examples, [seed % 30, 3, 7], seed)));
    }

    [TestMethod]
    public void Load_leaves_no_tensor_but_the_batch_and_that_outside_of_any_scope()
    {
        using var all = Examples(10);
        var examples = all.With(all.Statistics(), new Augmentation());
        var before = LiveTensors.Before();
        Batch batch;
        using (NewDisposeScope())
            batch = examples.Load([0, 1], augmentationSeed: 1);

        Assert.AreEqual(before + 2, Tensor.TotalCount);
        Assert.IsFalse(batch.Inputs.IsInvalid || batch.Labels.IsInvalid);
        batch.Dispose();
        Assert.AreEqual(before, Tensor.TotalCount);
    }

    [TestMethod]
    public void Load_after_Dispose_is_refused()
    {
        var examples = Examples(2);
        var view = examples.With(Normalization.None(1));
        examples.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => view.Load([0], augmentationSeed: null));
    }

    [TestMethod]
    public void To_the_same_device_is_the_same_batch()
    {
        using var examples = Examples(2);
        using var batch = examples.Load([0, 1], augmentationSeed: null);
        Assert.AreEqual(batch, batch.MoveTo(CPU));
    }

    static ImageLoading Loading => new() { ImageColumn = "Image", LabelColumn = "Label", Network = new CifarResNet(8), Decoding = TestRows.Decoding };

    // Images of 5×4; row i begins with the brightness 10 i, and goes up by one to the right.
    static ImageExamples Examples(int rows) =>
        ImageExamples.Load(TestRows.Encoded([.. Enumerable.Range(0, rows).Select(i => (TestImages.GreyPng(5, 4, (x, y) => i < 25 ? 10 * i + x + y : i), (uint)(1 + i % 3)))]), Loading);

    static float[] Values(ImageExamples examples, int[] rows, long? seed)
    {
        using var batch = examples.Load(rows, seed);
        return batch.Inputs.data<float>().ToArray();
    }

    static float[] Firsts(ImageExamples examples) =>
        [.. Enumerable.Range(0, examples.Count).Select(row => Values(examples, [row], seed: null)[0])];

    sealed record AnySize : ImageNetwork
    {
        public override int DefaultSize => 32;

        protected override nn.Module<Tensor, Tensor> Create(ImageShape input, int classes) => nn.Flatten();
    }
}
