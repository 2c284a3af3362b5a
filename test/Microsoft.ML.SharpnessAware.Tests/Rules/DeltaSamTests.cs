namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class DeltaSamTests
{
    const double Printed = 1e-9; // sam-family's oracles have ten digits.
    const double Rho = 0.5;

    [TestMethod]
    public void Direction_on_three_squares_is_that_of_the_oracle()
    {
        var world = Squares();
        Near.Equal([1.523739535, 3.176560797], world.Direction(new DeltaSam(new Sam(Rho), Probe: 0.01)), Printed);
        Assert.AreEqual((2, 3), (world.GradientPasses, world.ForwardPasses));
        Near.Equal([1, 1], world.Points[0], 0, "the first pass is at w");
        Near.Equal([1.006, 0.992], world.Points[1], 1e-13, "the floor under the norm");
        Near.Equal([0.994, 1.008], world.Points[2], 1e-13);
        Near.Equal([1, 1], world.Points[3], 0);
        Near.Equal([1.03626784789, 1.4986829085], world.Points[4], Printed);
    }

    [TestMethod]
    public void Direction_does_not_depend_on_the_probe_where_the_losses_are_quadratic() =>
        Near.Equal([1.523739535, 3.176560797], Squares().Direction(new DeltaSam(new Sam(Rho), Probe: 10)), Printed);

    [TestMethod]
    public void Direction_where_no_loss_bends_is_that_of_Sam()
    {
        static ClosedForm Lines() => new([1, 1], w => tensor(new double[,] { { 1, 0 }, { 0, 2 }, { 1, 1 } }).matmul(w)) { Normal = [0.5, 0.25] };
        var world = Lines();
        Near.Equal(Lines().Direction(new Sam(Rho)), world.Direction(new DeltaSam(new Sam(Rho), Probe: 0.5590169943749475)), 1e-15);
        Near.Equal([1 + Rho * 2 / Math.Sqrt(13), 1 + Rho * 3 / Math.Sqrt(13)], world.Points[^1], 1e-12, "all examples weigh alike");
    }

    [TestMethod]
    public void Direction_with_one_example_is_that_of_Sam() =>
        Near.Equal(Quartic().Direction(new Sam(Rho)), Quartic().Direction(new DeltaSam(new Sam(Rho))), 0);

    [TestMethod]
    public void Direction_takes_epsilon_from_the_inner_rule()
    {
        var world = Squares();
        world.Direction(new DeltaSam(new Asam(0.5) { P = double.PositiveInfinity }));
        Near.Equal([1.505, 1.505], world.Points[^1], 1e-12, "ρ (|w| + η) each");
    }

    [TestMethod]
    public void Direction_leaves_excluded_weights_unmoved_in_every_pass()
    {
        using var toy = new Toy(("weight", [1]), ("bias", [1]));
        using var step = new SamTrainStep(toy, new DeltaSam(), Run.PlainSgd, new StepSettings { PerturbedWeights = new NoBiases() });
        var seen = new List<double[]>();
        step.Run(new ExampleLosses(2, () =>
        {
            seen.Add(toy.Values);
            return toy.W.square() * tensor(new double[] { 1, 2 });
        }), new StepMoment { Seed = 0 });
        Assert.HasCount(5, seen);
        Assert.IsTrue(seen.TrueForAll(w => w[1] == 1));
        Assert.AreEqual(0.5, Math.Abs(seen[1][0] - 1), 1e-11, "the whole probe falls to the perturbed weight");
        Assert.AreEqual(2, seen[1][0] + seen[2][0], 1e-15);
    }

    // What the paper is after is per-instance SAM: mean ∇ℓᵢ(w + ρ ∇ℓᵢ / ‖∇ℓᵢ‖).
    [TestMethod]
    public void Direction_of_three_squares_per_instance_is_that_of_the_oracle() =>
        Near.Equal([1.73570226, 3.23570226], PerInstance(Squares()), 1e-8, "printed with nine digits");

    // The reconstruction in numbers, on 200 problems of 16 examples ½ (x·w − y)² whose curvatures ‖x‖² differ much.
    [TestMethod]
    public void Weights_by_true_curvature_come_nearer_to_per_instance_Sam_and_those_by_one_probe_do_not()
    {
        var (sam, byCurvature, byProbe, byNorm) = (0.0, 0.0, 0.0, 0.0);
        for (var seed = 0; seed < 200; seed++)
        {
            var (world, curvatures) = Regression(seed);
            var goal = PerInstance(world);
            var unperturbed = Distance(world.Direction(new Plain()), goal);
            sam += Distance(world.Direction(new Sam(Rho)), goal) / unperturbed / 200;
            byCurvature += Distance(world.Direction(new Weighed(curvatures)), goal) / unperturbed / 200;
            byProbe += Distance(world.Direction(new DeltaSam(new Sam(Rho))), goal) / unperturbed / 200;
            byNorm += Distance(world.Direction(new RwSam(new Sam(Rho))), goal) / unperturbed / 200;
        }
        Assert.IsLessThan(0.9, byCurvature / sam, "the idea holds");
        Assert.IsInRange(0.95, 1.2, byProbe / sam, "a single probe is too noisy to show it");
        Assert.IsGreaterThan(1, byNorm / sam, "RW-SAM is after something else");
    }

    static double[] PerInstance(ClosedForm world)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var (w, n) = (world.Weights, world.Examples);
        var sum = zeros_like(w);
        for (var i = 0; i < n; i++)
        {
            var only = zeros(n, dtype: ScalarType.Float64);
            only[i] = ones(1, dtype: ScalarType.Float64)[0];
            var epsilon = Rho * world.GradientAt(() => w, only).Unit();
            sum += world.GradientAt(() => w + epsilon, only) / n;
        }
        return sum.data<double>().ToArray();
    }

    static (ClosedForm World, double[] Curvatures) Regression(int seed)
    {
        const int Examples = 16, Count = 10;
        var random = new Random(seed);
        var w = Normals(Count);
        var x = new double[Examples, Count];
        var y = new double[Examples];
        var curvatures = new double[Examples];
        for (var i = 0; i < Examples; i++)
        {
            var scale = Math.Exp(Normals(1)[0]) / Math.Sqrt(Count);
            foreach (var (k, value) in Normals(Count).Index())
                x[i, k] = scale * value;
            y[i] = Enumerable.Range(0, Count).Sum(k => x[i, k] * w[k]) - Normals(1)[0];
            curvatures[i] = Enumerable.Range(0, Count).Sum(k => x[i, k] * x[i, k]);
        }
        return (new ClosedForm(w, at => 0.5 * (tensor(x).matmul(at) - tensor(y)).square()) { Normal = Normals(Count), PlusMinus = [.. Normals(Count).Select(v => v < 0 ? -1.0 : 1)] }, curvatures);

        // Box and Muller.
        double[] Normals(int count) => [.. Enumerable.Range(0, count).Select(_ => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];
    }

    static double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum());

    static ClosedForm Squares() => ClosedForm.ThreeSquares(normal: [0.6, -0.8]);

    static ClosedForm Quartic() => new([1, 1], w => 0.25 * (tensor(new double[] { 3, 4 }) * w.pow(4)).sum().reshape(1)) { Normal = [1, -1] };

    sealed record Weighed(double[] Sizes) : SharpnessRule
    {
        public override Tensor Direction(SamStep step)
        {
            var g = step.GradientAt(step.Weights, tensor(Sizes));
            return step.GradientAt(() => step.Weights + Rho * g.Unit());
        }
    }
}
