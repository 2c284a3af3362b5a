using TorchSharp.Modules;
using Element = Microsoft.ML.SharpnessAware.Onnx.TensorProto.Types.DataType;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Layers of TorchSharp's own in ONNX Runtime against the same in float64, and those that cannot be exported.</summary>
[TestClass]
public class TorchSharpLayersTests
{
    // ONNX Runtime computes in float32.
    const double Tolerance = 1e-5;

    static readonly long[] Images = [3, 4, 7, 9];

    static Dictionary<string, (Func<nn.Module<Tensor, Tensor>> Create, long[] Shape)> Cases { get; } = new()
    {
        ["Conv1d"] = (() => nn.Conv1d(4, 6, 3, 2, 1), [3, 4, 9]),
        ["Conv2d, strides, dilation and groups"] = (() => nn.Conv2d(4, 6, (3, 2), (2, 1), (1, 2), (1, 2), groups: 2), Images),
        ["Conv2d, same"] = (() => nn.Conv2d(4, 6, 4, padding: Padding.Same), Images),
        ["Conv2d, valid, without bias"] = (() => nn.Conv2d(4, 6, 3, padding: Padding.Valid, bias: false), Images),
        ["Conv3d"] = (() => nn.Conv3d(2, 3, 2), [3, 2, 4, 5, 6]),
        ["Linear"] = (() => nn.Linear(9, 5), Images),
        ["Linear, without bias"] = (() => nn.Linear(9, 5, hasBias: false), [3, 9]),
        ["BatchNorm1d"] = (() => nn.BatchNorm1d(4), [3, 4]),
        ["BatchNorm2d"] = (() => nn.BatchNorm2d(4, eps: 0.1), Images),
        ["BatchNorm2d, not affine"] = (() => nn.BatchNorm2d(4, affine: false), Images),
        ["LayerNorm"] = (() => nn.LayerNorm(9, 0.01), Images),
        ["LayerNorm, not affine"] = (() => nn.LayerNorm(9, elementwise_affine: false), Images),
        ["LayerNorm, without bias"] = (() => nn.LayerNorm(9, 0.01, bias: false), Images),
        ["MaxPool2d"] = (() => nn.MaxPool2d(3, 2, 1), Images),
        ["MaxPool2d, dilation, rounded up"] = (() => nn.MaxPool2d((2, 3), dilation: (1, 2), ceil_mode: true), Images),
        ["AvgPool2d"] = (() => nn.AvgPool2d(2), Images),
        ["AvgPool2d, padding that counts"] = (() => nn.AvgPool2d(3, 2, 1), Images),
        ["AvgPool2d, padding that does not count"] = (() => nn.AvgPool2d(3, 2, 1, count_include_pad: false), Images),
        ["AvgPool2d, rounded up"] = (() => nn.AvgPool2d(2, 2, ceil_mode: true), Images),
        ["AdaptiveAvgPool2d, 1"] = (() => nn.AdaptiveAvgPool2d(1), Images),
        ["AdaptiveAvgPool2d, fewer"] = (() => nn.AdaptiveAvgPool2d((3, 4)), Images),
        ["AdaptiveAvgPool2d, more"] = (() => nn.AdaptiveAvgPool2d(10), Images),
        ["AdaptiveAvgPool2d, as many"] = (() => nn.AdaptiveAvgPool2d(7), [3, 4, 7, 7]),
        ["Flatten"] = (() => nn.Flatten(), Images),
        ["Flatten, from 2"] = (() => nn.Flatten(2), Images),
        ["Dropout"] = (() => nn.Dropout(0.5), Images),
        ["Dropout2d"] = (() => nn.Dropout2d(0.5), Images),
        ["Identity"] = (() => nn.Identity(), Images),
        ["ReLU"] = (() => nn.ReLU(), Images),
        ["ReLU6"] = (() => nn.ReLU6(), Images),
        ["LeakyReLU"] = (() => nn.LeakyReLU(0.2), Images),
        ["ELU"] = (() => nn.ELU(0.7), Images),
        ["GELU"] = (() => nn.GELU(), Images),
        ["GELU, by tanh"] = (() => nn.GELU(approximate: GELU.Approximate.tanh), Images),
        ["SiLU"] = (() => nn.SiLU(), Images),
        ["Hardswish"] = (() => nn.Hardswish(), Images),
        ["Hardsigmoid"] = (() => nn.Hardsigmoid(), Images),
        ["Sigmoid"] = (() => nn.Sigmoid(), Images),
        ["Tanh"] = (() => nn.Tanh(), Images),
        ["Softmax, along the last"] = (() => nn.Softmax(-1), Images),
        ["Softmax, along channels"] = (() => nn.Softmax(1), Images),
        ["LogSoftmax"] = (() => nn.LogSoftmax(1), [3, 9]),
        ["Sequential in Sequential"] = (() => nn.Sequential(("a", nn.Sequential(nn.Linear(9, 5), nn.ReLU())), ("b", nn.Linear(5, 2))), Images),
        ["the same layer twice"] = (() => Twice(nn.Linear(9, 9)), Images),
    };

    static IEnumerable<object[]> Names => Cases.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void Layer_gives_what_it_gives_in_float64(string name)
    {
        var (create, shape) = Cases[name];
        using var random = Seeds.BorrowGlobalGenerator();
        Seeds.SeedGlobalGenerator(1);
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var layer = create();
        PyTorchGolden.Fill(layer.state_dict().Where(tensor => tensor.Value.is_floating_point()));
        layer.eval();
        var input = 3 * randn(shape);

        var actual = new[] { 12, 13, 17 }.Select(opset =>
        {
            using var model = OnnxModel.Of(layer, opset, Element.Float, ["N", .. shape[1..].Cast<object>()]);
            return model.Numbers("output", ("input", input));
        }).ToArray();

        layer.to(ScalarType.Float64);
        var expected = Near.Numbers(layer.call(input.to(ScalarType.Float64)));
        foreach (var numbers in actual)
            Near.Equal(expected, numbers, Tolerance * Math.Max(1, expected.Max(Math.Abs)), name);
    }

    [TestMethod]
    public void Layers_that_cannot_be_exported_are_named_with_the_reason()
    {
        var errors = new ErrorText();
        foreach (var (what, layer) in new (string, nn.Module<Tensor, Tensor>)[]
        {
            ("an unknown layer", nn.Upsample([4, 4])),
            ("what derives from a known one", new Doubled()),
            ("padding by reflection", nn.Conv2d(3, 4, 3, padding: 1, padding_mode: PaddingModes.Reflect)),
            ("no statistics", nn.BatchNorm2d(3, track_running_stats: false)),
            ("a norm over two dimensions", nn.LayerNorm([4, 4])),
            ("a divisor", nn.AvgPool2d(2, divisor_override: 3)),
            ("padding, rounded up", nn.AvgPool2d(3, 2, 1, ceil_mode: true)),
            ("flattened from the first dimension", nn.Flatten(0)),
        })
        {
            using var network = nn.Sequential(("features", nn.Sequential(("first", nn.ReLU()), ("second", layer))));
            errors.Add(what, () => OnnxModel.Of(network, 17, Element.Float, "N", 3, 4, 4));
        }
        using var alone = new Doubled();
        errors.Add("the network itself", () => OnnxModel.Of(alone, 17, Element.Float, "N", 3, 4, 4));

        Golden.Matches("Persistence/OnnxErrors.txt", errors.ToString());
    }

    [TestMethod]
    public void Weights_have_the_names_and_shapes_that_they_have_in_the_network()
    {
        using var network = nn.Sequential(("features", nn.Sequential(("conv", nn.Conv2d(3, 4, 3)), ("norm", nn.BatchNorm2d(4)))), ("flatten", nn.Flatten()), ("fc", nn.Linear(16, 2)));
        var graph = new OnnxGraph(network, 17, ["output"]);
        graph.Call(network, graph.Input("input", Element.Float, "N", 3, 4, 4));

        Assert.AreSequenceEqual(
            network.state_dict().Where(tensor => tensor.Value.is_floating_point()).Select(tensor => $"{tensor.Key} {string.Join(' ', tensor.Value.shape)}").Order(),
            graph.Graph.Initializer.Select(weights => $"{weights.Name} {string.Join(' ', weights.Dims)}").Order());
    }

    static nn.Module<Tensor, Tensor> Twice(nn.Module<Tensor, Tensor> layer) => nn.Sequential(("first", layer), ("second", layer));

    sealed class Doubled() : Sequential(("inner", nn.ReLU()))
    {
        public override Tensor forward(Tensor input) => 2 * base.forward(input);
    }
}
