namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class VassoTests
{
    const double Printed = 1e-9;

    // The floor under ‖d‖ in the authors' code, which shows in the ninth digit.
    const double AuthorsFloor = 1e-7;

    [TestMethod]
    [DataRow(0.9, new[] { 0.8375742443, 0.8408945047 }, new[] { 0.7918019443, 0.7664085937 })]
    [DataRow(0.4, new[] { 0.8502793451, 0.831415005 }, new[] { 0.8002152447, 0.7619801735 })]
    public void Direction_over_three_batches_follows_the_authors_code(double theta, double[] second, double[] third)
    {
        using var toy = Toy.At(1, 1);
        var steps = Run.Steps(toy, new Vasso(new SamWithFloor(0.5, AuthorsFloor), theta), i => Batch(toy, i), steps: 3, learningRate: 0.01);
        Near.Equal([0.9340900009, 0.8902400019], steps[0], Printed);
        Near.Equal(second, steps[1], Printed);
        Near.Equal(third, steps[2], Printed);
    }

    [TestMethod]
    public void Direction_with_the_floor_of_Sam_differs_from_the_authors_code_by_as_much_as_the_floor()
    {
        using var toy = Toy.At(1, 1);
        var steps = Run.Steps(toy, new Vasso(new Sam(0.5)), i => Batch(toy, i), steps: 3, learningRate: 0.01);
        Near.Equal([0.7918019443, 0.7664085937], steps[^1], 1e-8);
    }

    [TestMethod]
    public void Direction_with_theta_1_is_that_of_the_inner_rule()
    {
        using var vasso = Toy.At(1, 1);
        using var inner = Toy.At(1, 1);
        var first = Run.Steps(vasso, new Vasso(new Asam(0.5), Theta: 1), i => Batch(vasso, i), steps: 5, learningRate: 0.01);
        var second = Run.Steps(inner, new Asam(0.5), i => Batch(inner, i), steps: 5, learningRate: 0.01);
        Near.Equal(second[^1], first[^1], tolerance: 0);
    }

    [TestMethod]
    public void Memory_is_the_mean_of_the_gradients_beginning_with_the_first()
    {
        using var memory = new RuleMemory();
        var rule = new Vasso(Theta: 0.4);
        ClosedForm.Quartic(3, 4).Direction(rule, memory);
        ClosedForm.Quartic(4, 3).Direction(rule, memory, index: 1);
        Near.Equal([0.6 * 3 + 0.4 * 4, 0.6 * 4 + 0.4 * 3], memory.Recall("d")!.data<double>().ToArray(), 1e-15, "rounding");
    }

    [TestMethod]
    public void Constructor_with_a_wrong_number_names_it() =>
        Assert.Contains("Theta must be from 0 to 1, but was 2.", Assert.Throws<ArgumentOutOfRangeException>(() => new Vasso(Theta: 2)).Message);

    static Tensor Batch(Toy toy, int i) => i % 2 == 0 ? toy.Quartic(3, 4) : toy.Quartic(4, 3);

    sealed record SamWithFloor(double Rho, double Floor) : Ascent
    {
        protected override Tensor Find(SamStep step, Tensor g) => step.Scheduled(Rho) * g.Unit(Floor);
    }
}
