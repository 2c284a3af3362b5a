namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class VectorsTests
{
    [TestMethod]
    public void OrthogonalTo_takes_away_the_part_along_the_other_vector()
    {
        using var scope = NewDisposeScope();
        // LookSAM's oracle at w = (1, 1) on the quartic (3, 4): g_v from g_s = (6.591, 10.976) and g = (3, 4).
        Near.Equal([-1.05024, 0.78768], Across([6.591, 10.976], [3, 4]), 1e-14, "rounding");
        Near.Equal([-1.05024, 0.78768], Across([3.591, 6.976], [3, 4]), 1e-14, "less the part along it, the same");
    }

    [TestMethod]
    public void OrthogonalTo_a_zero_vector_is_the_vector_itself()
    {
        using var scope = NewDisposeScope();
        Near.Equal([1, -2], Across([1, -2], [0, 0]), tolerance: 0);
        Near.Equal([0, 0], Across([0, 0], [3, 4]), tolerance: 0);
    }

    [TestMethod]
    public void OrthogonalTo_a_tiny_vector_keeps_its_precision()
    {
        using var scope = NewDisposeScope();
        Near.Equal([-1.05024, 0.78768], Across([6.591, 10.976], [3e-10, 4e-10]), 1e-14, "a floor under ‖along‖ would show here");
    }

    [TestMethod]
    public void DifferenceStep_grows_with_the_norm_and_the_precision_of_the_weights()
    {
        using var scope = NewDisposeScope();
        // (1 + ‖w‖) / 10 times the cube root of 2⁻⁵² and of 2⁻²³.
        Assert.AreEqual(0.6 * 6.0554544523933429e-6, tensor(new[] { 3.0, 4.0 }).DifferenceStep().ToDouble(), 1e-20);
        Assert.AreEqual(0.6 * 4.9215666011518501e-3, tensor(new[] { 3f, 4f }).DifferenceStep().ToDouble(), 1e-9, "float32");
    }

    static double[] Across(double[] v, double[] along) => tensor(v).OrthogonalTo(tensor(along)).data<double>().ToArray();
}
