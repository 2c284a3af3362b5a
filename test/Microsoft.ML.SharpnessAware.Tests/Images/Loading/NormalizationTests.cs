namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class NormalizationTests
{
    const double Float = 1e-6;

    [TestMethod]
    public void Apply_to_bytes_counts_them_as_zero_to_one()
    {
        using var scope = NewDisposeScope();
        var pixels = tensor(new byte[] { 0, 255, 51, 102 }, [1, 2, 1, 2]);

        var normalised = new Normalization([0.5f, 0.2f], [0.25f, 0.1f]).Apply(pixels);

        Assert.AreEqual(ScalarType.Float32, normalised.dtype);
        Assert.AreSequenceEqual([1, 2, 1, 2], normalised.shape);
        Near.Equal([-2, 2, 0, 2], Values(normalised), Float);
    }

    [TestMethod]
    public void Apply_to_floats_takes_them_as_they_are()
    {
        using var scope = NewDisposeScope();
        var pixels = tensor(new float[] { 10, 20, 30, 40 }, [2, 1, 2, 1]);

        Near.Equal([-1, 1, 3, 5], Values(new Normalization([15], [5]).Apply(pixels)), Float);
        Near.Equal([10, 20, 30, 40], Values(pixels), 0, "the input");
    }

    [TestMethod]
    public void None_only_scales_bytes()
    {
        using var scope = NewDisposeScope();
        Near.Equal([0, 0.2, 1], Values(Normalization.None(3).Apply(tensor(new byte[] { 0, 51, 255 }, [1, 3, 1, 1]))), Float);
    }

    [TestMethod]
    public void Equals_compares_values()
    {
        Assert.AreEqual(new Normalization([1, 2], [3, 4]), new Normalization([1, 2], [3, 4]));
        Assert.AreEqual(new Normalization([1, 2], [3, 4]).GetHashCode(), new Normalization([1, 2], [3, 4]).GetHashCode());
        Assert.AreNotEqual(new Normalization([1, 2], [3, 5]), new Normalization([1, 2], [3, 4]));
    }

    [TestMethod]
    public void ToString_prints_the_numbers() =>
        Assert.AreEqual("Normalization { Mean = [0.5, 0.25], Std = [1, 2] }", new Normalization([0.5f, 0.25f], [1, 2]).ToString());

    [TestMethod]
    public void Json_gives_back_an_equal_value() =>
        Assert.AreEqual(Normalization.ImageNet, RecordJson.Read<Normalization>(RecordJson.Write(Normalization.ImageNet)));

    [TestMethod]
    public void Later_changes_of_the_numbers_given_do_not_reach_it()
    {
        float[] mean = [1, 2];
        var normalization = new Normalization(mean, [1, 1]);
        mean[0] = 5;
        Assert.AreEqual(1, normalization.Mean[0]);
    }

    [TestMethod]
    public void Numbers_out_of_range_are_refused_by_name()
    {
        static string Error(Func<Normalization> make) => Assert.ThrowsExactly<ArgumentOutOfRangeException>(make).Message;

        Assert.StartsWith("Mean must be finite, but was NaN.", Error(() => new Normalization([float.NaN], [1])));
        Assert.StartsWith("Std must be finite and more than 0, but was 0.", Error(() => new Normalization([0], [0])));
        Assert.StartsWith("Std must be finite and more than 0, but was -1.", Error(() => Normalization.ImageNet with { Std = [1, 1, -1] }));
        Assert.StartsWith("Std must be as many numbers as Mean has, 3, but was 1.", Error(() => new Normalization([0, 0, 0], [1])));
    }

    static double[] Values(Tensor tensor) => Array.ConvertAll(tensor.data<float>().ToArray(), value => (double)value);
}
