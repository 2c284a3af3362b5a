namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class LanczosTests
{
    [TestMethod]
    public void Largest_of_a_small_matrix_are_all_its_eigenvalues()
    {
        // The oracle is printed with ten digits.
        Near.Equal([3.6180339887, 1.3819660113], Values(Largest(new double[,] { { 2, 1 }, { 1, 3 } }, wanted: 5)), 1e-9);
    }

    [TestMethod]
    public void Largest_counts_an_eigenvalue_as_often_as_it_comes()
    {
        Near.Equal([7, 7, 7, -2], Values(Largest(Diagonal(7, -2, 7, -9, 7), wanted: 4)), 1e-12);
    }

    [TestMethod]
    public void Largest_are_the_algebraically_largest_not_those_of_largest_size()
    {
        Near.Equal([3, 1], Values(Largest(Diagonal(-100, 1, 3, -50), wanted: 2)), 1e-11);
    }

    [TestMethod]
    public void Largest_of_the_zero_matrix_are_zero()
    {
        Near.Equal([0, 0], Values(Largest(new double[3, 3], wanted: 2)), tolerance: 0);
    }

    [TestMethod]
    public void Largest_ends_when_residuals_are_small_and_they_bound_the_error()
    {
        var eigenvalues = Enumerable.Range(0, 200).Select(i => 100 * Math.Pow(0.8, i)).ToArray();
        var steps = 0;
        var found = Largest(Diagonal(eigenvalues), wanted: 3, most: 200, tolerance: 1e-3, step => steps = step);

        Assert.IsLessThan(40, steps);
        for (var i = 0; i < 3; i++)
        {
            Assert.IsLessThanOrEqualTo(0.1, found[i].Residual);
            Assert.AreEqual(eigenvalues[i], found[i].Value, found[i].Residual + 1e-12);
        }
    }

    [TestMethod]
    public void Largest_after_too_few_products_says_so_by_its_residuals()
    {
        var found = Largest(Diagonal([.. Enumerable.Range(0, 100).Select(i => (double)i)]), wanted: 1, most: 3);
        Assert.IsGreaterThan(1, found[0].Residual);
    }

    [TestMethod]
    public void Largest_have_the_residuals_of_the_last_element_of_their_eigenvectors()
    {
        using var scope = NewDisposeScope();
        var matrix = tensor(new double[,] { { 0, 1, 0 }, { 1, 2, 3 }, { 0, 3, 5 } });
        var first = tensor(new double[] { 1, 0, 0 });

        var found = new Lanczos(v => matrix.mv(v), _ => first.clone(), ScalarType.Float64).Largest(wanted: 2, most: 2, tolerance: 0, _ => { });

        // By hand: { 0, 1; 1, 2 } has the eigenvalues 1 ± √2 and eigenvectors that end in cos π/8 and sin π/8; 3 leads out of that space.
        Near.Equal([1 + Math.Sqrt(2), 1 - Math.Sqrt(2)], Values(found), 1e-14);
        Near.Equal([3 * Math.Cos(Math.PI / 8), 3 * Math.Sin(Math.PI / 8)], [.. found.Select(e => e.Residual)], 1e-14);
    }

    static double[] Values(IEnumerable<HessianEigenvalue> eigenvalues) => [.. eigenvalues.Select(e => e.Value)];

    static double[,] Diagonal(params double[] values)
    {
        var matrix = new double[values.Length, values.Length];
        for (var i = 0; i < values.Length; i++)
            matrix[i, i] = values[i];
        return matrix;
    }

    static IReadOnlyList<HessianEigenvalue> Largest(double[,] matrix, int wanted, int most = 100, double tolerance = 0, Action<int>? stepped = null)
    {
        using var scope = NewDisposeScope();
        var dense = tensor(matrix);
        var draws = new Draws(new Seeds(1), zeros(matrix.GetLength(0)));
        return new Lanczos(v => dense.mv(v), i => draws.Gaussian("lanczos", i), ScalarType.Float64).Largest(wanted, most, tolerance, stepped ?? (_ => { }));
    }
}
