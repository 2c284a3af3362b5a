using System.Runtime.InteropServices;

namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class HessianTests
{
    [TestMethod]
    public void Times_on_a_quartic_is_the_product_with_its_Hessian()
    {
        using var scope = NewDisposeScope();
        using var toy = Toy.At(1, 1);
        using var formula = new FormulaSurface(toy, () => toy.Quartic(3, 4));
        Near.Equal([5.4, 9.6], new Hessian(formula.Surface).Times(tensor(new[] { 0.6, 0.8 })).data<double>().ToArray(), 1e-14);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void HessianTimes_is_the_same_in_either_way(bool guarded)
    {
        using var scope = NewDisposeScope();
        using var toy = new Toy(("curved", [1, 2]), ("straight", [3]), ("idle", [4]));
        var parameters = toy.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        using var formula = new FormulaSurface(toy, () => parameters["curved"].pow(3).sum(), () => parameters["straight"].sum());
        Near.Equal([3, 6, 0, 0], formula.Surface.HessianTimes(ones(4, dtype: ScalarType.Float64), guarded).data<double>().ToArray(), 1e-14);
    }

    [TestMethod]
    public void ByCentralDifferences_of_a_known_step_is_the_oracle()
    {
        using var scope = NewDisposeScope();
        using var toy = Toy.At(1, 1);
        using var formula = new FormulaSurface(toy, () => toy.Quartic(3, 4));
        // Rounding of the gradients, over 2h.
        Near.Equal([5.400000648, 9.600002048], new Hessian(formula.Surface).ByCentralDifferences(tensor(new[] { 0.6, 0.8 }), h: 1e-3).data<double>().ToArray(), 1e-11);
    }

    [TestMethod]
    public void Times_in_a_power_iteration_gives_the_Rayleigh_values_of_the_oracle()
    {
        using var scope = NewDisposeScope();
        using var toy = Toy.At(1, 1);
        using var formula = new FormulaSurface(toy, () => toy.Quartic(3, 4));
        var hessian = new Hessian(formula.Surface);
        var v = tensor(new[] { 1.0, 1 }) / Math.Sqrt(2);
        var rayleigh = new List<double>();
        for (var i = 0; i < 6; i++)
        {
            var product = hessian.Times(v);
            rayleigh.Add((v * product).sum().item<double>());
            v = product / product.norm();
        }
        // The oracle is printed with ten digits.
        Near.Equal([10.5, 10.92, 11.2789317507, 11.5467357513, 11.7269928014, 11.8400659068], [.. rayleigh], 1e-9);
    }

    [TestMethod]
    public void Times_where_parameters_take_no_part_or_only_linearly_is_zero_there()
    {
        using var scope = NewDisposeScope();
        using var toy = new Toy(("curved", [1, 2]), ("straight", [3]), ("idle", [4]));
        var parameters = toy.named_parameters().ToDictionary(p => p.name, p => p.parameter);
        using var formula = new FormulaSurface(toy, () => parameters["curved"].pow(3).sum() + parameters["straight"].sum());
        Near.Equal([6, 12, 0, 0], new Hessian(formula.Surface).Times(ones(4, dtype: ScalarType.Float64)).data<double>().ToArray(), 1e-14);
        using var straight = new FormulaSurface(toy, () => parameters["straight"].sum());
        Near.Equal([0, 0, 0, 0], new Hessian(straight.Surface).Times(ones(4, dtype: ScalarType.Float64)).data<double>().ToArray(), tolerance: 0);
    }

    [TestMethod]
    public void Times_where_the_second_differentiation_fails_takes_differences()
    {
        using var scope = NewDisposeScope();
        using var toy = Toy.At(1, 1);
        using var formula = new FormulaSurface(toy, () => toy.Quartic(3, 4));
        var passes = 0;
        formula.BeforeBatch = () =>
        {
            if (passes++ == 0)
                throw new ExternalException("derivative for aten::something is not implemented");
        };
        var hessian = new Hessian(formula.Surface);
        Near.Equal([5.4, 9.6], hessian.Times(tensor(new[] { 0.6, 0.8 })).data<double>().ToArray(), 1e-8, "h² of the default step, and rounding");
        Assert.IsTrue(hessian.ByDifferences);
        Assert.AreEqual(3, passes);
    }

    [TestMethod]
    public void Hessian_of_a_network_agrees_with_its_dense_one()
    {
        using var scope = NewDisposeScope();
        using var network = new SmallNet();
        using var formula = InFloat64(network);
        var surface = formula.Surface;
        var hessian = new Hessian(surface);
        var size = (int)surface.Weights.numel();

        // Column by column, from gradients: an error of about h² = 1e-10 remains, and rounding over h.
        const double H = 1e-5, Differences = 1e-8;
        var dense = new double[size, size];
        for (var column = 0; column < size; column++)
        {
            using var unit = zeros(size, dtype: ScalarType.Float64);
            unit[column] = H;
            var (above, below) = (surface.GradientAt(surface.Weights + unit).Gradient.data<double>().ToArray(), surface.GradientAt(surface.Weights - unit).Gradient.data<double>().ToArray());
            for (var row = 0; row < size; row++)
                dense[row, column] = (above[row] - below[row]) / (2 * H);
            unit[column] = 1;
            Near.Equal([.. Enumerable.Range(0, size).Select(row => dense[row, column])], hessian.Times(unit).data<double>().ToArray(), Differences, $"column {column}");
        }

        var metrics = SharpnessMeter.Measure(surface, new SharpnessOptions { LanczosSteps = size, EigenvalueTolerance = 1e-10 }, new Seeds(1));
        Near.Equal([.. linalg.eigvalsh(tensor(dense)).data<double>().Reverse().Take(5)], [.. metrics.Eigenvalues.Select(e => e.Value)], Differences);
        var trace = Enumerable.Range(0, size).Sum(i => dense[i, i]);
        Assert.AreEqual(trace, metrics.Trace!.Value.Value, 4 * metrics.Trace.Value.StandardError, "four standard errors");
    }

    [TestMethod]
    [DataRow(ScalarType.Float64, 1e-8)]
    [DataRow(ScalarType.Float32, 2e-2)]
    public void Differences_of_a_network_agree_with_the_second_differentiation(ScalarType precision, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var network = new SmallNet();
        using var formula = InPrecision(network, precision);
        var v = (arange(formula.Surface.Weights.numel(), dtype: ScalarType.Float64) * 0.7).cos();

        var differentiated = new Hessian(formula.Surface).Times(v);
        var differences = new Hessian(formula.Surface, byDifferences: true).Times(v);

        // Relative to the product: what rounding of that precision and the step leave.
        Assert.AreEqual(0, ((differentiated - differences).norm() / differentiated.norm()).item<double>(), tolerance);
    }

    static FormulaSurface InFloat64(SmallNet network) => InPrecision(network, ScalarType.Float64);

    static FormulaSurface InPrecision(SmallNet network, ScalarType precision)
    {
        network.to(precision);
        network.eval();
        var inputs = network.Inputs.to(precision);
        return new(network, [.. Enumerable.Range(0, 8).Select(row => (Func<Tensor>)(() =>
            nn.functional.cross_entropy(network.call(inputs.narrow(0, row, 1)), network.Labels.narrow(0, row, 1))))]);
    }
}
