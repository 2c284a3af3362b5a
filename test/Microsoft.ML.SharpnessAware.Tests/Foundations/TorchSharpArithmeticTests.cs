namespace Microsoft.ML.SharpnessAware.Tests.Foundations;

[TestClass]
public class TorchSharpArithmeticTests
{
    private static readonly double[] A = [1, -2, 3];
    private static readonly double[] B = [4, 5, -6];

    [TestMethod]
    public void Operators_compute_element_by_element() => InScope((a, b) =>
    {
        Near.Equal([5, 3, -3], Numbers(a + b), 0);
        Near.Equal([-3, -7, 9], Numbers(a - b), 0);
        Near.Equal([4, -10, -18], Numbers(a * b), 0);
        Near.Equal([0.25, -0.4, -0.5], Numbers(a / b), 1e-15);
        Near.Equal([-1, 2, -3], Numbers(-a), 0);
        Near.Equal([3, 0, 5], Numbers(2 + a), 0);
        Near.Equal([1, 4, -1], Numbers(2 - a), 0);
        Near.Equal([2, -1, 2 / 3.0], Numbers(2 / a), 1e-15);
    });

    [TestMethod]
    public void Add_scales_by_alpha() => InScope((a, b) =>
    {
        Near.Equal([3, 0.5, 0], Numbers(a.add(b, alpha: 0.5)), 0);
        Near.Equal([-1, -4.5, 6], Numbers(a.add_(b, alpha: -0.5)), 0);
    });

    [TestMethod]
    public void Addcmul_and_addcdiv_work_in_place() => InScope((a, b) =>
    {
        Near.Equal([9, -22, -33], Numbers(a.clone().addcmul_(b, a, 2)), 0);
        Near.Equal([9, -7, -1], Numbers(a.addcdiv_(b, a.clone(), 2)), 0);
    });

    [TestMethod]
    public void Functions_compute_element_by_element() => InScope((a, b) =>
    {
        Near.Equal([1, 2, 3], Numbers(a.abs()), 0);
        Near.Equal([1, -1, 1], Numbers(a.sign()), 0);
        Near.Equal([1, 4, 9], Numbers(a.square()), 0);
        Near.Equal([1, 4, 9], Numbers(a.pow(2)), 0);
        Near.Equal([.. A.Select(Math.Exp)], Numbers(a.exp()), 1e-14);
        Near.Equal([.. A.Select(Math.Tanh)], Numbers(a.tanh()), 1e-15);
        Near.Equal([4, 5, 3], Numbers(a.maximum(b)), 0);
        Near.Equal([1, -1, 1], Numbers(a.clamp(-1, 1)), 0);
        Near.Equal([1, -1, 3], Numbers(a.clamp(min: (Scalar)(-1))), 0);
        Near.Equal([1, 5, 3], Numbers(where(a > 0, a, b)), 0);
    });

    [TestMethod]
    public void Norms_agree_with_their_definition() => InScope((a, _) =>
    {
        Assert.AreEqual(Math.Sqrt(14), a.norm().item<double>(), 1e-14);
        Assert.AreEqual(6.0, a.norm(1f).item<double>(), 1e-14);
        Assert.AreEqual(3.0, a.norm(float.PositiveInfinity).item<double>());
        Assert.AreEqual(Math.Pow(1 + 8 + 27, 1 / 3.0), linalg.vector_norm(a, 3).item<double>(), 1e-14);
    });

    [TestMethod]
    public void Reductions_reduce_the_named_dimensions() => InScope((a, b) =>
    {
        var table = stack([a, b]);
        Assert.AreEqual(2.0, a.sum().item<double>());
        Near.Equal([2, 3], Numbers(table.sum(1)), 0);
        Near.Equal([2.5, 1.5, -1.5], Numbers(table.mean([0])), 0);
        CollectionAssert.AreEqual(new long[] { 2, 1 }, table.sum(1, keepdim: true).shape);
        Assert.AreEqual(19 / 3.0, a.var().item<double>(), 1e-14);
        Assert.AreEqual(38 / 9.0, a.var(0, unbiased: false).item<double>(), 1e-14);
        CollectionAssert.AreEqual(new long[] { 2, 1 }, table.argmax(1).data<long>().ToArray());
        var (values, indexes) = a.topk(2);
        Near.Equal([3, 1], Numbers(values), 0);
        CollectionAssert.AreEqual(new long[] { 2, 0 }, indexes.data<long>().ToArray());
    });

    [TestMethod]
    public void Products_multiply_rows_by_columns() => InScope((a, b) =>
    {
        Assert.AreEqual(4.0 - 10 - 18, a.dot(b).item<double>());
        Assert.AreEqual(-24.0, a.matmul(b).item<double>());
        Near.Equal([-24], Numbers(a.view(1, 3).mm(b.view(3, 1))), 0);
    });

    [TestMethod]
    public void Isfinite_finds_what_is_not() => InScope((a, _) =>
    {
        Assert.IsTrue(a.isfinite().all().item<bool>());
        Assert.IsFalse((a / 0).isfinite().any().item<bool>());
    });

    [TestMethod]
    public void Shapes_change_without_changing_the_numbers() => InScope((a, b) =>
    {
        var table = cat([a, b]).view(2, 3);
        CollectionAssert.AreEqual(new long[] { 3, 2 }, table.t().shape);
        CollectionAssert.AreEqual(new long[] { 3, 1, 2 }, table.view(1, 2, 3).permute(2, 0, 1).shape);
        Near.Equal([3, -2, 1], Numbers(a.flip(0)), 0);
        Near.Equal([.. A, .. B], Numbers(table.flatten()), 0);
        CollectionAssert.AreEqual(new long[] { 1, 3 }, a.unsqueeze(0).shape);
        CollectionAssert.AreEqual(new long[] { 4, 3 }, a.expand(4, 3).shape);
        Near.Equal([1, 4], Numbers(table.gather(1, tensor([0L, 0]).view(2, 1))), 0);
    });

    private static void InScope(Action<Tensor, Tensor> test)
    {
        using var scope = NewDisposeScope();
        test(tensor(A), tensor(B));
    }

    private static double[] Numbers(Tensor tensor) => tensor.data<double>().ToArray();
}
