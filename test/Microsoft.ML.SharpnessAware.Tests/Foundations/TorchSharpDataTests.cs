namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class TorchSharpDataTests
{
    [TestMethod]
    public void Tensor_copies_the_array()
    {
        using var scope = NewDisposeScope();
        float[] array = [1, 2, 3, 4];
        var copy = tensor(array, [2, 2]);
        array[0] = 9;

        CollectionAssert.AreEqual(new long[] { 2, 2 }, copy.shape);
        Assert.AreEqual(1f, copy[0, 0].item<float>());
    }

    [TestMethod]
    public void Tensor_takes_its_type_from_the_array_or_the_argument()
    {
        using var scope = NewDisposeScope();

        Assert.AreEqual(ScalarType.Byte, tensor(new byte[] { 1, 255 }).dtype);
        Assert.AreEqual(ScalarType.Int64, tensor([1L]).dtype);
        Assert.AreEqual(ScalarType.Float64, tensor([1.0]).dtype);
        Assert.AreEqual(255f, tensor(new byte[] { 1, 255 }, dtype: float32)[1].item<float>());
    }

    [TestMethod]
    public void Factories_take_the_default_type_and_integers_for_arange()
    {
        using var scope = NewDisposeScope();

        Assert.AreEqual(ScalarType.Float32, zeros(1).dtype);
        Assert.AreEqual(ScalarType.Float32, empty(1).dtype);
        Assert.AreEqual(ScalarType.Int64, arange(3).dtype);
        Assert.AreEqual(ScalarType.Float32, arange(0.0, 1.0, 0.5).dtype);
        Assert.AreEqual(ScalarType.Float64, ones_like(zeros(1, float64)).dtype);
        Assert.AreEqual(2f, full(2, 2.0)[1].item<float>());
    }

    [TestMethod]
    public void Data_reads_in_row_major_order_whatever_the_strides()
    {
        using var scope = NewDisposeScope();
        var transposed = arange(6, float32).view(2, 3).t();

        Assert.IsFalse(transposed.is_contiguous());
        CollectionAssert.AreEqual(new[] { 0f, 3, 1, 4, 2, 5 }, transposed.data<float>().ToArray());
        Assert.AreEqual(4f, transposed.data<float>()[1, 1]);
    }

    [TestMethod]
    public void Data_writes_into_the_tensor()
    {
        using var scope = NewDisposeScope();
        var target = zeros(4);

        target.data<float>().CopyFrom([1f, 2, 3, 4]);
        target.data<float>()[0] = 7;

        CollectionAssert.AreEqual(new[] { 7f, 2, 3, 4 }, target.data<float>().ToArray());
        var copy = new float[4];
        target.data<float>().CopyTo(copy);
        CollectionAssert.AreEqual(new[] { 7f, 2, 3, 4 }, copy);
    }

    [TestMethod]
    public void Data_of_another_type_is_refused()
    {
        using var scope = NewDisposeScope();
        var numbers = zeros(2);

        Assert.ThrowsExactly<ArgumentException>(() => numbers.data<double>());
        Assert.ThrowsExactly<ArgumentException>(() => numbers[0].item<long>());
        Assert.ThrowsExactly<ArgumentException>(() => numbers.item<float>());
    }

    [TestMethod]
    public void Conversions_to_a_number_convert_the_type()
    {
        using var scope = NewDisposeScope();

        Assert.AreEqual(3L, tensor(3.7f).ToInt64());
        Assert.AreEqual(2.0, tensor(2L).ToDouble());
        Assert.AreEqual(2.5f, (float)tensor(2.5));
        Assert.IsTrue(tensor(true).ToBoolean());
    }

    [TestMethod]
    public void Bytes_are_the_memory_of_a_contiguous_tensor()
    {
        using var scope = NewDisposeScope();
        var numbers = tensor([1f, 2]);

        CollectionAssert.AreEqual(new byte[] { 0, 0, 128, 63, 0, 0, 0, 64 }, numbers.bytes.ToArray());
        numbers.bytes = new byte[] { 0, 0, 0, 64, 0, 0, 128, 63 };
        CollectionAssert.AreEqual(new[] { 2f, 1 }, numbers.data<float>().ToArray());
        Assert.ThrowsExactly<InvalidOperationException>(() => arange(4).view(2, 2).t().bytes.Length);
        Assert.ThrowsExactly<ArgumentException>(() => numbers.bytes = new byte[3]);
    }

    [TestMethod]
    public void Indexing_takes_numbers_ranges_and_tensors()
    {
        using var scope = NewDisposeScope();
        var table = arange(12).view(3, 4);

        Assert.AreEqual(6L, table[1, 2].item<long>());
        CollectionAssert.AreEqual(new long[] { 9, 10 }, table[2, 1..3].data<long>().ToArray());
        CollectionAssert.AreEqual(new long[] { 3, 7, 11 }, table[TensorIndex.Ellipsis, 3].data<long>().ToArray());
        CollectionAssert.AreEqual(new long[] { 0, 4, 8 }, table[TensorIndex.Colon, 0].data<long>().ToArray());
        CollectionAssert.AreEqual(new long[] { 8, 9, 10, 11 }, table[table.select(1, 0) > 4].data<long>().ToArray());
        CollectionAssert.AreEqual(new long[] { 4, 5, 6, 7 }, table.index_select(0, tensor([1L])).data<long>().ToArray());
    }

    [TestMethod]
    public void Indexing_assigns_in_place()
    {
        using var scope = NewDisposeScope();
        var table = zeros(2, 3);

        table[1] = tensor([1f, 2, 3]);
        table[TensorIndex.Colon, 0] = tensor(9f);
        table.index_put_(5f, TensorIndex.Single(0), TensorIndex.Single(2));

        CollectionAssert.AreEqual(new[] { 9f, 0, 5, 9, 2, 3 }, table.data<float>().ToArray());
    }

    [TestMethod]
    public void Views_share_the_memory()
    {
        using var scope = NewDisposeScope();
        var flat = zeros(6);
        flat.view(2, 3).select(0, 1).fill_(1);
        flat.narrow(0, 0, 1).add_(5);

        CollectionAssert.AreEqual(new[] { 5f, 0, 0, 1, 1, 1 }, flat.data<float>().ToArray());
        Assert.AreEqual(3L, flat.narrow(0, 3, 2).storage_offset());
        CollectionAssert.AreEqual(new long[] { 3, 1 }, flat.view(2, 3).stride());
    }

    [TestMethod]
    public void Comparison_operators_are_element_wise_but_Equals_compares_the_whole()
    {
        using var scope = NewDisposeScope();
        Tensor a = tensor([1f, 2]), b = tensor([1f, 3]);

        CollectionAssert.AreEqual(new[] { true, false }, (a == b).data<bool>().ToArray());
        CollectionAssert.AreEqual(new[] { false, true }, (b > 2).data<bool>().ToArray());
        CollectionAssert.AreEqual(new[] { true, false }, a.equal(b).data<bool>().ToArray());
        Assert.IsFalse(a.Equals(b));
        Assert.IsTrue(a.Equals(a.clone()));
    }

    [TestMethod]
    public void ToString_names_shape_type_and_device()
    {
        using var scope = NewDisposeScope();

        Assert.AreEqual("[2x3], type = Float32, device = cpu", zeros(2, 3).ToString());
    }
}
