namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Programs that validate: on a set in the options, on a fraction of the training rows, and on a second argument of Fit.</summary>
[TestClass]
public class ValidationProgramTests
{
    [TestMethod]
    public void Images_are_validated_on_a_set_a_fraction_or_an_argument()
    {
        var ml = new MLContext(seed: 1);
        var split = ml.Data.TrainTestSplit(Pictures.KeyedRows(ml, 40), testFraction: 0.25);
        double? SeenBy(Action<SamImageTrainer.Options> change, Func<SamImageTrainer, ITransformer> fit)
        {
            double? seen = null;
            (fit(TinyTraining.Trainer(ml, options => { change(options); options.MetricsCallback = metrics => seen = metrics.ValidationLoss; })) as IDisposable)?.Dispose();
            return seen;
        }

        var byOption = SeenBy(options => options.ValidationSet = split.TestSet, trainer => trainer.Fit(split.TrainSet));
        var byArgument = SeenBy(_ => { }, trainer => trainer.Fit(split.TrainSet, split.TestSet));
        var byFraction = SeenBy(options => options.ValidationSetFraction = 0.2f, trainer => trainer.Fit(split.TrainSet));

        Assert.IsNotNull(byOption);
        Assert.AreEqual(byOption, byArgument);
        Assert.IsNotNull(byFraction);
        Assert.IsNull(SeenBy(_ => { }, trainer => trainer.Fit(split.TrainSet)), "nothing to validate on");
    }
}
