namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Comparisons of vectors, element by element.</summary>
static class Near
{
    public static void Equal(double[] expected, double[] actual, double tolerance, string what = "")
    {
        Assert.HasCount(expected.Length, actual, what);
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], tolerance, $"{what}[{i}]");
    }
}
