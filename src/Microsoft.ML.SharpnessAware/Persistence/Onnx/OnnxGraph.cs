using Google.Protobuf;
using Microsoft.ML.SharpnessAware.Onnx;
using Attribute = Microsoft.ML.SharpnessAware.Onnx.AttributeProto.Types.AttributeType;
using Dimension = Microsoft.ML.SharpnessAware.Onnx.TensorShapeProto.Types.Dimension;
using Element = Microsoft.ML.SharpnessAware.Onnx.TensorProto.Types.DataType;

namespace Microsoft.ML.SharpnessAware;

/// <summary>A layer that defines the ONNX operators of its forward pass. A network can be exported if each of its layers is one, or a common layer of TorchSharp.</summary>
public interface IOnnxLayer
{
    /// <summary>Adds the operators of the forward pass in eval mode, and returns the name of what it puts out.</summary>
    /// <param name="graph">Takes the operators.</param>
    /// <param name="input">The name of what the layer is called with.</param>
    string AddTo(OnnxGraph graph, string input);
}

/// <summary>The ONNX graph of a network while it is built. Values are identified by their names.</summary>
public sealed class OnnxGraph
{
    readonly GraphProto _graph;
    readonly nn.Module _network;
    readonly Dictionary<nn.Module, string> _layers;
    readonly Dictionary<string, string> _inputs = [];
    readonly Dictionary<object, string> _constants = [];
    readonly HashSet<string> _names;
    nn.Module _layer;

    /// <param name="network">What is exported.</param>
    /// <param name="opset">The version of ONNX's operators.</param>
    /// <param name="outputs">The names of what the graph puts out, which nothing else may have.</param>
    internal OnnxGraph(nn.Module network, int opset, IEnumerable<string> outputs)
    {
        (_network, _layer, Opset) = (network, network, opset);
        _names = [.. outputs];
        _graph = new GraphProto { Name = network.GetName() };
        _layers = new(ReferenceEqualityComparer.Instance);
        foreach (var (layer, module) in network.named_modules())
            _layers.TryAdd(module, layer);
        _layers[network] = "";
    }

    /// <summary>The version of ONNX's operators, from 12 to 17.</summary>
    public int Opset { get; }

    internal GraphProto Graph => _graph;

    /// <summary>Adds the operators of a layer, and returns the name of its output.</summary>
    /// <exception cref="InvalidOperationException">The layer, or one in it, has none; the message names it.</exception>
    public string Call(nn.Module<Tensor, Tensor> layer, string input)
    {
        if (_layers.TryGetValue(layer, out var name))
            _inputs[name] = input;
        return Within(layer, () => layer is IOnnxLayer own
            ? own.AddTo(this, input)
            : TorchSharpLayers.AddTo(this, layer, input) ?? throw Fault($"it has no ONNX operators. Let it implement {nameof(IOnnxLayer)}, or build it from layers that have some"));
    }

    /// <summary>Adds operators as those of a layer: their names, and those of its weights, begin with its name in the network. For layers with more than one input.</summary>
    public string Within(nn.Module layer, Func<string> operators)
    {
        var outer = _layer;
        _layer = layer;
        try
        {
            return operators();
        }
        finally
        {
            _layer = outer;
        }
    }

    /// <summary>Adds an operator with one output, and returns the name of that.</summary>
    /// <param name="operation">Such as "Relu"; one of ONNX's own.</param>
    /// <param name="inputs">The names of its inputs; an empty name means an optional input that is left out.</param>
    /// <param name="attributes">Their values are of type int, long, float, double, string, or long[].</param>
    public string Node(string operation, IEnumerable<string> inputs, params (string Name, object Value)[] attributes)
    {
        var output = Unique(LayerName is "" ? operation : $"{LayerName}/{operation}");
        Add(operation, inputs, output, attributes);
        return output;
    }

    /// <summary>A tensor of the current layer, such as its "weight", with the name that it has in the network. Floating-point numbers become float32, others int64.</summary>
    public string Weights(string name, Tensor values) =>
        Remembered((_layer, name), () => Add(values, Unique(LayerName is "" ? name : $"{LayerName}.{name}")));

    /// <summary>A float32 number.</summary>
    public string Constant(double value) => Remembered(value, () => Add(tensor((float)value), Unique("number")));

    /// <summary>An int64 number.</summary>
    public string Constant(long value) => Remembered(value, () => Add(tensor(value), Unique("index")));

    /// <summary>A vector of int64 numbers.</summary>
    public string Constant(params long[] values) => Remembered(string.Join(' ', values), () => Add(tensor(values), Unique("indices")));

    /// <summary>Declares what the graph is given.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="element">Its type.</param>
    /// <param name="shape">Numbers, or names of what is not known yet.</param>
    internal string Input(string name, Element element, params object[] shape)
    {
        if (!_names.Add(name))
            throw Fault($"its input is called '{name}', and so is a column that it puts out. Give that another name");
        _graph.Input.Add(Value(name, element, shape));
        return name;
    }

    /// <summary>Declares a value as what the graph puts out under that name.</summary>
    internal void Output(string name, string value, Element element, params object[] shape)
    {
        if (_graph.Output.Any(output => output.Name == name))
            throw Fault($"two columns that it puts out are called '{name}'. Give the embedding another name");
        _graph.Output.Add(Value(name, element, shape));
        Add("Identity", [value], name, []);
    }

    /// <summary>What a layer was called with.</summary>
    /// <exception cref="InvalidOperationException">It was not.</exception>
    internal string InputOf(string layer) => _inputs.TryGetValue(layer, out var input) ? input : throw Fault($"it did not call its layer '{layer}' by {nameof(OnnxGraph)}.{nameof(Call)}");

    /// <summary>That the current layer cannot be exported.</summary>
    internal InvalidOperationException Fault(string reason) =>
        new($"Cannot export {(_layer == _network ? "the network" : $"the network's layer '{LayerName}'")} ({_layer.GetType().Name}) to ONNX: {reason}.");

    string LayerName => _layers.TryGetValue(_layer, out var name) ? name : _layer.GetType().Name;

    string Unique(string name)
    {
        for (var (unique, count) = (name, 1); ; unique = Invariant($"{name}_{++count}"))
            if (_names.Add(unique))
                return unique;
    }

    string Remembered(object key, Func<string> add)
    {
        using var scope = NewDisposeScope();
        return _constants.TryGetValue(key, out var name) ? name : _constants[key] = add();
    }

    string Add(Tensor values, string name)
    {
        using var noGradients = no_grad();
        var isFloat = values.is_floating_point();
        var plain = values.detach().cpu().to(isFloat ? ScalarType.Float32 : ScalarType.Int64).contiguous();
        _graph.Initializer.Add(new TensorProto
        {
            Name = name,
            DataType = (int)(isFloat ? Element.Float : Element.Int64),
            Dims = { plain.shape },
            RawData = UnsafeByteOperations.UnsafeWrap(plain.bytes.ToArray()),
        });
        return name;
    }

    void Add(string operation, IEnumerable<string> inputs, string output, (string Name, object Value)[] attributes) => _graph.Node.Add(new NodeProto
    {
        OpType = operation,
        Name = output,
        Input = { inputs },
        Output = { output },
        Attribute = { attributes.Select(attribute => Of(attribute.Name, attribute.Value)) },
    });

    static AttributeProto Of(string name, object value) => value switch
    {
        int number => new() { Name = name, Type = Attribute.Int, I = number },
        long number => new() { Name = name, Type = Attribute.Int, I = number },
        float number => new() { Name = name, Type = Attribute.Float, F = number },
        double number => new() { Name = name, Type = Attribute.Float, F = (float)number },
        string text => new() { Name = name, Type = Attribute.String, S = ByteString.CopyFromUtf8(text) },
        long[] numbers => new() { Name = name, Type = Attribute.Ints, Ints = { numbers } },
        _ => throw new ArgumentException($"The attribute {name} must be of type int, long, float, double, string or long[], but is of type {value.GetType()}.", nameof(value)),
    };

    static ValueInfoProto Value(string name, Element element, object[] shape) => new()
    {
        Name = name,
        Type = new TypeProto
        {
            TensorType = new() { ElemType = (int)element, Shape = new() { Dim = { shape.Select(size => size is string unknown ? new Dimension { DimParam = unknown } : new Dimension { DimValue = Convert.ToInt64(size) }) } } },
        },
    };
}
