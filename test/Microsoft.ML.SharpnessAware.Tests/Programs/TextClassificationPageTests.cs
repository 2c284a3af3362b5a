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
        var ml = _ml;
        var (train, test, epochs) = (Texts(300), Texts(30), 5);
        var accuracies = new List<double>();

        #region compare
        (TextNetwork Network, double LearningRate)[] candidates =
        [
            (new BagOfEmbeddings(), 0.01),
            (new TextCnn(), 0.001),
            (new TextTransformer(), 0.001),
        ];
        foreach (var (network, learningRate) in candidates)
        {
            using var model = ml.MulticlassClassification.Trainers.SamText(new SamTextTrainer.Options
            {
                Sentence1ColumnName = "Text",
                Network = network,
                Optimizer = new AdamW(learningRate),
                Sharpness = new Plain(), // first which network, then which rule
                Epoch = epochs,
            }).Fit(train);
            accuracies.Add(ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy);
        }
        #endregion

        Assert.HasCount(3, accuracies);
        Assert.IsGreaterThan(0.9, accuracies[0], "each class has words of its own, and a bag of embeddings sees words");
    }

    [TestMethod]
    public void Pairs_of_texts_are_told_apart_by_the_second()
    {
        var rows = Pictures.Keyed(_ml, Sentences.RowsOf(i => new { Premise = "it is said that", Hypothesis = Sentences.Text(i), Sentences.Row(i).Label })(_ml, 60));

        #region pairs
        var options = new SamTextTrainer.Options
        {
            Sentence1ColumnName = "Premise",
            Sentence2ColumnName = "Hypothesis",
            Network = new TextTransformer(),
        };
        #endregion

        (options.Optimizer, options.ValidationSetFraction) = (new AdamW(0.01), null);
        using var model = _ml.MulticlassClassification.Trainers.SamText(options).Fit(rows);
        Assert.IsGreaterThan(0.9, _ml.MulticlassClassification.Evaluate(model.Transform(rows)).MicroAccuracy, "all that the first texts say is the same");
    }

    [TestMethod]
    public void Folder_of_a_trained_network_gives_weights_and_vocabulary()
    {
        using var bert = TinyFolder.WithVocabulary("bert");
        var folder = bert.Path;

        #region bert
        var options = new SamTextTrainer.Options
        {
            Sentence1ColumnName = "Text",
            Network = BertEncoder.FromFolder(folder) with { LayerDecay = 0.9 },
            Tokenizer = new WordPieceVocabulary(folder), // for RoBERTa: new BytePairVocabulary(folder)
            Optimizer = new AdamW(LearningRate: 3e-5),
            MaxLength = 8, // such as 128; no more than the network has positions
            Epoch = 3,
        };
        #endregion

        using var model = _ml.MulticlassClassification.Trainers.SamText(options).Fit(Texts(12));
        Assert.HasCount(12, model.Transform(Texts(12)).GetColumn<uint>("PredictedLabel").ToArray());
    }

    IDataView Texts(int count) => Pictures.Keyed(_ml, Sentences.RowsOf(i => new { Text = Sentences.Text(i), Sentences.Row(i).Label })(_ml, count));
}
