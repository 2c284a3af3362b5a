using Microsoft.ML.Data;

namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class MlNetVBufferTests
{
    // 0 7 0 0 9
    private static VBuffer<float> Sparse => new(5, 2, [7, 9], [1, 4]);

    [TestMethod]
    public void DenseValues_of_a_sparse_vector_fills_in_the_default()
        => CollectionAssert.AreEqual(new float[] { 0, 7, 0, 0, 9 }, Sparse.DenseValues().ToArray());

    [TestMethod]
    public void GetValues_of_a_sparse_vector_are_the_explicit_ones()
    {
        CollectionAssert.AreEqual(new float[] { 7, 9 }, Sparse.GetValues().ToArray());
        CollectionAssert.AreEqual(new[] { 1, 4 }, Sparse.GetIndices().ToArray());
        Assert.IsFalse(Sparse.IsDense);
    }

    [TestMethod]
    public void Items_shows_explicit_slots_or_all_of_them()
    {
        Assert.AreEqual("1:7 4:9", Text(Sparse.Items()));
        Assert.AreEqual("0:0 1:7 2:0 3:0 4:9", Text(Sparse.Items(all: true)));
    }

    [TestMethod]
    public void GetItemOrDefault_finds_explicit_values_and_defaults()
    {
        Assert.AreEqual(9, Sparse.GetItemOrDefault(4));
        Assert.AreEqual(0, Sparse.GetItemOrDefault(3));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Sparse.GetItemOrDefault(5));
    }

    [TestMethod]
    public void CopyTo_a_part_shifts_the_indices()
    {
        VBuffer<float> part = default;

        Sparse.CopyTo(ref part, 1, 4);

        Assert.AreEqual(4, part.Length);
        CollectionAssert.AreEqual(new[] { 0, 3 }, part.GetIndices().ToArray());
        CollectionAssert.AreEqual(new float[] { 7, 0, 0, 9 }, part.DenseValues().ToArray());
    }

    [TestMethod]
    public void CopyTo_a_span_writes_the_given_default()
    {
        var target = new float[6];

        Sparse.CopyTo(target, 1, -1);

        CollectionAssert.AreEqual(new float[] { 0, -1, 7, -1, -1, 9 }, target);
    }

    [TestMethod]
    public void CopyToDense_makes_the_vector_dense()
    {
        VBuffer<float> dense = default;

        Sparse.CopyToDense(ref dense);

        Assert.IsTrue(dense.IsDense);
        CollectionAssert.AreEqual(new float[] { 0, 7, 0, 0, 9 }, dense.GetValues().ToArray());
    }

    [TestMethod]
    public void Editor_keeps_the_buffer_when_it_is_large_enough()
    {
        var buffer = new VBuffer<float>(3, [1, 2, 3]);

        var editor = VBufferEditor.Create(ref buffer, 2);
        editor.Values[0] = 5;
        buffer = editor.Commit();

        Assert.IsFalse(editor.CreatedNewValues);
        CollectionAssert.AreEqual(new float[] { 5, 2 }, buffer.GetValues().ToArray());
    }

    [TestMethod]
    public void Editor_grows_the_buffer_when_it_is_too_small()
    {
        var buffer = new VBuffer<float>(3, [1, 2, 3]);

        var editor = VBufferEditor.Create(ref buffer, 4, keepOldOnResize: true);

        Assert.IsTrue(editor.CreatedNewValues);
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 0 }, editor.Values.ToArray());
    }

    [TestMethod]
    public void Editor_commits_fewer_values_as_a_sparse_vector()
    {
        VBuffer<float> buffer = default;

        var editor = VBufferEditor.Create(ref buffer, 5, 3);
        (editor.Indices[0], editor.Values[0]) = (2, 8);
        buffer = editor.CommitTruncated(1);

        CollectionAssert.AreEqual(new float[] { 0, 0, 8, 0, 0 }, buffer.DenseValues().ToArray());
    }

    [TestMethod]
    public void ToString_says_how_it_is_stored()
    {
        Assert.AreEqual("Sparse vector of size 5, 2 explicit values", Sparse.ToString());
        Assert.AreEqual("Dense vector of size 2", new VBuffer<float>(2, [1, 2]).ToString());
    }

    [TestMethod]
    public void Constructor_too_few_values_are_refused()
        => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new VBuffer<float>(3, [1, 2]));

    private static string Text(IEnumerable<KeyValuePair<int, float>> items) => string.Join(' ', items.Select(i => $"{i.Key}:{i.Value}"));
}
