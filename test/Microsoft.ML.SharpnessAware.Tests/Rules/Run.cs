namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>A few steps on a toy, through the whole of <see cref="SamTrainStep"/>.</summary>
static class Run
{
    public static readonly Sgd PlainSgd = new(LearningRate: 1, Momentum: 0, WeightDecay: 0);

    /// <summary>The weights after each step. The loss is given the step's number, from 0.</summary>
    public static double[][] Steps(Toy toy, SharpnessRule rule, Func<int, Tensor> loss, int steps = 1, double learningRate = 0.1, BaseOptimizer? optimizer = null)
    {
        using var step = new SamTrainStep(toy, rule, (optimizer ?? PlainSgd) with { LearningRate = learningRate });
        return Enumerable.Range(0, steps).Select(i =>
        {
            step.Run(() => loss(i), learningRate: 1, seed: i);
            return toy.Values;
        }).ToArray();
    }

    /// <summary>The first step's ε.</summary>
    public static double[] Epsilon(Toy toy, Ascent rule, Func<Tensor> loss)
    {
        var capture = new Capture(rule);
        Steps(toy, capture, _ => loss());
        return capture.Epsilons[0];
    }
}
