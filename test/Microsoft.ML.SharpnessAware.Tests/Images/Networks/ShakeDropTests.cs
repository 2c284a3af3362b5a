namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class ShakeDropTests
{
    [TestMethod]
    public void Forward_in_eval_mode_multiplies_by_the_survival()
    {
        using var scope = NewDisposeScope();
        using var shake = new ShakeDrop(0.75);
        shake.eval();
        Assert.AreSequenceEqual([0.75f, 1.5f], shake.call(tensor(new float[] { 1, 2 }).view(2, 1, 1, 1)).data<float>().ToArray());
    }

    [TestMethod]
    public void Forward_in_training_changes_some_images_one_way_and_their_gradients_another()
    {
        using var scope = NewDisposeScope();
        using var generator = Seeds.BorrowGlobalGenerator();
        Seeds.SeedGlobalGenerator(1);
        using var shake = new ShakeDrop(0.6);
        var images = ones([4000, 2, 1, 1], dtype: ScalarType.Float64, requires_grad: true);

        var shaken = shake.call(images);
        shaken.sum().backward();

        var forth = shaken.detach().select(1, 0).flatten().data<double>().ToArray();
        var back = images.grad!.select(1, 0).flatten().data<double>().ToArray();
        Assert.AreSequenceEqual(forth, shaken.detach().select(1, 1).flatten().data<double>().ToArray(), "the same in all channels");
        var changed = Enumerable.Range(0, forth.Length).Where(i => back[i] != 1).ToArray();
        // Of 4000, 0.4 with a deviation of 0.008: five times that.
        Assert.AreEqual(0.4, changed.Length / 4000.0, 0.04);
        Assert.IsTrue(Enumerable.Range(0, forth.Length).Except(changed).All(i => Math.Abs(forth[i] - 1) < 1e-15));
        // Means of 1600 numbers from [-1, 1] and [0, 1], with deviations of 0.58 / 40 and 0.29 / 40: five times that.
        Assert.AreEqual(0, changed.Average(i => forth[i]), 0.073);
        Assert.AreEqual(0.5, changed.Average(i => back[i]), 0.037);
        Assert.IsTrue(changed.All(i => forth[i] is >= -1 and <= 1 && back[i] is >= 0 and < 1));
        Assert.IsLessThan(-0.9, changed.Min(i => forth[i]));
    }

    [TestMethod]
    public void Forward_of_a_branch_that_always_survives_changes_nothing()
    {
        using var scope = NewDisposeScope();
        using var shake = new ShakeDrop(1);
        var images = randn(5, 2, 1, 1);
        Assert.AreSequenceEqual(images.data<float>().ToArray(), shake.call(images).data<float>().ToArray());
    }
}
