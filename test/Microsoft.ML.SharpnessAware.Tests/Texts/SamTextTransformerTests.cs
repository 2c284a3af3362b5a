namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class SamTextTransformerTests
{
    [TestMethod]
    public void Transform_of_texts_of_all_lengths_gives_each_row_the_scores_it_has_alone()
    {
        var ml = new MLContext(seed: 1);
        using var model = TinyText.Trainer(ml, options => options.Epoch = 12).Fit(Sentences.KeyedRows(ml, 60));
        string Text(int i) => string.Join(' ', Enumerable.Range(0, i * 37 % 200).Select(word => Sentences.Text(i)));
        using var engine = ml.Model.CreatePredictionEngine<SentenceOnly, KeyAnswer>(model, new PredictionEngineOptions { OwnsTransformer = false });

        var together = SamImageTransformerTests.Scores(model, Sentences.RowsOf(i => new SentenceOnly { Sentence1 = Text(i) })(ml, 100));

        for (var i = 0; i < 100; i++)
            Near.Equal(
                Array.ConvertAll(engine.Predict(new SentenceOnly { Sentence1 = Text(i) }).Score, score => (double)score),
                Array.ConvertAll(together[i], score => (double)score),
                1e-5, // float32; batches of other sizes may be summed in another order
                $"row {i}");
        Assert.IsGreaterThan(0.01, together.Max(scores => scores[0]) - together.Min(scores => scores[0]), "rows that are mixed up would be seen");
    }
}
