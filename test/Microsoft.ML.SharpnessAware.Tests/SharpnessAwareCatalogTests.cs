namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class SharpnessAwareCatalogTests
{
    static readonly MulticlassClassificationCatalog.MulticlassClassificationTrainers Trainers = new MLContext(seed: 1).MulticlassClassification.Trainers;

    [TestMethod]
    public void SamImage_takes_label_then_feature_as_MlNets_own_trainer_does()
    {
        var ml = new MLContext(seed: 1);
        var trainer = ml.MulticlassClassification.Trainers.SamImage("Label", "Image", "P", "Answer");

        var columns = trainer.GetOutputSchema(SchemaText.Shape(Pictures.KeyedRows(ml).Schema)).Select(column => column.Name);

        Assert.AreEqual("P Answer", string.Join(' ', columns.TakeLast(2)));
    }

    [TestMethod]
    public void SamImage_promises_the_columns_of_MlNets_own_trainer_in_its_order()
    {
        var shape = SchemaText.Shape(Pictures.Keyed(new MLContext(), Pictures.RowsOf(i => new { Features = Pictures.Png(i), Label = "a" })(new MLContext(), 2)).Schema);

        Assert.AreEqual("Score PredictedLabel", string.Join(' ', Trainers.SamImage().GetOutputSchema(shape).Select(column => column.Name).TakeLast(2)));
    }

    [TestMethod]
    public void Rule_follows_variant_and_rho()
    {
        Assert.AreEqual(new Sam(), SamVariants.Rule(null, null, null));
        Assert.AreEqual(new Sam(0.2), SamVariants.Rule(null, 0.2, null));
        Assert.AreEqual(new Sam(0.2), SamVariants.Rule(SamVariant.Sam, 0.2, null));
        Assert.AreEqual(new Asam(), SamVariants.Rule(SamVariant.Asam, null, null));
        Assert.AreEqual(new Asam(2), SamVariants.Rule(SamVariant.Asam, 2, null));
        Assert.AreEqual(new FriendlySam(), SamVariants.Rule(SamVariant.FriendlySam, null, null));
        Assert.AreEqual(new FriendlySam(new Sam(0.1)), SamVariants.Rule(SamVariant.FriendlySam, 0.1, null));
        Assert.AreEqual(new Plain(), SamVariants.Rule(SamVariant.Plain, null, null));
        Assert.AreEqual(new Asam(3), SamVariants.Rule(null, null, new Asam(3)));
    }

    [TestMethod]
    public void Rule_of_every_variant_is_the_one_of_that_name_with_its_defaults_or_that_radius()
    {
        var rules = AllRules.Defaults().ToDictionary(rule => rule.GetType().Name);
        CollectionAssert.AreEquivalent(rules.Keys, Enum.GetNames<SamVariant>());
        foreach (var variant in Enum.GetValues<SamVariant>())
        {
            Assert.AreEqual(rules[variant.ToString()], SamVariants.Rule(variant, null, null));
            if (variant != SamVariant.Plain)
                Assert.AreEqual(AllRules.WithRho(rules[variant.ToString()], 0.7), SamVariants.Rule(variant, 0.7, null));
        }
    }

    [TestMethod]
    public void SamImage_refuses_bad_arguments()
    {
        var errors = new ErrorText()
            .Add("negative rho", () => Trainers.SamImage(rho: -1))
            .Add("rho not a number", () => Trainers.SamImage(variant: SamVariant.Asam, rho: double.NaN))
            .Add("rho of plain training", () => Trainers.SamImage(variant: SamVariant.Plain, rho: 0.1))
            .Add("rule and variant", () => Trainers.SamImage(sharpness: new Sam(), variant: SamVariant.Asam))
            .Add("rule and rho", () => Trainers.SamImage(sharpness: new Sam(), rho: 0.1))
            .Add("no such variant", () => Trainers.SamImage(variant: (SamVariant)99))
            .Add("no column name", () => Trainers.SamImage(labelColumnName: ""))
            .Add("no options", () => Trainers.SamImage((SamImageTrainer.Options)null!));

        Golden.Matches("Classification/CatalogErrors.txt", errors.ToString());
    }
}
