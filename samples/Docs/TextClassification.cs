using Microsoft.ML;
using Microsoft.ML.SharpnessAware;

namespace Docs;

/// <summary>The code of docs/text-classification.md.</summary>
public static class TextClassification
{
    /// <summary>Trains each network from scratch, with plain training, and evaluates it.</summary>
    /// <returns>The accuracy of each, in the order of the page.</returns>
    public static IReadOnlyList<double> Compare(MLContext ml, IDataView train, IDataView test)
    {
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
                Epoch = 10,
            }).Fit(train);
            accuracies.Add(ml.MulticlassClassification.Evaluate(model.Transform(test)).MicroAccuracy);
        }
        #endregion

        return accuracies;
    }

    /// <summary>The options for a network of BERT's kind in a folder.</summary>
    public static SamTextTrainer.Options Bert(string folder)
    {
        #region bert
        var options = new SamTextTrainer.Options
        {
            Sentence1ColumnName = "Text",
            Network = BertEncoder.FromFolder(folder) with { LayerDecay = 0.9 },
            Tokenizer = new WordPieceVocabulary(folder), // for RoBERTa: new BytePairVocabulary(folder)
            Optimizer = new AdamW(LearningRate: 3e-5),
            MaxLength = 128, // no more than the network has positions
            Epoch = 3,
        };
        #endregion
        return options;
    }

    /// <summary>The options for pairs of texts.</summary>
    public static SamTextTrainer.Options Pairs()
    {
        #region pairs
        var options = new SamTextTrainer.Options
        {
            Sentence1ColumnName = "Premise",
            Sentence2ColumnName = "Hypothesis",
            Network = new TextTransformer(),
        };
        #endregion
        return options;
    }
}
