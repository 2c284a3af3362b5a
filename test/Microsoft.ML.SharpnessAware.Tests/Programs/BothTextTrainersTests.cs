using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.SharpnessAware;
using Microsoft.ML.TorchSharp;
using Microsoft.ML.TorchSharp.NasBert;

namespace UserProgram;

/// <summary>A program that has both text trainers side by side, as its `using`s let it: nothing here is ambiguous.</summary>
[TestClass]
public class BothTextTrainersTests
{
    [TestMethod]
    public void One_program_makes_both_trainers_and_trains_ours()
    {
        var ml = new MLContext(seed: 1);
        var trainers = ml.MulticlassClassification.Trainers;
        var texts = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 12).Select(i => new Text { Sentence1 = i % 2 == 0 ? "rain and wind" : "bread and soup", Label = i % 2 == 0 ? "weather" : "food" }));
        var keys = ml.Transforms.Conversion.MapValueToKey("Label");

        TextClassificationTrainer theirs = trainers.TextClassification(labelColumnName: "Label", sentence1ColumnName: "Sentence1", maxEpochs: 3);
        SamTextTrainer ours = trainers.SamText(labelColumnName: "Label", sentence1ColumnName: "Sentence1", maxEpochs: 3);
        TextClassificationTrainer theirsByOptions = trainers.TextClassification(new TextClassificationTrainer.TextClassificationOptions { BatchSize = 4 });
        SamTextTrainer oursByOptions = trainers.SamText(new SamTextTrainer.Options { BatchSize = 4, Optimizer = new AdamW(0.03), Network = new BagOfEmbeddings(), Epoch = 5, ValidationSetFraction = null, Seed = 1 });

        using var model = keys.Append(oursByOptions).Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(texts);
        CollectionAssert.AreEqual(
            Enumerable.Range(0, 12).Select(i => i % 2 == 0 ? "weather" : "food").ToArray(),
            model.Transform(texts).GetColumn<string>("PredictedLabel").ToArray());
        Assert.AreNotSame<object>(theirs, ours);
        Assert.AreNotSame<object>(theirsByOptions, oursByOptions);
    }

    sealed class Text
    {
        public string? Sentence1 { get; set; }

        public string? Label { get; set; }
    }
}
