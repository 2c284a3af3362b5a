namespace Microsoft.ML.SharpnessAware.Tests;

[TestClass]
public class GradCamTests
{
    const double Rounding = 1e-12;

    [TestMethod]
    public void Explain_weights_each_map_by_its_mean_gradient_and_drops_what_is_negative()
    {
        // Maps: A¹ = x, A² = 5 − x. Gradients of class 0: (1, 0, 0, 1) and (−1, 0, 0, 0), means ½ and −¼. So ½ x − ¼ (5 − x), of which negative ones become 0.
        using var network = Network(maps: [1, -1], biases: [0, 5], toClasses: [[1, 0, 0, 1, -1, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 4]]);
        using var image = tensor(new[] { 1.0, 2, 3, 4 }).reshape(1, 1, 2, 2);

        using var map = MapOf(network, image, index: 0);

        Near.Equal([0, 0.25 / 1.75, 1 / 1.75, 1], Near.Numbers(map), Rounding);
    }

    [TestMethod]
    public void Explain_is_of_the_class_that_is_asked_for()
    {
        // Class 1: the mean gradient of A² is 1, and A¹ has none. So 5 − x.
        using var network = Network(maps: [1, -1], biases: [0, 5], toClasses: [[1, 0, 0, 1, -1, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 4]]);
        using var image = tensor(new[] { 1.0, 2, 3, 4 }).reshape(1, 1, 2, 2);

        using var map = MapOf(network, image, index: 1);

        Near.Equal([1, 0.75, 0.5, 0.25], Near.Numbers(map), Rounding);
    }

    [TestMethod]
    public void Explain_is_all_zero_where_nothing_speaks_for_the_class()
    {
        using var network = Network(maps: [1, 1], biases: [0, 0], toClasses: [[-1, -1, -1, -1, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0]]);
        using var image = tensor(new[] { 1.0, 2, 3, 4 }).reshape(1, 1, 2, 2);

        using var map = MapOf(network, image, index: 0);

        Near.Equal([0, 0, 0, 0], Near.Numbers(map), 0);
    }

    [TestMethod]
    public void Explain_enlarges_small_maps_bilinearly_to_the_image()
    {
        // The means of two halves, 0 and 1, between whose centres lies the way from one to the other.
        using var network = nn.Sequential(("conv", nn.Conv2d(1, 1, 2, 2, bias: false)), ("flatten", nn.Flatten()), ("fc", nn.Linear(2, 2)));
        network.to(ScalarType.Float64);
        Set(network, "conv.weight", 0.25, 0.25, 0.25, 0.25);
        Set(network, "fc.weight", 1, 1, 0, 0);
        using var image = tensor(new[] { 0.0, 0, 1, 1, 0, 0, 1, 1 }).reshape(1, 1, 2, 4);

        using var map = MapOf(network, image, index: 0);

        Near.Equal([0, 0.25, 0.75, 1, 0, 0.25, 0.75, 1], Near.Numbers(map), Rounding);
    }

    [TestMethod]
    public void Explain_lets_layers_after_it_change_their_input_in_place()
    {
        using var network = nn.Sequential(("conv", nn.Conv2d(1, 1, 1, bias: false)), ("other", nn.ReLU(inplace: true)), ("pool", nn.AdaptiveAvgPool2d(1)), ("flatten", nn.Flatten()), ("fc", nn.Linear(1, 2)));
        network.to(ScalarType.Float64);
        Set(network, "conv.weight", 1);
        Set(network, "fc.weight", 1, -1);
        using var image = tensor(new[] { -1.0, 2, 3, 4 }).reshape(1, 1, 2, 2);

        var method = GradCam.Of(network, "test", "conv", image);
        using var scope = NewDisposeScope();
        var (maps, _) = method.Explain(image, logits => zeros(logits.shape[0], dtype: ScalarType.Int64));

        // The gradient is ¼ where x > 0, so 3/16 on average; the map is x.
        Near.Equal([0, 0.5, 0.75, 1], Near.Numbers(maps), Rounding);
    }

    [TestMethod]
    public void Of_takes_the_last_layer_of_more_than_one_pixel()
    {
        using var network = new CifarResNet(8).Build(new ImageShape(1, 8, 8), classes: 3);
        network.eval();
        using var image = zeros(1, 1, 8, 8);

        Assert.AreEqual("layer3", GradCam.Of(network, "test", layer: null, image).LayerName);
        Assert.AreEqual("layer1", GradCam.Of(network, "test", "layer1", image).LayerName);
    }

    static Tensor MapOf(nn.Module<Tensor, Tensor> network, Tensor image, long index)
    {
        using var scope = NewDisposeScope();
        var method = GradCam.Of(network, "test", layer: null, image);
        return method.Explain(image, logits => full(logits.shape[0], index, dtype: ScalarType.Int64)).Maps.MoveToOuterDisposeScope();
    }

    // Maps of 2×2 pixels, each the image times a number plus another, then a linear layer.
    static nn.Module<Tensor, Tensor> Network(double[] maps, double[] biases, double[][] toClasses)
    {
        var network = nn.Sequential(("conv", nn.Conv2d(1, maps.Length, 1)), ("flatten", nn.Flatten()), ("fc", nn.Linear(4 * maps.Length, toClasses.Length)));
        network.to(ScalarType.Float64);
        Set(network, "conv.weight", maps);
        Set(network, "conv.bias", biases);
        Set(network, "fc.weight", [.. toClasses.SelectMany(weights => weights)]);
        return network;
    }

    static void Set(nn.Module network, string name, params double[] values)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        var parameter = network.get_parameter(name)!;
        parameter.copy_(tensor(values).reshape(parameter.shape));
    }
}
