namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Programs that score with other classes than they trained with: without a label, or with a plain number in its place.</summary>
[TestClass]
public class ScoringTypesProgramTests
{
    [TestMethod]
    public void Images_are_scored_without_a_label_and_with_a_number_in_its_place()
    {
        var ml = new MLContext(seed: 1);
        var rows = Pictures.KeyedRows(ml);
        var model = TinyTraining.Trainer(ml).Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(rows);
        var loaded = SavedModel.Load(new MLContext(), SavedModel.Of(ml, model, rows.Schema));
        using var unlabelled = ml.Model.CreatePredictionEngine<PictureOnly, PictureAnswer>(loaded, new PredictionEngineOptions { OwnsTransformer = false });
        using var numbered = ml.Model.CreatePredictionEngine<NumberedPicture, PictureAnswer>(loaded, new PredictionEngineOptions { OwnsTransformer = false });

        for (var i = 0; i < 3; i++)
            AreEqual(unlabelled.Predict(new PictureOnly { Image = Pictures.Png(i) }), numbered.Predict(new NumberedPicture { Image = Pictures.Png(i), Label = 77 }));
    }

    [TestMethod]
    public void Texts_are_scored_without_a_label_and_with_a_number_in_its_place()
    {
        var ml = new MLContext(seed: 1);
        var rows = Sentences.KeyedRows(ml);
        var model = TinyText.Trainer(ml).Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(rows);
        var loaded = SavedModel.Load(new MLContext(), SavedModel.Of(ml, model, rows.Schema));
        using var unlabelled = ml.Model.CreatePredictionEngine<SentenceOnly, PictureAnswer>(loaded, new PredictionEngineOptions { OwnsTransformer = false });
        using var numbered = ml.Model.CreatePredictionEngine<NumberedSentence, PictureAnswer>(loaded, new PredictionEngineOptions { OwnsTransformer = false });

        for (var i = 0; i < 3; i++)
            AreEqual(unlabelled.Predict(new SentenceOnly { Sentence1 = Sentences.Text(i) }), numbered.Predict(new NumberedSentence { Sentence1 = Sentences.Text(i), Label = 77 }));
    }

    static void AreEqual(PictureAnswer expected, PictureAnswer actual)
    {
        Assert.AreEqual(expected.Label, actual.Label);
        CollectionAssert.AreEqual(expected.Score, actual.Score);
    }

    sealed class NumberedPicture
    {
        public byte[]? Image { get; set; }

        public uint Label { get; set; }
    }

    sealed class NumberedSentence
    {
        public string? Sentence1 { get; set; }

        public uint Label { get; set; }
    }
}
