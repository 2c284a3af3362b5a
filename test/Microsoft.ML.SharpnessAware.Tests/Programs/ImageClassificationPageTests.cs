namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>The program of docs/image-classification.md, at work on small pictures.</summary>
[TestClass]
public class ImageClassificationPageTests
{
    [TestMethod]
    public void Program_of_the_page_trains_evaluates_saves_and_answers()
    {
        using var pictures = new PictureFolder(count: 60);
        var modelFile = Path.Combine(pictures.Path, "model.zip");
        var ml = new MLContext(seed: 1);

        var accuracy = Docs.ImageClassification.Train(ml, pictures.Path, modelFile);

        Assert.IsGreaterThan(0.5, accuracy, "chance is a third");
        using var engine = ml.Model.CreatePredictionEngine<ImageFile, PictureAnswer>(ml.Model.Load(modelFile, out _));
        Assert.Contains(engine.Predict(new ImageFile { ImagePath = pictures.Files.First(file => file.EndsWith(".png")) }).Label, new[] { "across", "down", "plain" });
    }

    sealed class ImageFile
    {
        public string? ImagePath { get; set; }

        public string? Label { get; set; }
    }
}
