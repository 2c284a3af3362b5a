using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>The code of docs/text-classification.md, at work on small data.</summary>
[TestClass]
public class TextClassificationPageTests
{
    readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Networks_are_compared_on_the_same_rows()
    {
        var accuracies = Docs.TextClassification.Compare(_ml, Texts(300), Texts(30));

        Assert.HasCount(3, accuracies);
        Assert.IsGreaterThan(0.9, accuracies[0], "each class has words of its own, and a bag of embeddings sees words");
    }

    [TestMethod]
    public void Pairs_of_texts_are_told_apart_by_the_second()
    {
        var rows = Pictures.Keyed(_ml, Sentences.RowsOf(i => new { Premise = "it is said that", Hypothesis = Sentences.Text(i), Sentences.Row(i).Label })(_ml, 60));
        var options = Docs.TextClassification.Pairs();
        (options.Optimizer, options.ValidationSetFraction) = (new AdamW(0.01), null);

        using var model = _ml.MulticlassClassification.Trainers.SamText(options).Fit(rows);

        Assert.IsGreaterThan(0.9, _ml.MulticlassClassification.Evaluate(model.Transform(rows)).MicroAccuracy, "all that the first texts say is the same");
    }

    [TestMethod]
    public void Folder_of_a_trained_network_gives_weights_and_vocabulary()
    {
        using var bert = TinyFolder.WithVocabulary("bert");
        var options = Docs.TextClassification.Bert(bert.Path);
        options.MaxLength = 8; // the tiny network's positions

        using var model = _ml.MulticlassClassification.Trainers.SamText(options).Fit(Texts(12));

        Assert.HasCount(12, model.Transform(Texts(12)).GetColumn<uint>("PredictedLabel").ToArray());
    }

    IDataView Texts(int count) => Pictures.Keyed(_ml, Sentences.RowsOf(i => new { Text = Sentences.Text(i), Sentences.Row(i).Label })(_ml, count));
}
