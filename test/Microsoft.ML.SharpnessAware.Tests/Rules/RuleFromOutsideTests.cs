namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class RuleFromOutsideTests
{
    #region rule
    /// <summary>Perturbs in a random direction: ε = ρ z / ‖z‖.</summary>
    public sealed record RandomPerturbation(double Rho = 0.05) : Ascent
    {
        protected override Tensor Find(SamStep step, Tensor g)
        {
            var z = step.OnlyPerturbed(step.Gaussian());
            return step.Scheduled(Rho) * z / z.norm();
        }
    }
    #endregion

    [TestMethod]
    public void Rule_of_the_users_trains_like_ours()
    {
        using var toy = Toy.At(1, 1);
        var capture = new Capture(new RandomPerturbation(Rho: 0.5));
        Run.Steps(toy, capture, _ => toy.Quadratic(3, 4), steps: 2);

        var (first, second) = (capture.Epsilons[0], capture.Epsilons[1]);
        Assert.AreEqual(0.5, Math.Sqrt(first.Sum(e => e * e)), 1e-15);
        Assert.AreEqual(0.5, Math.Sqrt(second.Sum(e => e * e)), 1e-15);
        CollectionAssert.AreNotEqual(first, second, "each step has a seed of its own");
        double[] w = [1, 1];
        foreach (var epsilon in capture.Epsilons)
            w = [w[0] - 0.1 * 3 * (w[0] + epsilon[0]), w[1] - 0.1 * 4 * (w[1] + epsilon[1])];
        Near.Equal(w, toy.Values, 1e-15);
    }
}
