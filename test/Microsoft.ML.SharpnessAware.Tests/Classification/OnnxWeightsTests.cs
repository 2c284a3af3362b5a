using Google.Protobuf;
using Microsoft.ML.SharpnessAware.Onnx;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Weights that come out of ONNX files: of networks of our own, with their names, without, and with batch norms that the convolutions before have taken in.</summary>
[TestClass]
public class OnnxWeightsTests
{
    const int Classes = 4;

    readonly string _file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");

    static IEnumerable<object[]> Numbers => Enumerable.Range(0, ImageNetworksAsOnnxTests.Cases.Count)
        .Where(number => ImageNetworksAsOnnxTests.Cases[number].Network is not (ResNet34 or ResNet101 or ViTBase or ViTSmall or Vgg19BN or DnnImageFeaturizerResNet18)) // of the kind of others, or told elsewhere
        .Select(number => new object[] { number, ImageNetworksAsOnnxTests.Cases[number].Network.ToString() });

    [TestCleanup]
    public void DeleteFile() => File.Delete(_file);

    [TestMethod]
    [DynamicData(nameof(Numbers))]
    public void Names_lead_to_the_weights(int number, string network)
    {
        var (kind, shape) = ImageNetworksAsOnnxTests.Cases[number];
        using var scope = NewDisposeScope();
        using var trained = Trained(kind, shape);

        var log = Write(trained, shape, _ => { }) is var file ? Read(kind with { Weights = file }, shape, Classes, out var read) : "";

        Assert.DoesNotContain("following its graph", log);
        AreSame(trained, read, network);
    }

    [TestMethod]
    [DynamicData(nameof(Numbers))]
    public void Graph_leads_to_weights_without_names(int number, string network)
    {
        var (kind, shape) = ImageNetworksAsOnnxTests.Cases[number];
        using var scope = NewDisposeScope();
        using var trained = Trained(kind, shape);
        Write(trained, shape, WithoutNames);

        if (kind is VisionTransformer)
        {
            Assert.Contains("its graph is not the network's", Assert.Throws<InvalidOperationException>(() => Read(kind with { Weights = _file }, shape, Classes, out _)).Message);
            return;
        }
        var log = Read(kind with { Weights = _file }, shape, Classes, out var read);

        Assert.Contains(", found by following its graph", log);
        AreSame(trained, read, network);
    }

    [TestMethod]
    [DynamicData(nameof(Numbers))]
    public void Norms_that_are_a_part_of_convolutions_start_with_what_leaves_those_unchanged(int number, string network)
    {
        var (kind, shape) = ImageNetworksAsOnnxTests.Cases[number];
        if (kind is VisionTransformer)
            return;
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        using var trained = Trained(kind, shape);
        var folded = 0;
        Write(trained, shape, graph => WithoutNames(graph, folded = Fold(graph)));

        var log = Read(kind with { Weights = _file }, shape, Classes, out var read);

        Assert.Contains($"{folded} batch norms are a part of its convolutions", log);
        trained.to(ScalarType.Float64);
        read.to(ScalarType.Float64);
        read.eval();
        var images = randn(2, shape.Channels, shape.Height, shape.Width, dtype: ScalarType.Float64);
        var expected = Near.Numbers(trained.call(images));
        Near.Equal(expected, Near.Numbers(read.call(images)), 1e-5 * expected.Max(Math.Abs), network); // products of float32 numbers are kept in float32
    }

    [TestMethod]
    public void Last_layer_of_other_classes_starts_fresh()
    {
        var (kind, shape) = (new CifarResNet(8), new ImageShape(3, 32, 32));
        using var scope = NewDisposeScope();
        using var trained = Trained(kind, shape);
        Write(trained, shape, WithoutNames);

        var log = Read(kind with { Weights = _file }, shape, classes: 7, out var read);

        Assert.Contains("The last layer, 'fc', starts fresh: the file's is for 4 classes, not 7.", log);
        Assert.AreEqual(7, read.state_dict()["fc.weight"].shape[0]);
    }

    [TestMethod]
    public void Network_that_computes_something_else_is_refused_where_it_differs()
    {
        var (kind, shape) = (new CustomResNet(1, 1, 1, 1), new ImageShape(3, 32, 32));
        using var scope = NewDisposeScope();
        using var trained = Trained(kind, shape);
        var errors = new ErrorText()
            .Add("another ε", () => Changed("BatchNormalization", node => node.Attribute.Single(attribute => attribute.Name == "epsilon").F = 1e-3f))
            .Add("another window", () => Changed("MaxPool", node => node.Attribute.Single(attribute => attribute.Name == "kernel_shape").Ints[0] = 2))
            .Add("another stride", () => Changed("Conv", node => node.Attribute.Single(attribute => attribute.Name == "strides").Ints[1] = 1))
            .Add("another activation", () => Changed("Relu", node => node.OpType = "Tanh"))
            .Add("an operator that is not known", () => Changed("Relu", node => node.OpType = "Erf"))
            .Add("weights that are computed", () => Changed("Conv", node => node.Input[1] = node.Input[0]));

        Golden.Matches("Networks/OnnxDifferences.txt", errors.ToString().Replace(_file, "FILE"));

        void Changed(string type, Action<NodeProto> change)
        {
            Write(trained, shape, graph =>
            {
                WithoutNames(graph);
                change(graph.Node.First(node => node.OpType == type));
            });
            Read(kind with { Weights = _file }, shape, Classes, out _);
        }
    }

    [TestMethod]
    public void Nodes_that_are_not_in_the_order_of_computation_are_put_into_it()
    {
        var (kind, shape) = (new CifarResNet(8), new ImageShape(3, 32, 32));
        using var scope = NewDisposeScope();
        using var trained = Trained(kind, shape);
        Write(trained, shape, graph =>
        {
            WithoutNames(graph);
            NodeProto[] nodes = [.. graph.Node.Reverse()];
            graph.Node.Clear();
            graph.Node.AddRange(nodes);
        });

        Read(kind with { Weights = _file }, shape, Classes, out var read);

        AreSame(trained, read, "reversed");
    }

    [TestMethod]
    public void Graph_that_goes_round_in_circles_or_lacks_inputs_is_refused()
    {
        var (kind, shape) = (new CifarResNet(8), new ImageShape(3, 32, 32));
        using var scope = NewDisposeScope();
        using var trained = Trained(kind, shape);

        Refuses("its Identity 'images' takes what is computed from its own output", graph => graph.Node.Insert(0, PyTorchExport.Node("Identity", "images", "images")));
        Refuses("its Identity 'Parameter0' takes what is computed from its own output", graph =>
        {
            graph.Initializer.RemoveAt(0);
            graph.Node.Insert(0, PyTorchExport.Node("Identity", "Parameter0", "Parameter0"));
        });
        Refuses("its Conv 'layer3.0.conv2/Conv' takes what is computed from its own output", graph => First(graph, "Relu").Input[0] = "logits");
        Refuses("its Relu 'relu/Relu' has 0 inputs, but needs 1", graph => First(graph, "Relu").Input.Clear());
        Refuses("its Conv 'conv1/Conv' has 1 inputs, but needs 2", graph => First(graph, "Conv").Input.RemoveAt(1));
        Refuses("one of its operators Relu has no output", graph => First(graph, "Relu").Output.Clear());

        void Refuses(string reason, Action<GraphProto> change)
        {
            Write(trained, shape, graph =>
            {
                WithoutNames(graph);
                change(graph);
            });
            var error = Assert.Throws<InvalidOperationException>(() => Read(kind with { Weights = _file }, shape, Classes, out _));
            Assert.StartsWith($"The weights in '{_file}' cannot be used: {reason}. They have to be ", error.Message);
        }
    }

    [TestMethod]
    public void Much_arithmetic_before_the_first_layer_is_not_the_networks()
    {
        const int Products = 100;
        var (kind, shape) = (new CifarResNet(8), new ImageShape(3, 32, 32));
        using var scope = NewDisposeScope();
        using var trained = Trained(kind, shape);
        Write(trained, shape, graph =>
        {
            WithoutNames(graph);
            graph.Initializer.Add(PyTorchExport.Tensor("one", ones(1), TensorProto.Types.DataType.Float));
            First(graph, "Conv").Input[0] = $"product {Products}";
            for (var number = Products; number > 0; number--)
                graph.Node.Insert(0, PyTorchExport.Node("Mul", $"product {number}", number == 1 ? "images" : $"product {number - 1}", "one"));
        });

        Read(kind with { Weights = _file }, shape, Classes, out var read);

        AreSame(trained, read, "with products");
    }

    [TestMethod]
    public void Softmax_after_the_last_layer_is_not_the_networks()
    {
        var (kind, shape) = (new CifarResNet(8), new ImageShape(3, 32, 32));
        using var scope = NewDisposeScope();
        using var trained = Trained(kind, shape);
        Write(trained, shape, graph =>
        {
            WithoutNames(graph);
            graph.Node.Add(new NodeProto { OpType = "Softmax", Input = { graph.Output[0].Name }, Output = { "probabilities" } });
            graph.Output[0].Name = "probabilities";
        });

        Read(kind with { Weights = _file }, shape, Classes, out var read);

        AreSame(trained, read, "with a softmax");
    }

    [TestMethod]
    public void File_with_another_ending_is_seen_for_what_it_is()
    {
        var (kind, shape) = (new CifarResNet(8), new ImageShape(3, 32, 32));
        using var scope = NewDisposeScope();
        var path = Path.ChangeExtension(_file, ".safetensors");
        File.Move(Write(Trained(kind, shape), shape, WithoutNames), path);

        var error = Assert.Throws<InvalidOperationException>(() => (kind with { Weights = path }).Build(shape, Classes));
        var folder = Assert.Throws<InvalidOperationException>(() => BertEncoder.FromFolder(path));

        File.Move(path, _file);
        Assert.Contains("it looks like an ONNX file, which is read as one where its name ends in .onnx", error.Message);
        Assert.Contains("is a file, and not a folder", folder.Message);
        Assert.Contains("Read an ONNX file by BertEncoder.FromOnnx", Assert.Throws<InvalidOperationException>(() => BertEncoder.FromFolder(_file)).Message);
    }

    [TestMethod]
    public void Pool_to_so_many_cells_is_found_under_what_exporters_make_of_it()
    {
        var shape = new ImageShape(1, 7, 7);
        using var scope = NewDisposeScope();
        using var trained = Trained(new PooledNetwork(Cells: 0), shape);
        Write(trained, shape, WithoutNames);

        Read(new PooledNetwork(Cells: 7) { Weights = _file }, shape, Classes, out var read);

        AreSame(trained, read, "of 7×7 cells");
    }

    [TestMethod]
    public void Two_branches_that_cannot_be_told_apart_are_refused()
    {
        using var scope = NewDisposeScope();
        var two = new TwoBranches();
        using var trained = two.Build(new ImageShape(1, 4, 4), 2);
        Write(trained, new ImageShape(1, 4, 4), WithoutNames);

        var error = Assert.Throws<InvalidOperationException>(() => (two with { Weights = _file }).Build(new ImageShape(1, 4, 4), 2));

        Assert.Contains("two branches that are added cannot be told apart", error.Message);
    }

    static string Read(ImageNetwork kind, ImageShape shape, int classes, out nn.Module<Tensor, Tensor> read)
    {
        List<string> log = [];
        read = kind.Build(shape, classes, log.Add);
        return log.Single();
    }

    // Weights that differ in every tensor, in eval mode.
    static nn.Module<Tensor, Tensor> Trained(ImageNetwork kind, ImageShape shape)
    {
        var module = kind.Build(shape, Classes);
        PyTorchGolden.Fill(module.state_dict().Where(tensor => tensor.Value.is_floating_point()));
        module.eval();
        return module;
    }

    string Write(nn.Module<Tensor, Tensor> network, ImageShape shape, Action<GraphProto> change)
    {
        var graph = new OnnxGraph(network, 13, ["logits"]);
        graph.Output("logits", graph.Call(network, graph.Input("images", TensorProto.Types.DataType.Float, "N", shape.Channels, shape.Height, shape.Width)), TensorProto.Types.DataType.Float);
        change(graph.Graph);
        File.WriteAllBytes(_file, OnnxFile.Of(graph, []).ToByteArray());
        return _file;
    }

    static NodeProto First(GraphProto graph, string type) => graph.Node.First(node => node.OpType == type);

    static void WithoutNames(GraphProto graph) => WithoutNames(graph, 0);

    static void WithoutNames(GraphProto graph, int _)
    {
        var names = graph.Initializer.Select((constant, number) => (constant.Name, New: $"Parameter{number}")).ToDictionary(name => name.Name, name => name.New);
        foreach (var constant in graph.Initializer)
            constant.Name = names[constant.Name];
        foreach (var node in graph.Node)
            for (var i = 0; i < node.Input.Count; i++)
                node.Input[i] = names.GetValueOrDefault(node.Input[i], node.Input[i]);
    }

    // As PyTorch's export does: w' = w γ/σ, b' = β + (b − μ) γ/σ.
    static int Fold(GraphProto graph)
    {
        var constants = graph.Initializer.ToDictionary(constant => constant.Name);
        var producers = graph.Node.ToDictionary(node => node.Output[0]);
        var folded = 0;
        foreach (var norm in graph.Node.Where(node => node.OpType == "BatchNormalization").ToArray())
        {
            if (!producers.TryGetValue(norm.Input[0], out var convolution) || convolution.OpType != "Conv" || graph.Node.Count(node => node.Input.Contains(norm.Input[0])) > 1)
                continue;
            var (scale, shift, mean, variance) = (Values(norm.Input[1]), Values(norm.Input[2]), Values(norm.Input[3]), Values(norm.Input[4]));
            var factor = scale / (variance + norm.Attribute.Single(attribute => attribute.Name == "epsilon").F).sqrt();
            Set(convolution.Input[1], Values(convolution.Input[1]) * factor.view(-1, 1, 1, 1));
            var bias = convolution.Input.Count > 2 ? Values(convolution.Input[2]) : zeros(1);
            Set(norm.Input[2], shift + (bias - mean) * factor);
            if (convolution.Input.Count > 2)
                convolution.Input.RemoveAt(2);
            convolution.Input.Add(norm.Input[2]);
            convolution.Output[0] = norm.Output[0];
            graph.Node.Remove(norm);
            folded++;
        }
        return folded;

        Tensor Values(string name) => OnnxWeightsFile.Of(graph)[name].to_type(ScalarType.Float64);

        void Set(string name, Tensor values) => constants[name].RawData = ByteString.CopyFrom(values.to_type(ScalarType.Float32).bytes.ToArray());
    }

    static void AreSame(nn.Module expected, nn.Module actual, string network)
    {
        var read = actual.state_dict();
        foreach (var (name, weights) in expected.state_dict().Where(tensor => tensor.Value.is_floating_point()))
            CollectionAssert.AreEqual(weights.bytes.ToArray(), read[name].bytes.ToArray(), $"{network}: {name}");
    }

    /// <summary>A convolution, a mean over each of so many cells of the images, and a linear layer. 0 cells: over each place, as exporters write a pool to 7×7 of images of 7×7.</summary>
    sealed record PooledNetwork(int Cells) : ImageNetwork
    {
        public override int DefaultSize => 7;

        protected override nn.Module<Tensor, Tensor> Create(ImageShape input, int classes) => nn.Sequential(
            ("conv", nn.Conv2d(1, 2, 3, padding: 1)), ("pool", Cells == 0 ? nn.AvgPool2d(1) : nn.AdaptiveAvgPool2d(Cells)), ("flatten", nn.Flatten()), ("fc", nn.Linear(2 * 7 * 7, classes)));
    }

    /// <summary>A network whose two convolutions could be exchanged.</summary>
    sealed record TwoBranches : ImageNetwork
    {
        public override int DefaultSize => 4;

        protected override nn.Module<Tensor, Tensor> Create(ImageShape input, int classes) => nn.Sequential(("sum", new Sum()), ("flatten", nn.Flatten()), ("fc", nn.Linear(2 * input.Height * input.Width, classes)));
    }

    sealed class Sum : nn.Module<Tensor, Tensor>, IOnnxLayer
    {
        readonly nn.Module<Tensor, Tensor> _left = nn.Conv2d(1, 2, 3, padding: 1);
        readonly nn.Module<Tensor, Tensor> _right = nn.Conv2d(1, 2, 3, padding: 1);

        public Sum() : base(nameof(Sum)) => RegisterComponents();

        public override Tensor forward(Tensor x) => _left.call(x) + _right.call(x);

        public string AddTo(OnnxGraph graph, string x) => graph.Node("Add", [graph.Call(_left, x), graph.Call(_right, x)]);
    }
}
