namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>What the documentation shows of augmentation.</summary>
[TestClass]
public class AugmentedTrainingTests
{
    [TestMethod]
    public void Fit_with_the_documented_options_trains_and_scores()
    {
        var ml = new MLContext(seed: 1);
        var options = Docs.TrainingOptions.Augmented();
        (options.FeatureColumnName, options.Network, options.Epoch, options.ValidationSetFraction) = ("Image", new CifarResNet(8), 2, null);

        using var model = ml.MulticlassClassification.Trainers.SamImage(options).Fit(Pictures.KeyedRows(ml));

        Assert.IsTrue(SamImageTransformerTests.Scores(model, Pictures.Rows(ml)).All(scores => Math.Abs(scores.Sum() - 1) < 1e-5), "probabilities, in float32");
    }
}
