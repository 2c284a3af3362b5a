using Google.Protobuf;
using Microsoft.ML.SharpnessAware.Onnx;
using Element = Microsoft.ML.SharpnessAware.Onnx.TensorProto.Types.DataType;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Networks that compare themselves with ONNX Runtime when their weights are read.</summary>
[TestClass]
public class ImageVerificationTests
{
    readonly string _folder = Directory.CreateTempSubdirectory("Verification").FullName;

    static IEnumerable<object[]> Networks =>
    [
        [new CifarResNet(8), new ImageShape(3, 32, 32)],
        [new CustomResNet(1, 1, 1, 1), new ImageShape(3, 32, 32)],
        [new MobileNetV2(), new ImageShape(3, 32, 32)],
        [new ViTTiny(4), new ImageShape(3, 8, 12)],
        [new Vgg16BN(VggClassifier.SmallImage), new ImageShape(3, 32, 32)],
    ];

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestMethod]
    [DynamicData(nameof(Networks))]
    public void Log_says_how_far_features_are_from_those_of_OnnxRuntime(ImageNetwork kind, ImageShape shape)
    {
        var file = Write(kind, shape, [2, shape.Channels, shape.Height, shape.Width]);

        var (log, isTraining) = Build(kind with { Weights = file, VerifyWeights = true }, shape);

        Assert.MatchesRegex(@"^Read \d+ tensors from .* Compared with ONNX Runtime: the inputs of the last layer differ by at most (0|\d(\.\d)?E-\d+), of up to \d+(\.\d+)?\.$", log);
        Assert.IsTrue(isTraining, "modules are built for training");
    }

    [TestMethod]
    public void Package_of_MLNet_agrees()
    {
        var (log, _) = Build(new DnnImageFeaturizerResNet18 { VerifyWeights = true }, new ImageShape(3, 224, 224));

        Assert.Contains("found by following its graph.", log);
        Assert.Contains("Compared with ONNX Runtime: the inputs of the last layer differ by at most", log);
    }

    [TestMethod]
    public void Tensors_beside_the_file_and_open_sizes_are_no_hindrance()
    {
        var (kind, shape) = (new CifarResNet(8), new ImageShape(3, 32, 32));
        var file = Write(kind, shape, ["N", 3, "height", "width"], graph =>
        {
            var weights = graph.Initializer.Single(tensor => tensor.Name == "conv1.weight");
            File.WriteAllBytes(Path.Combine(_folder, "weights.bin"), weights.RawData.ToByteArray());
            weights.ClearRawData();
            weights.DataLocation = TensorProto.Types.DataLocation.External;
            weights.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "weights.bin" });
        });

        Assert.Contains("Compared with ONNX Runtime", Build(kind with { Weights = file, VerifyWeights = true }, shape).Log);
    }

    [TestMethod]
    public void Random_numbers_are_as_without_it()
    {
        var (kind, shape) = (new CifarResNet(8), new ImageShape(3, 32, 32));
        var file = Write(kind, shape, [1, 3, 32, 32]);

        Assert.AreEqual(Next(verify: false), Next(verify: true));

        float Next(bool verify)
        {
            using var random = Seeds.BorrowGlobalGenerator();
            Seeds.SeedGlobalGenerator(1);
            Build(kind with { Weights = file, VerifyWeights = verify }, shape);
            using var number = rand(1);
            return number.ToSingle();
        }
    }

    [TestMethod]
    public void What_differs_or_cannot_be_compared_is_said()
    {
        var (kind, shape) = (new CifarResNet(8), new ImageShape(3, 32, 32));
        object[] sizes = [2, 3, 32, 32];
        var errors = new ErrorText()
            .Add("another activation", () => Verify(Write(kind, shape, sizes, graph => graph.Node.First(node => node.OpType == "Relu").OpType = "Tanh")))
            .Add("another size", () => Verify(Write(kind, shape, sizes), new ImageShape(3, 40, 32)))
            .Add("images of bytes", () => Verify(Write(kind, shape, sizes, graph =>
            {
                var images = graph.Input.Single();
                images.Type.TensorType.ElemType = (int)Element.Uint8;
                foreach (var node in graph.Node.Where(node => node.Input[0] == images.Name))
                    node.Input[0] = "floats";
                graph.Node.Insert(0, new NodeProto { OpType = "Cast", Input = { images.Name }, Output = { "floats" }, Attribute = { new AttributeProto { Name = "to", I = (int)Element.Float, Type = AttributeProto.Types.AttributeType.Int } } });
            })))
            .Add("an operator that ONNX Runtime does not know", () => Verify(Write(kind, shape, sizes, graph => graph.Node.First(node => node.OpType == "Relu").OpType = "Rellu")))
            .Add("a last layer that is used twice", () => Verify(Write(kind, shape, sizes, graph => graph.Node.Add(new NodeProto { OpType = "Identity", Input = { "fc.weight" }, Output = { "again" } }))))
            .Add("a safetensors file", () => Verify(Path.Combine(_folder, "model.safetensors")))
            .Add("fresh weights", () => Build(kind with { VerifyWeights = true }, shape));

        Golden.Matches("Networks/VerificationErrors.txt", errors.ToString().Replace(_folder, "FOLDER").Replace('\\', '/'));

        void Verify(string file, ImageShape? other = null) => Build(kind with { Weights = file, VerifyWeights = true }, other ?? shape);
    }

    static (string Log, bool IsTraining) Build(ImageNetwork kind, ImageShape shape)
    {
        using var scope = NewDisposeScope();
        List<string> log = [];
        using var network = kind.Build(shape, classes: 4, log.Add);
        return (log.Single(), network.training);
    }

    // Weights that differ in every tensor, with the network's own names.
    string Write(ImageNetwork kind, ImageShape shape, object[] sizes, Action<GraphProto>? change = null)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var network = kind.Build(shape, classes: 4);
        PyTorchGolden.Fill(network.state_dict().Where(tensor => tensor.Value.is_floating_point()));
        network.eval();
        var graph = new OnnxGraph(network, 13, ["logits"]);
        graph.Output("logits", graph.Call(network, graph.Input("images", Element.Float, sizes)), Element.Float);
        change?.Invoke(graph.Graph);
        var file = Path.Combine(_folder, "model.onnx");
        File.WriteAllBytes(file, OnnxFile.Of(graph, []).ToByteArray());
        return file;
    }
}
