namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>What the rules' pages say of their cost: passes a step, and vectors kept from step to step.</summary>
[TestClass]
public class PassCountTests
{
    static IEnumerable<object[]> Rules =>
    [
        [new Plain(), "1 1 1 1 1 1 1 1 1 1 1 1", 0],
        [new Sam(), "2 2 2 2 2 2 2 2 2 2 2 2", 0],
        [new Asam(), "2 2 2 2 2 2 2 2 2 2 2 2", 0],
        [new FriendlySam(), "2 2 2 2 2 2 2 2 2 2 2 2", 1],
        [new CrSam(), "3 3 3 3 3 3 3 3 3 3 3 3", 0],
        [new CrSam { Normalization = CrSamNormalization.Log }, "3 3 3 3 3 3 3 3 3 3 3 3", 0],
        [new SamPa(), "1 2 2 2 2 2 2 2 2 2 2 2", 1],
        [new RwSam(), "2 2 2 2 2 2 2 2 2 2 2 2", 0, 2],
        [new DeltaSam(), "2 2 2 2 2 2 2 2 2 2 2 2", 0, 3],
        [new LookSam(), "2 1 1 1 1 2 1 1 1 1 2 1", 1],
        [new EveryK(), "2 1 1 1 1 1 1 1 1 1 2 1", 0],
        [new EveryK(new LookSam(K: 2), K: 3), "2 1 1 1 1 1 2 1 1 1 1 1", 1],
        [new RandomizedSam(Probability: 1), "2 2 2 2 2 2 2 2 2 2 2 2", 0],
        [new RandomizedSam(Probability: 0), "1 1 1 1 1 1 1 1 1 1 1 1", 0],
        [new AdaptiveSam(Lambda1: 1e9, Lambda2: 1e9), "2 1 1 1 1 1 1 1 1 1 1 1", 0],
        [new AdaptiveSam(Lambda1: -1e9, Lambda2: -1e9), "2 2 2 2 2 2 2 2 2 2 2 2", 0],
        [new MomentumSam(), "1 1 1 1 1 1 1 1 1 1 1 1", 0],
        [new Gsam(), "2 2 2 2 2 2 2 2 2 2 2 2", 0],
        [new WeightedSam(), "2 2 2 2 2 2 2 2 2 2 2 2", 0],
        [new WeightedSam(Decoupled: false), "2 2 2 2 2 2 2 2 2 2 2 2", 0],
        [new Vasso(), "2 2 2 2 2 2 2 2 2 2 2 2", 1],
        [new GradientNormPenalty(), "2 2 2 2 2 2 2 2 2 2 2 2", 0],
        [new EigenSam(), "12 2 2 2 2 2 2 2 2 2 2 2", 1],
        [new EigenSam(Every: 5, Iterations: 3), "8 2 2 2 2 8 2 2 2 2 8 2", 1],
    ];

    [TestMethod]
    public void Every_rule_is_counted() =>
        CollectionAssert.AreEquivalent(AllRules.Defaults().Select(rule => rule.GetType()).ToArray(), Rules.Select(row => row[0].GetType()).Distinct().ToArray());

    [TestMethod]
    [DynamicData(nameof(Rules))]
    public void Steps_take_the_passes_and_keep_the_vectors_that_the_page_says(SharpnessRule rule, string passes, int vectors, int forwardPasses = 0)
    {
        using var toy = Toy.At(1, 1);
        using var step = new SamTrainStep(toy, rule, new Sgd(Momentum: 0.9, WeightDecay: 0));
        var calls = 0;
        var reports = Enumerable.Range(0, 12).Select(i => step.Run(() => Counted(), 0.01, seed: i)).ToArray();

        Assert.AreEqual(passes, string.Join(' ', reports.Select(r => r.Passes)));
        Assert.IsTrue(Array.TrueForAll(reports, r => r.ForwardPasses == forwardPasses));
        Assert.AreEqual(reports.Sum(r => r.Passes + r.ForwardPasses), calls, "the network is really asked no more often");
        Assert.AreEqual(vectors, step.Memory.Values.Count(kept => kept.dim() > 0), "numbers are scalars");

        Tensor Counted()
        {
            calls++;
            return toy.Quartic(3, 4);
        }
    }
}
