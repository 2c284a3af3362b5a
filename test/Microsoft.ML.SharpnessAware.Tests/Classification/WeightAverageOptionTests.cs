using System.Text.Json.Nodes;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Fit with an average of weights: the model is the average, and says so.</summary>
[TestClass]
public class WeightAverageOptionTests
{
    [TestMethod]
    public void Average_that_never_begins_before_the_run_ends_is_none()
    {
        var options = Docs.TrainingOptions.Average();

        var ml = new MLContext(seed: 1);
        CollectionAssert.AreEqual(Weights(options.WeightAverage), Weights(null));

        byte[] Weights(WeightAverage? average)
        {
            using var model = TinyTraining.Trainer(ml, tiny => (tiny.Epoch, tiny.WeightAverage, tiny.MetricsCallback) = (4, average, epoch => epoch.Stop())).Fit(Pictures.KeyedRows(ml));
            return SavedModel.Entry(SavedModel.Of(ml, model), "Weights.safetensors");
        }
    }

    static IEnumerable<object[]> Averages() => [[new Ema(Decay: 0.5)], [new Swa(Start: 0.5, HoldsLearningRate: false)]];

    [TestMethod]
    [DynamicData(nameof(Averages))]
    public void Images_and_texts_end_with_other_weights_than_without(WeightAverage average)
    {
        var ml = new MLContext(seed: 1);
        foreach (var fit in new Func<WeightAverage?, byte[]>[] { Images, Texts })
        {
            var model = fit(average);
            CollectionAssert.AreNotEqual(SavedModel.Entry(fit(null), "Weights.safetensors"), SavedModel.Entry(model, "Weights.safetensors"));
            CollectionAssert.AreEqual(SavedModel.Entry(fit(average), "Weights.safetensors"), SavedModel.Entry(model, "Weights.safetensors"));
            Assert.AreEqual(average.GetType().Name, (string?)JsonNode.Parse(SavedModel.Entry(model, "Model.json"))!["Model"]!["Training"]!["WeightAverage"]!["$type"]);
        }

        byte[] Images(WeightAverage? kind)
        {
            using var model = TinyTraining.Trainer(ml, options => (options.Epoch, options.WeightAverage) = (2, kind)).Fit(Pictures.KeyedRows(ml));
            return SavedModel.Of(ml, model);
        }

        byte[] Texts(WeightAverage? kind)
        {
            using var model = TinyText.Trainer(ml, options => (options.Epoch, options.WeightAverage) = (2, kind)).Fit(Sentences.KeyedRows(ml));
            return SavedModel.Of(ml, model);
        }
    }
}
