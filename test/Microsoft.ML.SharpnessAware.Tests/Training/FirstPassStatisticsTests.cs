namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class FirstPassStatisticsTests
{
    [TestMethod]
    public void EndPass_keeps_the_first_pass_and_undoes_the_later_ones()
    {
        using var net = new SmallNet();
        using var statistics = new FirstPassStatistics(net);
        statistics.BeginStep();
        Forward(net);
        statistics.EndPass(0);
        var first = net.State();
        for (var pass = 1; pass < 3; pass++)
        {
            Forward(net);
            statistics.EndPass(pass);
            Same(first, net.State());
        }
    }

    [TestMethod]
    public void UndoStep_restores_what_was_before_the_step()
    {
        using var net = new SmallNet();
        Forward(net);
        var before = net.State();
        using var statistics = new FirstPassStatistics(net);
        statistics.BeginStep();
        Forward(net);
        statistics.UndoStep();
        Same(before, net.State());
    }

    static void Forward(SmallNet net)
    {
        using var noGrad = no_grad();
        net.Loss().Dispose();
    }

    static void Same(Dictionary<string, byte[]> expected, Dictionary<string, byte[]> actual)
    {
        foreach (var name in expected.Keys)
            CollectionAssert.AreEqual(expected[name], actual[name], name);
    }
}
