namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class WeightFilterTests
{
    const double Printed = 1e-9; // sam-family's oracles have ten digits.

    [TestMethod]
    public void Perturbing_norm_layers_only_is_SAM_ON()
    {
        var (fc, gamma, beta) = OneStep(new Sam(0.5));
        Near.Equal([0.5908589687, 1.775746437], gamma, Printed);
        Near.Equal([0.20298575], beta, Printed);
        Near.Equal([0.8], fc, 1e-15, "trained, but not perturbed");
    }

    [TestMethod]
    public void Perturbing_norm_layers_only_with_Asam_is_ASAM_ON()
    {
        var (fc, gamma, beta) = OneStep(new Asam(0.5, 0.01));
        Near.Equal([0.615254707, 1.725414838], gamma, Printed);
        Near.Equal([0.2261551325], beta, Printed);
        Near.Equal([0.8], fc, 1e-15);
    }

    [TestMethod]
    public void Perturbing_norm_layers_only_with_an_Asam_that_scales_biases_is_ASAM_ON_with_normalized_biases()
    {
        var (_, gamma, beta) = OneStep(new Asam(0.5, 0.01) { ScaleBiases = true });
        Near.Equal([0.610627507, 1.721342394], gamma, Printed);
        Near.Equal([0.2797442208], beta, Printed);
    }

    [TestMethod]
    public void Filters_choose_what_they_say()
    {
        using var net = new SmallNet();
        using var weights = new FlatWeights(net);
        Assert.AreEqual("conv.weight conv.bias norm.weight norm.bias fc.weight fc.bias", Chosen(new AllWeights()));
        Assert.AreEqual("norm.weight norm.bias", Chosen(new NormLayersOnly()));
        Assert.AreEqual("conv.weight conv.bias fc.weight fc.bias", Chosen(new NoNormLayers()));
        Assert.AreEqual("conv.weight norm.weight fc.weight", Chosen(new NoBiases()));
        Assert.AreEqual("conv.bias norm.bias fc.bias", Chosen(new WeightsNamed("*.bias")));
        Assert.AreEqual("fc.weight fc.bias", Chosen(new WeightsNamed("fc.*")));
        Assert.AreEqual("", Chosen(new WeightsNamed("FC.*")));
        Assert.AreEqual("conv.weight conv.bias norm.weight norm.bias fc.bias", Chosen(new AllBut("fc.weight")));

        string Chosen(WeightFilter filter) => string.Join(" ", weights.Blocks.Where(filter.Includes).Select(b => b.Name));
    }

    [TestMethod]
    public void Perturbing_all_by_name_is_the_rule_bit_for_bit()
    {
        CollectionAssert.AreEqual(After(null), After(new WeightsNamed("*")));
        CollectionAssert.AreNotEqual(After(null), After(new NoBiases()));

        static float[] After(WeightFilter? filter)
        {
            using var net = new SmallNet();
            using var step = new SamTrainStep(net, new Sam(1), new Sgd(), new StepSettings { PerturbedWeights = filter ?? new AllWeights() });
            step.Run(net.Loss, learningRate: 1, seed: 0);
            return net.Flat();
        }
    }

    [TestMethod]
    public void Perturbing_nothing_is_refused_with_the_names_there_are()
    {
        using var net = new SmallNet();
        var error = Assert.Throws<InvalidOperationException>(() => new SamTrainStep(net, new Sam(), new Sgd(), new StepSettings { PerturbedWeights = new WeightsNamed("bert.*") }));
        Assert.AreEqual(
            "WeightsNamed { Pattern = bert.* } chooses none of the network's parameters to perturb. They are conv.weight [4, 1, 3, 3], conv.bias [4], norm.weight [4], norm.bias [4], fc.weight [3, 4], fc.bias [3]. Choose others, or Plain to perturb none.",
            error.Message);
    }

    static (double[] Fc, double[] Gamma, double[] Beta) OneStep(SharpnessRule rule)
    {
        using var toy = new Toy(("fc_weight", [1]), ("bn_weight", [1, 2]), ("bn_bias", [0.5]));
        using var step = new SamTrainStep(toy, rule, Run.PlainSgd, new StepSettings { PerturbedWeights = new WeightsNamed("bn*") });
        step.Run(() => toy.Quadratic(2, 3, 1, 4), 0.1, seed: 0);
        var w = toy.Values;
        return (w[..1], w[1..3], w[3..]);
    }
}
