using Microsoft.ML.Data;

namespace MlnetSam.Tests;

[TestClass]
public sealed class DataSplitTests
{
    [TestMethod]
    public void Each_class_has_the_same_share_in_both_parts_and_no_row_is_in_both()
    {
        string[] labels = [.. Enumerable.Repeat("a", 50), .. Enumerable.Repeat("b", 10), .. Enumerable.Repeat("", 3), "c"];
        var split = Split(labels, seed: 1);

        CollectionAssert.AreEqual(new[] { new ClassCount("a", 40, 10), new ClassCount("b", 8, 2), new ClassCount("c", 1, 0) }, split.Classes.ToArray());
        Assert.AreEqual(3, split.WithoutLabel);
        int[] train = Numbers(split.Train), test = Numbers(split.Test);
        Assert.HasCount(49, train);
        Assert.HasCount(12, test);
        Assert.IsEmpty(train.Intersect(test));
        Assert.IsFalse(train.Concat(test).Any(row => labels[row] == ""), "a row without a label");
        Assert.AreEqual("49 rows to train on and 12 to test on, of 3 classes: 'a' 40 + 10, 'b' 8 + 2, 'c' 1 + 0. 3 rows without a label are left out.", split.Describe("rows"));
    }

    [TestMethod]
    public void Seed_draws_the_rows()
    {
        string[] labels = [.. Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? "a" : "b")];

        CollectionAssert.AreEqual(Numbers(Split(labels, seed: 1).Test), Numbers(Split(labels, seed: 1).Test));
        CollectionAssert.AreNotEqual(Numbers(Split(labels, seed: 1).Test), Numbers(Split(labels, seed: 2).Test));
    }

    [TestMethod]
    public void Large_file_is_read_without_being_kept()
    {
        using var folder = new TempFolder();
        var file = folder["large.tsv"];
        using (var writer = new StreamWriter(file))
        {
            writer.Write("Topic\tText\n");
            var text = string.Concat(Enumerable.Repeat("sun and rain ", 800));
            for (var i = 0; i < 20_000; i++)
                writer.Write($"{(i % 2 == 0 ? "sky" : "food")}\t{i} {text}\n");
        }
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var format = TextFileFormat.Of(file, hasHeader: true);
        var task = new TextTask { Dataset = file, Format = format, LabelIndex = 0, TextIndex = 1, Network = new BagOfEmbeddings() };

        var split = task.Load(new MLContext(), seed: 1, warn: Assert.Fail);

        Assert.IsGreaterThan(200_000_000, new FileInfo(file).Length);
        Assert.AreEqual(16_000, split.TrainRows);
        Assert.IsLessThan(50_000_000, GC.GetTotalMemory(forceFullCollection: true) - before, "bytes that are kept of it");
        GC.KeepAlive(split);
    }

    static DataSplit Split(string[] labels, int seed) =>
        DataSplit.Of(new MLContext().Data.LoadFromEnumerable(labels.Select((_, i) => new Row { Number = i }).ToArray()), labels, "rows", seed);

    static int[] Numbers(IDataView rows) => [.. rows.GetColumn<int>(nameof(Row.Number))];

    sealed class Row
    {
        public int Number { get; set; }
    }
}
