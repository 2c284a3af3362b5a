using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class ValidationTests
{
    [TestMethod]
    public void Of_counts_every_class_by_itself_over_all_batches()
    {
        using var net = AlwaysFirst();
        // 9 of 10 rows are of the class that the network always answers; class 2 has none.
        using var rows = new FakeExamples(10, row => row == 3 ? 1 : 0);

        var result = Validation.Of(net, rows, CheckpointedRun.Plan);

        Assert.AreEqual(0.9, result.Accuracy);
        Assert.AreEqual(0.5, result.MacroAccuracy, "the mean of 1 and 0");
    }

    [TestMethod]
    public void MacroAccuracy_is_that_of_ML_NETs_evaluation()
    {
        var ml = new MLContext(seed: 1);
        var labels = new[] { 0, 0, 0, 0, 1, 1, 2 };
        var answers = new[] { 0, 0, 0, 1, 1, 0, 0 };
        var scored = ml.Data.LoadFromEnumerable(labels.Zip(answers, (label, answer) => new Answered { Label = (uint)label, PredictedLabel = (uint)answer, Score = Scores(answer) }), SchemaOfFourClasses());
        var expected = ml.MulticlassClassification.Evaluate(scored);

        using var scope = NewDisposeScope();
        var hits = new ClassHits();
        foreach (var (label, answer) in labels.Zip(answers))
            hits.Add(label, Validation.Hit(tensor(Scores(answer), [1, 4]), tensor(new long[] { label })).ToBoolean());

        Assert.AreEqual(expected.MacroAccuracy, hits.MacroAccuracy, 1e-15);
        Assert.AreEqual((3 / 4.0 + 1 / 2.0 + 0) / 3, hits.MacroAccuracy, 1e-15);
        Assert.AreEqual(expected.MicroAccuracy, hits.Accuracy, 1e-15);
    }

    static float[] Scores(int answer) => [.. Enumerable.Range(0, 4).Select(i => i == answer ? 0.7f : 0.1f)];

    static nn.Module<Tensor, Tensor> AlwaysFirst()
    {
        var fc = nn.Linear(2, 3);
        using (no_grad())
        {
            fc.weight!.fill_(0);
            fc.bias!.copy_(tensor(new float[] { 1, 0, 0 }));
        }
        return fc;
    }

    static SchemaDefinition SchemaOfFourClasses()
    {
        var schema = SchemaDefinition.Create(typeof(Answered));
        schema[nameof(Answered.Label)].ColumnType = new KeyDataViewType(typeof(uint), 4);
        schema[nameof(Answered.PredictedLabel)].ColumnType = new KeyDataViewType(typeof(uint), 4);
        schema[nameof(Answered.Score)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 4);
        return schema;
    }

    sealed class Answered
    {
        public uint Label { get; set; }

        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }
}
