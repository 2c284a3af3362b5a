using System.Security.Cryptography;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class TextExamplesTests
{
    static readonly MLContext Ml = new(seed: 1);

    [TestMethod]
    public void Load_gives_ids_filled_up_to_the_longest_row_and_sentences()
    {
        using var examples = Examples(["a b", "a", ""], second: ["b", "c d d", ""]);

        using var batch = examples.Load([0, 2, 1], augmentationSeed: null);

        Assert.AreSequenceEqual([3L, 2, 7], batch.Inputs.shape);
        Assert.AreEqual(ScalarType.Int64, batch.Inputs.dtype);
        // Padding 0, start 1, separator 2; then words, first those that occur more often: a, b and d twice, c once.
        Assert.AreSequenceEqual(
            [1L, 3, 4, 2, 4, 2, 0, 0, 0, 0, 0, 1, 1, 0,
             1, 2, 2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0,
             1, 3, 2, 6, 5, 5, 2, 0, 0, 0, 1, 1, 1, 1],
            batch.Inputs.data<long>().ToArray());
        Assert.AreSequenceEqual([0L, 2, 1], batch.Labels.data<long>().ToArray());
    }

    [TestMethod]
    public void Load_of_single_texts_has_one_sentence_and_cuts_what_is_too_long()
    {
        using var examples = Examples(["a b", "a a a a a a a a a"], second: null, maxLength: 6);

        using var batch = examples.Load([0, 1], augmentationSeed: null);

        Assert.AreSequenceEqual([2L, 2, 6], batch.Inputs.shape);
        Assert.AreEqual(0, batch.Inputs.select(1, 1).sum().ToInt64());
    }

    [TestMethod]
    public void Batches_have_every_row_once_and_another_order_for_another_seed()
    {
        using var examples = Examples([.. Enumerable.Range(0, 101).Select(i => new string('a', i % 7).Replace("a", "a "))]);

        foreach (var seed in new long?[] { null, 1, 2 })
            Assert.AreSequenceEqual(Enumerable.Range(0, 101), examples.Batches(10, seed).SelectMany(rows => rows).Order());
        Assert.AreSequenceEqual(Flat(1), Flat(1));
        Assert.AreNotSequenceEqual(Flat(1), Flat(2));
        Assert.IsTrue(examples.Batches(10, 1).All(rows => rows.Length is >= 9 and <= 11), "the last row joins a batch");

        int[] Flat(long seed) => [.. examples.Batches(10, seed).SelectMany(rows => rows)];
    }

    [TestMethod]
    [DataRow("trec/train.tsv", "label", "text")]
    [DataRow("sst2_sentences/train.tsv", "label", "text")]
    [DataRow("spamassassin/train.tsv", "label", "text")]
    [DataRow("corefx-issues-train.tsv", "Area", "Description")]
    public void Batches_of_real_texts_are_less_than_a_tenth_padding(string file, string label, string text)
    {
        var texts = new LabelledTextLoader(RealTexts.Keyed(Ml, file, label), new() { Sentence1Column = text, LabelColumn = label }).Load();
        using var examples = TextExamples.Of(texts, new LearnedVocabulary().CreateEncoder(texts.Texts.Select(pair => pair.First)), maxLength: 256, () => { });

        foreach (var batchSize in new[] { 16, 32 })
        {
            var (all, padding) = (0L, 0L);
            foreach (var rows in examples.Batches(batchSize, shuffleSeed: 1))
            {
                using var batch = examples.Load(rows, augmentationSeed: null);
                using var ids = batch.Inputs.select(1, 0);
                all += ids.numel();
                padding += ids.eq(0).sum().ToInt64();
            }
            Assert.IsLessThan(0.1, (double)padding / all, $"of batches of {batchSize}");
        }
    }

    [TestMethod]
    public void Hash_tells_where_a_text_ends_and_what_its_label_is()
    {
        string[] hashes =
        [
            Hash(["ab", "c"], [1, 2]), Hash(["a", "bc"], [1, 2]), Hash(["ab", "c"], [2, 1]), Hash(["ab", "c"], [1, 2], second: ["", ""]),
            Hash(["AB", "c"], [1, 2]),
        ];

        Assert.HasCount(hashes.Length, hashes.Distinct());
        Assert.AreEqual(hashes[0], Hash(["ab", "c"], [1, 2]));
    }

    [TestMethod]
    public void Split_divides_the_rows()
    {
        using var texts = Texts([.. Enumerable.Range(0, 10).Select(i => $"{i}")], null, null);

        var (train, validation) = texts.Split(0.3, seed: 5);

        Assert.AreEqual(3, validation.Count);
        Assert.AreSequenceEqual(Enumerable.Range(0, 10).Select(i => $"{i}"), train.Texts.Concat(validation.Texts).Select(pair => pair.First).Order());
    }

    static string Hash(string[] first, uint[] labels, string[]? second = null)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Texts(first, second, labels).AddTo(hash);
        return Convert.ToHexString(hash.GetHashAndReset());
    }

    static TextExamples Examples(string[] first, string[]? second = null, int maxLength = 20)
    {
        var texts = Texts(first, second, null);
        var all = texts.Texts.SelectMany(pair => new[] { pair.First, pair.Second ?? "" });
        return TextExamples.Of(texts, new LearnedVocabulary(MinCount: 1, Buckets: 1).CreateEncoder(all), maxLength, () => { });
    }

    static LabelledTexts Texts(string[] first, string[]? second, uint[]? labels)
    {
        var rows = Ml.Data.LoadFromEnumerable(first.Select((text, i) => new Pair { First = text, Second = second?[i], Label = labels?[i] ?? (uint)(i % 3) }));
        return new LabelledTextLoader(rows, new() { Sentence1Column = "First", Sentence2Column = second is null ? null : "Second", LabelColumn = "Label" }).Load();
    }

    sealed class Pair
    {
        public string? First { get; set; }

        public string? Second { get; set; }

        [Microsoft.ML.Data.KeyType(3)]
        public uint Label { get; set; }
    }
}
