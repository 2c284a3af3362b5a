namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>The code of docs/report.md on explanations.</summary>
[TestClass]
public class ExplanationPageTests
{
    [TestMethod]
    public void Images_are_explained_by_heat_maps()
    {
        var ml = new MLContext(seed: 1);
        var images = Pictures.Rows(ml);
        var model = TinyTraining.Pipeline(ml).Fit(images);
        var shown = 0;

        #region images
        foreach (var image in ml.MulticlassClassification.ExplainImages(model, images, new ExplainImagesOptions { Rows = [0, 7] }))
        {
            float[,] heat = image.HeatMap.Values; // from 0 to 1, by row and column of the pixel
            Show(image.Row, image.Class, image.Probability, heat);
        }
        #endregion

        Assert.AreEqual(2, shown);

        void Show(long row, string name, double probability, float[,] heat)
        {
            shown++;
            Assert.AreEqual((8, 8), (heat.GetLength(0), heat.GetLength(1)));
            Assert.IsTrue(row is 0 or 7 && name.Length > 0 && probability > 0);
        }
    }

    [TestMethod]
    public void Texts_are_explained_by_scores_of_their_words()
    {
        var ml = new MLContext(seed: 1);
        var texts = Sentences.Rows(ml);
        var model = TinyText.Pipeline(ml).Fit(texts);
        var words = new List<string>();

        #region texts
        foreach (var text in ml.MulticlassClassification.ExplainTexts(model, texts, new ExplainTextsOptions { Class = "music" }))
            foreach (var word in text.Tokens.OrderByDescending(token => token.Score).Take(3))
                words.Add($"'{word.Text}' at {word.Start} speaks for music by {word.Score:0.00}");
        #endregion

        Assert.HasCount(36, words);
    }
}
