using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Microsoft.ML.SharpnessAware.Onnx;

namespace Microsoft.ML.SharpnessAware;

/// <summary>An ONNX file, to take weights from: its graph, and its constants as tensors.</summary>
internal sealed class OnnxWeightsFile
{
    const int OldestOpset = 8;
    const int NewestOpset = 21;
    const int NewestIr = 10;

    readonly ModelProto _model;
    readonly OnnxTensors _tensors;
    readonly Dictionary<string, TensorProto> _constants;
    readonly Dictionary<string, NodeProto> _producers = [];

    OnnxWeightsFile(ModelProto model, string? folder)
    {
        _model = model;
        var graph = model.Graph;
        Nodes = graph.Node;
        Inputs = [.. graph.Input.Where(input => graph.Initializer.All(initializer => initializer.Name != input.Name))];
        Outputs = [.. graph.Output.Select(output => output.Name)];
        _tensors = new OnnxTensors(folder);
        _constants = graph.Initializer.ToDictionary(initializer => initializer.Name);
        foreach (var node in graph.Node)
        {
            // An empty name is that of an output which is left out.
            foreach (var output in node.Output.Where(output => output.Length > 0))
                _producers.TryAdd(output, node);
            if (node.OpType == "Constant" && node.Attribute.FirstOrDefault(attribute => attribute.Name == "value") is { T: { } value })
                _constants.TryAdd(node.Output[0], value);
        }
    }

    /// <summary>In the order in which they are computed.</summary>
    public IReadOnlyList<NodeProto> Nodes { get; }

    /// <summary>What is given to the graph when it is run.</summary>
    public IReadOnlyList<ValueInfoProto> Inputs { get; }

    public IReadOnlyList<string> Outputs { get; }

    /// <summary>What the constants are called.</summary>
    public IReadOnlyCollection<string> Constants => _constants.Keys;

    /// <summary>A graph that is at hand.</summary>
    public static OnnxWeightsFile Of(GraphProto graph) => new(new ModelProto { Graph = graph }, folder: null);

    /// <summary>Reads a file.</summary>
    /// <inheritdoc cref="Read(Stream, string?)" path="/exception"/>
    public static OnnxWeightsFile Read(string path)
    {
        using var stream = File.OpenRead(path);
        return Read(stream, Path.GetDirectoryName(Path.GetFullPath(path)));
    }

    /// <summary>Reads the bytes of a file.</summary>
    /// <param name="stream">Its bytes.</param>
    /// <param name="folder">Where tensors that lie beside it are looked for; null: nowhere.</param>
    /// <exception cref="FormatException">It is damaged, or no ONNX file, or one of a version that is not known, or its nodes take each other's outputs in a circle.</exception>
    public static OnnxWeightsFile Read(Stream stream, string? folder)
    {
        var model = Parse(stream);
        if (model.Graph is not { } graph || model.IrVersion == 0 || graph.Node.Count == 0)
            throw new FormatException("it is empty, or no ONNX file");
        var opset = model.OpsetImport.FirstOrDefault(set => set.Domain is "" or "ai.onnx")?.Version ?? 0;
        if (model.IrVersion > NewestIr || opset is < OldestOpset or > NewestOpset)
            throw new FormatException($"it has opset {opset} and version {model.IrVersion} of the format, but known are opsets {OldestOpset} to {NewestOpset} and versions up to {NewestIr}: export it with one of these opsets");
        if (graph.Initializer.GroupBy(initializer => initializer.Name).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new FormatException($"the initializer '{twice.Key}' is there twice");
        foreach (var node in graph.Node)
            CheckNode(node);
        Order(graph.Node);
        return new OnnxWeightsFile(model, folder);
    }

    public bool Has(string constant) => _constants.ContainsKey(constant);

    /// <exception cref="FormatException">The constant is damaged.</exception>
    public long[] ShapeOf(string constant) => OnnxTensors.Shape(_constants[constant]);

    /// <summary>A constant, on the CPU and in the caller's scope.</summary>
    /// <exception cref="FormatException">It is damaged, or of a type that weights do not have.</exception>
    public Tensor this[string constant] => _tensors.Read(_constants[constant]);

    /// <summary>The node that computes a value; null for inputs and constants.</summary>
    public NodeProto? ProducerOf(string value) => _producers.GetValueOrDefault(value);

    /// <summary>The nodes that take a value.</summary>
    public IEnumerable<NodeProto> ConsumersOf(string value) => Nodes.Where(node => node.Input.Contains(value));

    /// <summary>A copy of the file's model with some of its values as outputs, and with all its tensors, those that lie beside the file too.</summary>
    public ModelProto WithOutputs(IReadOnlyCollection<string> values)
    {
        var model = _model.Clone();
        model.Graph.Output.Clear();
        model.Graph.Output.AddRange(values.Select(value => _model.Graph.Output.FirstOrDefault(output => output.Name == value)?.Clone() ?? new ValueInfoProto { Name = value }));
        foreach (var tensor in model.Graph.Initializer.Where(tensor => tensor.DataLocation == TensorProto.Types.DataLocation.External))
        {
            using var scope = NewDisposeScope();
            tensor.RawData = UnsafeByteOperations.UnsafeWrap(_tensors.Read(tensor).bytes.ToArray());
            tensor.ExternalData.Clear();
            tensor.ClearDataLocation();
        }
        return model;
    }

    static void CheckNode(NodeProto node)
    {
        if (node.Output.Count == 0)
            throw new FormatException($"one of its operators {node.OpType} has no output");
        if (LeastInputs(node.OpType) is var least && node.Input.Count < least)
            throw new FormatException($"its {node.OpType} '{node.Output[0]}' has {node.Input.Count} inputs, but needs {least}");
    }

    // ONNX prescribes the order in which they are computed, but not all exporters keep to it. In a circle, following values would come to no end. Inputs that nothing computes do no harm.
    static void Order(RepeatedField<NodeProto> nodes)
    {
        var producers = new Dictionary<string, int>();
        for (var i = 0; i < nodes.Count; i++)
            foreach (var output in nodes[i].Output.Where(output => output.Length > 0))
                producers.TryAdd(output, i);
        var consumers = nodes.Select(_ => new List<int>()).ToArray();
        var waitsFor = new int[nodes.Count];
        for (var i = 0; i < nodes.Count; i++)
            foreach (var producer in nodes[i].Input.Where(producers.ContainsKey).Select(input => producers[input]).Distinct())
            {
                consumers[producer].Add(i);
                waitsFor[i]++;
            }

        // The first of those that may come: nodes that are in order stay so.
        var ready = new PriorityQueue<int, int>(Enumerable.Range(0, nodes.Count).Where(i => waitsFor[i] == 0).Select(i => (i, i)));
        List<NodeProto> ordered = [];
        while (ready.TryDequeue(out var next, out _))
        {
            ordered.Add(nodes[next]);
            foreach (var consumer in consumers[next].Where(consumer => --waitsFor[consumer] == 0))
                ready.Enqueue(consumer, consumer);
        }
        if (ordered.Count < nodes.Count)
        {
            // What waits for others that wait is, sooner or later, in a circle.
            var at = Array.FindIndex(waitsFor, left => left > 0);
            for (var steps = 0; steps < nodes.Count; steps++)
                at = nodes[at].Input.Where(producers.ContainsKey).Select(input => producers[input]).First(producer => waitsFor[producer] > 0);
            throw new FormatException($"its {nodes[at].OpType} '{nodes[at].Output[0]}' takes what is computed from its own output");
        }
        nodes.Clear();
        nodes.AddRange(ordered);
    }

    static int LeastInputs(string operation) => operation switch
    {
        "BatchNormalization" => 5,
        "Conv" or "Gemm" or "MatMul" or "Add" or "Sub" or "Mul" or "Div" or "Gather" or "Reshape" => 2,
        "Constant" or "RandomNormal" or "RandomUniform" or "SequenceEmpty" or "Optional" => 0,
        _ => 1,
    };

    static ModelProto Parse(Stream stream)
    {
        try
        {
            return ModelProto.Parser.ParseFrom(stream);
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new FormatException("it is truncated, or no ONNX file", fault);
        }
    }
}

/// <summary>What a constant of an ONNX file holds.</summary>
/// <param name="folder">The file's own, where large tensors may lie beside it; null: nowhere.</param>
internal sealed class OnnxTensors(string? folder)
{
    // Constants that say where a tensor lies outside of the file.
    const string Location = "location", Offset = "offset", Length = "length";

    /// <exception cref="FormatException">A dimension is negative, or there are more elements than bytes of them can be taken at once.</exception>
    public static long[] Shape(TensorProto tensor)
    {
        if (tensor.Dims.Any(size => size < 0) || tensor.Dims.Aggregate(1.0, (product, size) => product * size) > int.MaxValue / sizeof(double))
            throw new FormatException($"the tensor '{tensor.Name}' has the shape {TensorEntry.Text([.. tensor.Dims])}, which is not plausible");
        return [.. tensor.Dims];
    }

    /// <summary>On the CPU and in the caller's scope.</summary>
    public Tensor Read(TensorProto tensor)
    {
        var shape = Shape(tensor);
        var (type, typed) = Element(tensor);
        var values = empty(shape, dtype: type);
        var bytes = tensor.DataLocation == TensorProto.Types.DataLocation.External ? External(tensor, values.bytes.Length) : tensor.HasRawData ? tensor.RawData.ToByteArray() : typed();
        if (bytes.Length != values.bytes.Length)
            throw new FormatException($"the tensor '{tensor.Name}' of shape {TensorEntry.Text(shape)} needs {values.bytes.Length} bytes, but has {bytes.Length}");
        bytes.CopyTo(values.bytes);
        return values;
    }

    static (ScalarType Type, Func<byte[]> Typed) Element(TensorProto tensor) => (TensorProto.Types.DataType)tensor.DataType switch
    {
        TensorProto.Types.DataType.Float => (ScalarType.Float32, () => Bytes(tensor.FloatData, BitConverter.GetBytes)),
        TensorProto.Types.DataType.Double => (ScalarType.Float64, () => Bytes(tensor.DoubleData, BitConverter.GetBytes)),
        TensorProto.Types.DataType.Float16 => (ScalarType.Float16, () => Bytes(tensor.Int32Data, bits => BitConverter.GetBytes((ushort)bits))),
        TensorProto.Types.DataType.Bfloat16 => (ScalarType.BFloat16, () => Bytes(tensor.Int32Data, bits => BitConverter.GetBytes((ushort)bits))),
        TensorProto.Types.DataType.Int32 => (ScalarType.Int32, () => Bytes(tensor.Int32Data, BitConverter.GetBytes)),
        TensorProto.Types.DataType.Int64 => (ScalarType.Int64, () => Bytes(tensor.Int64Data, BitConverter.GetBytes)),
        var other => throw new FormatException($"the tensor '{tensor.Name}' is of the type {other}, but weights are read as Float, Double, Float16 or Bfloat16. A quantised model has to be exported without quantisation"),
    };

    static byte[] Bytes<T>(IEnumerable<T> values, Func<T, byte[]> bytesOf) => [.. values.SelectMany(bytesOf)];

    byte[] External(TensorProto tensor, int expected)
    {
        var place = tensor.ExternalData.ToDictionary(entry => entry.Key, entry => entry.Value);
        if (folder is null)
            throw new FormatException($"the tensor '{tensor.Name}' lies in another file, which a stream does not lead to. Give the path of the ONNX file");
        var path = Path.GetFullPath(Path.Combine(folder, place.GetValueOrDefault(Location, "")));
        if (!path.StartsWith(Path.GetFullPath(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            throw new FormatException($"the tensor '{tensor.Name}' is said to lie in '{place.GetValueOrDefault(Location)}', which is outside the folder of the ONNX file");
        if (!File.Exists(path))
            throw new FormatException($"the tensor '{tensor.Name}' lies in '{place[Location]}', which is missing beside the ONNX file");
        using var file = File.OpenRead(path);
        var (offset, length) = (Number(Offset, 0), Number(Length, expected));
        if (length != expected || offset < 0 || offset + length > file.Length)
            throw new FormatException($"the tensor '{tensor.Name}' needs {expected} bytes, but '{place[Location]}' has {file.Length}, of which {length} from byte {offset} are said to be its own");
        file.Position = offset;
        var bytes = new byte[length];
        file.ReadExactly(bytes);
        return bytes;

        long Number(string name, long otherwise) => !place.TryGetValue(name, out var text) ? otherwise
            : long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number
            : throw new FormatException($"the tensor '{tensor.Name}' has '{text}' as its {name}");
    }
}
