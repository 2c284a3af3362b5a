using Microsoft.ML.SharpnessAware.Onnx;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The layers of an ONNX graph: what its operators are, seen by their weights.</summary>
internal sealed class OnnxLayers(OnnxWeightsFile file)
{
    // What only brings numbers into another shape.
    static readonly HashSet<string> Shapes = ["Identity", "Dropout", "Cast", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Pad"];

    // What has no weights, and has to be the same in both graphs.
    static readonly HashSet<string> WithoutWeights = ["Relu", "LeakyRelu", "Clip", "Elu", "Tanh", "Sigmoid", "Softmax", "MaxPool", "Slice"];

    // The mean over places, which has several names.
    const string Mean = "mean";

    static readonly HashSet<string> Means = ["AveragePool", "GlobalAveragePool", "ReduceMean"];

    readonly HashSet<string> _fromShapes = FollowingFromShapes(file);

    /// <summary>The layer that computes a value, and what the value has passed since.</summary>
    public OnnxLayer Before(string value)
    {
        List<string> passed = [];
        // What brings images to the form that the first layer expects is not the network's: this is the same without arithmetic.
        List<string> fromInput = [];
        while (file.ProducerOf(value) is { } node)
        {
            if (Shapes.Contains(node.OpType))
                value = node.Input[0];
            else if (Pooled(node) is { } places)
            {
                PassMean(passed);
                PassMean(fromInput);
                value = places;
            }
            else if (WithoutWeights.Contains(node.OpType))
            {
                passed.Insert(0, Words(node));
                fromInput.Insert(0, Words(node));
                value = node.Input[0];
            }
            else if (Linear(node) is { } linear)
                return linear with { Passed = passed };
            else if (Scaled(node) is { } before)
            {
                passed.Insert(0, node.OpType);
                value = before;
            }
            else
                return Layer(node) with { Passed = passed };
        }
        return new OnnxLayer(LayerKind.Input, "the input", [], []) { Passed = fromInput };

        // A mean of means is one.
        static void PassMean(List<string> passed)
        {
            if (passed is not [Mean, ..])
                passed.Insert(0, Mean);
        }
    }

    /// <summary>The layer by the names of its weights.</summary>
    public string NameOf(OnnxLayer layer)
    {
        for (var (at, steps) = (layer, 0); steps < 100; steps++)
        {
            if (at.Weights.Length > 0)
                return steps == 0 ? $"at '{Stem(at.Weights[0])}'" : $"after '{Stem(at.Weights[0])}'";
            if (at.Inputs.Length == 0)
                break;
            at = Before(at.Inputs[0]);
        }
        return "at its beginning";
    }

    // What a mean over places is taken of: by an operator, or by matrices that follow from the size of the images alone.
    string? Pooled(NodeProto node) => Means.Contains(node.OpType) ? node.Input[0]
        : node.OpType == "MatMul" && node.Input.All(input => ConstantOf(input) is null) && node.Input.FirstOrDefault(_fromShapes.Contains) is { } shares ? node.Input.FirstOrDefault(input => input != shares)
        : null;

    // What is computed from the sizes of the images and from constants alone.
    static HashSet<string> FollowingFromShapes(OnnxWeightsFile file)
    {
        HashSet<string> values = [];
        foreach (var node in file.Nodes)
            if (node.Input.Count > 0 && (node.OpType == "Shape" || node.Input.All(input => file.Has(input) || values.Contains(input))))
                values.UnionWith(node.Output);
        return values;
    }

    static string Words(NodeProto node) => node.OpType == "MaxPool" ? $"MaxPool over {Numbers(node, "kernel_shape")} by {Numbers(node, "strides")}" : node.OpType;

    static string Numbers(NodeProto node, string name) => string.Join('×', node.Attribute.FirstOrDefault(attribute => attribute.Name == name)?.Ints ?? []);

    static string Stem(string weights) => weights.LastIndexOf('.') is > 0 and var dot ? weights[..dot] : weights;

    OnnxLayer Layer(NodeProto node) => node.OpType switch
    {
        "Conv" => new(LayerKind.Conv, "a convolution", [node.Input[0]], WeightsOf(node)) { Window = Window.Of(node, file.ShapeOf(ConstantOf(node.Input[1]) ?? throw Computed(node))) },
        "BatchNormalization" => new(LayerKind.Norm, "a batch norm", [node.Input[0]], WeightsOf(node)) { Epsilon = node.Attribute.FirstOrDefault(attribute => attribute.Name == "epsilon")?.F ?? 1e-5 },
        "Add" => new(LayerKind.Sum, "a sum", [.. node.Input], []),
        "Concat" => new(LayerKind.Concat, $"a concatenation of {node.Input.Count}", [.. node.Input], []),
        var other => new(LayerKind.Other, $"the operator {other}, which is not followed", [.. node.Input.Take(1)], []),
    };

    string[] WeightsOf(NodeProto node) => [.. node.Input.Skip(1).Where(input => input.Length > 0).Select(input => ConstantOf(input) ?? throw Computed(node))];

    static FormatException Computed(NodeProto node) => new($"the weights of its {node.OpType} '{node.Output[0]}' are computed, and not constants. A quantised model has to be exported without quantisation");

    // Gemm, or MatMul and then a bias; the matrix [in, out], or transposed.
    OnnxLayer? Linear(NodeProto node)
    {
        if (node.OpType == "Gemm" && ConstantOf(node.Input[1]) is { } matrix)
            return Of(node.Input[0], matrix, !HasFlag(node, "transB") ^ IsTransposed(node.Input[1]), node.Input.Count > 2 ? ConstantOf(node.Input[2]) : null);
        if (node.OpType == "MatMul" && ConstantOf(node.Input[1]) is { } product)
            return Of(node.Input[0], product, !IsTransposed(node.Input[1]), bias: null);
        if (node.OpType == "Add" && node.Input.FirstOrDefault(input => ConstantOf(input) is not null) is { } bias
            && node.Input.FirstOrDefault(input => input != bias) is { } summand && file.ProducerOf(summand) is { OpType: "MatMul" } inner && ConstantOf(inner.Input[1]) is { } weights)
            return Of(inner.Input[0], weights, !IsTransposed(inner.Input[1]), ConstantOf(bias));
        return null;

        static OnnxLayer Of(string input, string weights, bool isTransposed, string? bias) =>
            new(LayerKind.Linear, "a linear layer", [input], bias is null ? [weights] : [weights, bias]) { IsTransposed = isTransposed };
    }

    // Arithmetic with constants, or channels in another order.
    string? Scaled(NodeProto node) => node.OpType is "Add" or "Sub" or "Mul" or "Div" or "Gather" && node.Input.Count == 2 && node.Input.Count(input => ConstantOf(input) is not null) == 1
        ? node.Input.First(input => ConstantOf(input) is null)
        : null;

    // The constant that a value is, or is made from by a change of form; null where it is computed.
    string? ConstantOf(string value)
    {
        while (!file.Has(value))
        {
            if (file.ProducerOf(value) is not { OpType: "Transpose" or "Identity" or "Cast" } node)
                return null;
            value = node.Input[0];
        }
        return value;
    }

    bool IsTransposed(string value)
    {
        var isTransposed = false;
        for (; !file.Has(value) && file.ProducerOf(value) is { } node; value = node.Input[0])
            isTransposed ^= node.OpType == "Transpose";
        return isTransposed;
    }

    static bool HasFlag(NodeProto node, string name) => node.Attribute.Any(attribute => attribute.Name == name && attribute.I == 1);
}

/// <summary>What a layer of an ONNX graph is.</summary>
internal enum LayerKind
{
    /// <summary>What the graph is given.</summary>
    Input,
    Conv,
    Norm,
    Linear,
    Sum,
    Concat,
    Other,
}

/// <summary>An operator of an ONNX graph with its weights.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Words">The same for people.</param>
/// <param name="Inputs">The values that it is computed from.</param>
/// <param name="Weights">The constants among its inputs, in the operator's order.</param>
internal sealed record OnnxLayer(LayerKind Kind, string Words, string[] Inputs, string[] Weights)
{
    /// <summary>Operators without weights between the layer and the value that was asked for, in their order.</summary>
    public IReadOnlyList<string> Passed { get; init; } = [];

    /// <summary>Whether a linear layer's matrix is [in, out] and not [out, in], as PyTorch has it.</summary>
    public bool IsTransposed { get; init; }

    /// <summary>Of a norm.</summary>
    public double Epsilon { get; init; }

    /// <summary>Of a convolution.</summary>
    public Window? Window { get; init; }
}

/// <summary>What a convolution sees at a time. How much is padded after the images is left out: with strides, exporters differ in what is never seen.</summary>
internal sealed record Window(string Size, string Strides, string Dilations, string PadsBefore, long Groups)
{
    public static Window Of(NodeProto node, long[] weights)
    {
        var size = weights[2..];
        return new(Text(size), Numbers("strides", 1), Numbers("dilations", 1), node.Attribute.Any(attribute => attribute.Name == "auto_pad" && attribute.S.ToStringUtf8() is "SAME_UPPER") ? Text(size.Select(length => (length - 1) / 2)) : Numbers("pads", 0),
            node.Attribute.FirstOrDefault(attribute => attribute.Name == "group")?.I ?? 1);

        string Numbers(string name, long otherwise) => node.Attribute.FirstOrDefault(attribute => attribute.Name == name) is { Ints.Count: > 0 } given
            ? Text(given.Ints.Take(size.Length))
            : Text(size.Select(_ => otherwise));
    }

    public override string ToString() => $"size {Size}, strides {Strides}, padding {PadsBefore}, dilations {Dilations} and {Groups} group{(Groups == 1 ? "" : "s")}";

    static string Text(IEnumerable<long> sizes) => string.Join('×', sizes);
}
