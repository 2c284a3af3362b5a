namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class EigenSamTests
{
    const double Printed = 1e-9;

    // Central differences of a cubic gradient: truncation of h² and rounding of 1e-16 / h, h about 1.5e-6.
    const double Differences = 1e-9;

    [TestMethod]
    public void Direction_with_v_given_follows_the_authors_code()
    {
        // (0, 1) is an eigenvector of the Hessian diag(9, 12), so that the search does not leave it.
        var world = Quartic(start: [0, 1]);
        Near.Equal([3.476845512, 5.140298299], world.Direction(new EigenSam(Rho: 0.1)), Printed);
        Near.Equal([1.0504, 1.0872], world.Points[^1], Printed, "w + ρ d, d = (0.504, 0.872)");
    }

    [TestMethod]
    public void Direction_turns_towards_whichever_of_v_and_minus_v_is_uphill() =>
        Near.Equal([3.476845512, 5.140298299], Quartic(start: [0, -1]).Direction(new EigenSam(Rho: 0.1)), Printed);

    [TestMethod]
    [DataRow(1, 10.92)]
    [DataRow(2, 11.2789317507)]
    [DataRow(3, 11.5467357513)]
    [DataRow(4, 11.7269928014)]
    [DataRow(5, 11.8400659068)]
    public void Search_follows_the_power_iteration_of_the_oracle(int iterations, double rayleigh)
    {
        using var memory = new RuleMemory();
        Quartic(start: [1, 1]).Direction(new EigenSam(Iterations: iterations), memory);
        var v = memory.Recall("v")!.data<double>().ToArray();
        Assert.AreEqual(1, v.Sum(x => x * x), 1e-12, "‖v‖ = 1, but for the floor under ‖Hv‖");
        Assert.AreEqual(rayleigh, 9 * v[0] * v[0] + 12 * v[1] * v[1], Differences);
    }

    [TestMethod]
    public void Search_begins_where_the_last_one_ended()
    {
        using var memory = new RuleMemory();
        var rule = new EigenSam(Every: 1, Iterations: 2);
        Quartic(start: [1, 1]).Direction(rule, memory);
        Quartic(start: [1, 0]).Direction(rule, memory, index: 1);
        var v = memory.Recall("v")!.data<double>().ToArray();
        Assert.AreEqual(11.7269928014, 9 * v[0] * v[0] + 12 * v[1] * v[1], Differences, "the Rayleigh quotient after four iterations");
    }

    [TestMethod]
    public void Search_that_finds_no_curvature_keeps_its_start()
    {
        using var memory = new RuleMemory();
        var linear = new ClosedForm([1, 1], w => (tensor(new double[] { 3, 4 }) * w).sum().reshape(1)) { Normal = [0, 2] };
        Near.Equal([3, 4], linear.Direction(new EigenSam(), memory), Printed);
        Near.Equal([0, 1], memory.Recall("v")!.data<double>().ToArray(), Printed);
    }

    [TestMethod]
    public void Passes_are_at_w_first_then_around_it_and_last_at_the_perturbed_weights()
    {
        var world = Quartic(start: [0, 1]);
        world.Direction(new EigenSam(Rho: 0.1, Iterations: 2));
        Assert.HasCount(6, world.Points);
        Near.Equal([1, 1], world.Points[0], tolerance: 0);
        for (var i = 1; i < 5; i++)
            Near.Equal([1, 1], world.Points[i], 2e-6, "h = 0.1 (1 + ‖w‖) 2^(−52/3) = 1.46e-6");
        Near.Equal([1.0504, 1.0872], world.Points[5], Printed);
    }

    [TestMethod]
    public void Direction_with_alpha_0_is_that_of_Sam()
    {
        using var eigen = Toy.At(1, 1);
        using var sam = Toy.At(1, 1);
        var first = Run.Steps(eigen, new EigenSam(Rho: 0.5, Alpha: 0, Every: 2), _ => eigen.Quartic(3, 4), steps: 5, learningRate: 0.01);
        var second = Run.Steps(sam, new Sam(0.5), _ => sam.Quartic(3, 4), steps: 5, learningRate: 0.01);
        Near.Equal(second[^1], first[^1], tolerance: 0);
    }

    [TestMethod]
    public void Direction_leaves_excluded_weights_where_they_are_and_out_of_the_search()
    {
        var points = new List<double[]>();
        using var toy = new Toy(("a_weight", [1]), ("b_weight", [1]));
        using var step = new SamTrainStep(toy, new EigenSam(Rho: 0.1), Run.PlainSgd, new StepSettings { PerturbedWeights = new AllBut("b_weight") });
        step.Run(() => At(points, toy), 0.01, seed: 0);
        Assert.HasCount(12, points);
        foreach (var point in points)
            Assert.AreEqual(1, point[1]);
        Near.Equal([1.1, 1], points[^1], Printed);
    }

    [TestMethod]
    public void Direction_at_a_zero_gradient_leaves_the_weights()
    {
        using var toy = Toy.At(0, 0);
        Near.Equal([0, 0], Run.Steps(toy, new EigenSam(0.5), _ => toy.Quartic(3, 4))[0], tolerance: 0);
    }

    [TestMethod]
    public void Constructor_with_a_wrong_number_names_it()
    {
        Assert.Contains("Every must be 1 or more, but was 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new EigenSam(Every: 0)).Message);
        Assert.Contains("Iterations must be 1 or more, but was 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new EigenSam(Iterations: 0)).Message);
        Assert.Contains("Alpha must be finite and 0 or more, but was -1.", Assert.Throws<ArgumentOutOfRangeException>(() => new EigenSam(Alpha: -1)).Message);
    }

    static ClosedForm Quartic(double[] start) =>
        new([1, 1], w => 0.25 * (tensor(new double[] { 3, 4 }) * w.pow(4)).sum().reshape(1)) { Normal = start };

    static Tensor At(List<double[]> points, Toy toy)
    {
        points.Add(toy.Values);
        return toy.Quartic(3, 4);
    }
}
