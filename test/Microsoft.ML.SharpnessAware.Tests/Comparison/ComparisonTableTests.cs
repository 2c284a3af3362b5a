namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public sealed class ComparisonTableTests
{
    [TestMethod]
    public void Table_has_mean_deviation_and_the_gain_over_Plain_seed_by_seed()
    {
        var table = ComparisonTable.Of(
        [
            Result(SamVariant.Plain, null, 1, 0.70), Result(SamVariant.Sam, 0.1, 1, 0.75),
            Result(SamVariant.Plain, null, 2, 0.80), Result(SamVariant.Sam, 0.1, 2, 0.83),
        ]);

        Assert.AreEqual(new MeanAndDeviation(0.75, Math.Sqrt(0.005)).ToString(), table.Rows[0].MicroAccuracy.ToString());
        Assert.AreEqual(0.04, table.Rows[1].GainOverPlain!.Value.Mean, 1e-12);
        Assert.AreEqual(Math.Sqrt(0.0002), table.Rows[1].GainOverPlain!.Value.Deviation, 1e-12, "of 0.05 and 0.03");
        Assert.AreEqual(
            """
            variant  rho  seeds  accuracy         gain over Plain   macro accuracy   log-loss         epochs  seconds
            Plain         2      0.7500 ± 0.0707                    0.7500 ± 0.0707  0.5000 ± 0.0000  3       2.0
            Sam      0.1  2      0.7900 ± 0.0566  +0.0400 ± 0.0141  0.7900 ± 0.0566  0.5000 ± 0.0000  3       2.0
            """.ReplaceLineEndings("\n"),
            table.ToString());
    }

    [TestMethod]
    public void Single_seed_has_no_deviation_and_without_Plain_there_is_no_gain()
    {
        var row = ComparisonTable.Of([Result(SamVariant.Sam, null, 1, 0.75)]).Rows.Single();

        Assert.AreEqual("0.7500", row.MicroAccuracy.ToString());
        Assert.IsNull(row.GainOverPlain);
    }

    [TestMethod]
    public void Result_without_a_seed_is_not_one_of_seed_0()
    {
        var rows = ComparisonTable.Of([Result(SamVariant.Plain, null, null, 0.5), Result(SamVariant.Plain, null, 0, 0.7), Result(SamVariant.Sam, null, 0, 0.75), Result(SamVariant.Sam, null, null, 0.6)]).Rows;

        Assert.AreEqual(0.075, rows[1].GainOverPlain!.Value.Mean, 1e-12, "0.05 and 0.1");
    }

    [TestMethod]
    public void Results_of_several_comparisons_are_refused() => Assert.AreEqual(
        "There are several results of Sam with Rho = 0.05 and Seed = 1. A table is of one comparison, which has one: give its results alone. (Parameter 'results')",
        Assert.ThrowsExactly<ArgumentException>(() => ComparisonTable.Of([Result(SamVariant.Sam, 0.05, 1, 0.7), Result(SamVariant.Sam, 0.05, 1, 0.8)])).Message);

    static SamTrialResult Result(SamVariant variant, double? rho, int? seed, double accuracy) =>
        new(new SamTrial { Variant = variant, Rho = rho, Seed = seed }, accuracy, accuracy, 0.5, 3, 1, 0.5, 2);
}
