using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Programs for ML.NET's TextClassification after the move; docs/migrating-from-textclassification.md shows them.</summary>
[TestClass]
public class FromTextClassificationTests
{
    readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void Program_with_the_trainer_s_name_changed_trains_and_evaluates()
    {
        var mlContext = _ml;
        var (train, test) = (Rows(24), Rows(9));

        #region after
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.MulticlassClassification.Trainers.SamText(labelColumnName: "Label", sentence1ColumnName: "Text", maxEpochs: 3))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

        var model = pipeline.Fit(train);
        var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(test));
        #endregion

        Assert.HasCount(3, metrics.ConfusionMatrix.PerClassRecall);
    }

    [TestMethod]
    public void Trained_network_with_TextClassification_s_settings_trains()
    {
        var mlContext = _ml;
        using var bert = TinyFolder.WithVocabulary("bert");
        var folder = bert.Path;

        #region trained
        var options = new SamTextTrainer.Options
        {
            Sentence1ColumnName = "Text",
            Network = BertEncoder.FromFolder(folder), // such as a downloaded all-MiniLM-L6-v2
            Tokenizer = new WordPieceVocabulary(folder),
            Optimizer = new AdamW(LearningRate: 1e-4, WeightDecay: 0),
            Schedule = new WarmupSchedule(Epochs: 0.6, new LinearSchedule(EndFactor: 0.9)),
            BatchSize = 32,
            Epoch = 10,
            ClipNorm = 5,
            Sharpness = new Sam(), // or new Plain(), for one pass a step
        };
        #endregion

        (options.MaxLength, options.Epoch) = (8, 1);
        var rows = Pictures.Keyed(_ml, Rows(12));
        using var model = mlContext.MulticlassClassification.Trainers.SamText(options).Fit(rows);
        Assert.HasCount(12, model.Transform(rows).GetColumn<uint>("PredictedLabel").ToArray());
    }

    IDataView Rows(int count) => Sentences.RowsOf(i => new { Text = Sentences.Text(i), Sentences.Row(i).Label })(_ml, count);
}
