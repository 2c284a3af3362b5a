namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class RealPhotographsTests
{
    // From fresh weights, 64×64 grey pixels and ten epochs; of trained weights more is to be expected.
    [TestMethod]
    public void Fit_tells_cracks_in_concrete_from_none_far_better_than_chance()
    {
        var ml = new MLContext(seed: 1);
        var parts = ml.Data.TrainTestSplit(RealPhotographs.Keyed(ml), testFraction: 0.2, seed: 1);
        var trainer = ml.MulticlassClassification.Trainers.SamImage(new SamImageTrainer.Options
        {
            FeatureColumnName = "Image",
            Network = new CifarResNet(8),
            ImageShape = new ImageShape(1, 64, 64),
            Augmentation = new Augmentation { VerticalFlip = true },
            Optimizer = new Sgd(LearningRate: 0.05),
            BatchSize = 16,
            Epoch = 10,
            ValidationSetFraction = null,
            Seed = 1,
        });

        using var model = trainer.Fit(parts.TrainSet);

        // Half of the rows are of each class: 0.66 is three standard deviations of guessing above one half.
        Assert.IsGreaterThan(0.66, ml.MulticlassClassification.Evaluate(model.Transform(parts.TestSet)).MicroAccuracy);
    }
}
