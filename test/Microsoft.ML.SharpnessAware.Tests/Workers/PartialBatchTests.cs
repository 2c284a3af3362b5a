using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Some rows of a batch, loaded by themselves, are what they are in the whole batch, whatever changes them.</summary>
[TestClass]
public class PartialBatchTests
{
    const int Pixels = 3 * 9 * 6;

    static readonly int[] _rows = [7, 2, 5, 0, 9, 4];

    static readonly Augmentation _all = new()
    {
        VerticalFlip = true,
        RandomResizedCrop = new(),
        ColorJitter = new(Hue: 0.1),
        RandAugment = new(),
        RandomErasing = new(Probability: 0.8),
        Cutout = new(Size: 3),
    };

    static readonly Dictionary<string, Func<IExamples>> _examples = new()
    {
        ["images"] = () => Images(null),
        ["images, changed in all ways"] = () => Images(_all),
        ["images, mixed"] = () => MixedExamples.Of(Images(new Augmentation()), new Augmentation { MixUp = new(Alpha: 1) }),
        ["images, cut"] = () => MixedExamples.Of(Images(new Augmentation()), new Augmentation { CutMix = new() }),
        ["images with weights, mixed or cut"] = () => MixedExamples.Of(Weighted(Images(_all)), new Augmentation { MixUp = new(), CutMix = new() }),
        ["texts"] = Texts,
    };

    static IEnumerable<object[]> Kinds() => from kind in _examples.Keys from seed in new long[] { 1, 2, 3 } select new object[] { kind, seed };

    [TestMethod]
    [DynamicData(nameof(Kinds))]
    public void Rows_at_places_are_those_of_the_whole_batch(string kind, long seed)
    {
        using var scope = NewDisposeScope();
        using var examples = _examples[kind]();
        var whole = examples.Load(_rows, seed);

        foreach (var places in new int[][] { [0, 1, 2], [3, 4, 5], [4], [5, 0] })
        {
            var part = examples.Load(_rows, seed, places);
            var index = tensor(Array.ConvertAll(places, place => (long)place));
            Assert.AreEqual(0, (whole.Inputs.index_select(0, index) - part.Inputs).abs().max().to(ScalarType.Float64).ToDouble(), 1e-6, "float32, in another number of rows");
            Assert.HasCount(whole.Targets.Count, part.Targets);
            foreach (var (all, some) in whole.Targets.Zip(part.Targets))
            {
                Assert.AreSequenceEqual(all.Labels.index_select(0, index).data<long>().ToArray(), some.Labels.data<long>().ToArray());
                Assert.AreSequenceEqual(all.Weights?.index_select(0, index).data<float>().ToArray() ?? [], some.Weights?.data<float>().ToArray() ?? []);
            }
        }
    }

    static ImageExamples Images(Augmentation? augmentation)
    {
        var rows = new MLContext().Data.LoadFromEnumerable(Enumerable.Range(0, 10).Select(row => new Picture { Image = [.. Enumerable.Range(0, Pixels).Select(pixel => (MathF.Sin(pixel * (row + 1)) + 1) / 2)], Label = (uint)row % 3 }));
        return ImageExamples.Load(rows, new() { ImageColumn = "Image", LabelColumn = "Label", Network = null, Shape = new ImageShape(3, 9, 6), Decoding = TestRows.Decoding }).With(Normalization.None(3), augmentation);
    }

    static IExamples Weighted(IExamples examples) => WeightedExamples.Of(examples, [.. Enumerable.Range(1, 10).Select(row => row / 5f)]);

    static TextExamples Texts()
    {
        var rows = new MLContext().Data.LoadFromEnumerable(Enumerable.Range(0, 10).Select(row => new Sentence { Text = string.Concat(Enumerable.Repeat("word ", row)), Label = (uint)row % 3 }));
        var texts = new LabelledTextLoader(rows, new() { Sentence1Column = "Text", Sentence2Column = null, LabelColumn = "Label" }).Load();
        return TextExamples.Of(texts, new LearnedVocabulary(MinCount: 1, Buckets: 1).CreateEncoder(texts.Texts.Select(pair => pair.First)), maxLength: 20, () => { });
    }

    sealed class Picture
    {
        [VectorType(3, 9, 6)]
        public float[] Image { get; set; } = [];

        [KeyType(3)]
        public uint Label { get; set; }
    }

    sealed class Sentence
    {
        public string Text { get; set; } = "";

        [KeyType(3)]
        public uint Label { get; set; }
    }
}
