using TorchSharp.Modules;
using Element = Microsoft.ML.SharpnessAware.Onnx.TensorProto.Types.DataType;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The layers of TorchSharp's own that can be exported, and their ONNX operators.</summary>
internal static class TorchSharpLayers
{
    /// <summary>The name of what the layer puts out; null where it is not known.</summary>
    /// <exception cref="InvalidOperationException">It is known, but not with its settings.</exception>
    public static string? AddTo(OnnxGraph graph, nn.Module layer, string x) => layer switch
    {
        // What derives from a layer may compute something else.
        _ when layer.GetType().Assembly != typeof(nn.Module).Assembly => null,
        Sequential => layer.children().Cast<nn.Module<Tensor, Tensor>>().Aggregate(x, (value, inner) => graph.Call(inner, value)),
        Identity or Dropout or Dropout1d or Dropout2d or Dropout3d or AlphaDropout or FeatureAlphaDropout => x,
        Conv1d or Conv2d or Conv3d => Convolution(graph, (TorchSharp.Modules.Convolution)layer, x),
        Linear linear => Apply(graph, linear, x),
        BatchNorm norm => Normalize(graph, norm, x),
        LayerNorm norm => Normalize(graph, norm, x),
        Embedding embedding => graph.Node("Gather", [graph.Weights("weight", embedding.weight!), x]),
        Flatten flatten => Flattened(graph, flatten, x),
        MaxPool2d pool => Pool(graph, pool, x),
        AvgPool2d pool => Pool(graph, pool, x),
        AdaptiveAvgPool2d pool => AdaptivePool.AddTo(graph, pool.output_size, x),
        ReLU => graph.Relu(x),
        ReLU6 => graph.Node("Clip", [x, graph.Constant(0.0), graph.Constant(6.0)]),
        LeakyReLU leaky => graph.Node("LeakyRelu", [x], ("alpha", leaky.negative_slope)),
        ELU elu => graph.Node("Elu", [x], ("alpha", elu.alpha)),
        GELU gelu => IsByTanh(gelu) ? graph.GeluByTanh(x) : graph.Gelu(x),
        SiLU => graph.Mul(x, graph.Sigmoid(x)),
        Hardswish => graph.Mul(x, HardSigmoid(graph, x)),
        Hardsigmoid => HardSigmoid(graph, x),
        Sigmoid => graph.Sigmoid(x),
        Tanh => graph.Tanh(x),
        Softmax softmax => graph.Softmax(x, (int)softmax.dim),
        LogSoftmax softmax => graph.Node("Log", [graph.Softmax(x, (int)softmax.dim)]),
        _ => null,
    };

    static string Convolution(OnnxGraph graph, TorchSharp.Modules.Convolution layer, string x)
    {
        if (layer.padding_mode != PaddingModes.Zeros)
            throw graph.Fault($"its padding_mode is {layer.padding_mode}, not {PaddingModes.Zeros}");
        string[] bias = layer.bias is null ? [] : [graph.Weights("bias", layer.bias)];
        return graph.Node("Conv", [x, graph.Weights("weight", layer.weight), .. bias],
            ("kernel_shape", layer.kernel_size), ("strides", layer.stride), ("dilations", layer.dilation), ("group", layer.groups), ("pads", PadsOf(layer)));
    }

    // Before each dimension, and then after each.
    static long[] PadsOf(TorchSharp.Modules.Convolution layer)
    {
        if (layer.padding_type != Padding.Same)
            return layer.padding is { } padding ? [.. padding, .. padding] : new long[2 * layer.kernel_size.Length];
        var all = layer.kernel_size.Zip(layer.dilation, (size, dilation) => dilation * (size - 1)).ToArray();
        return [.. all.Select(pad => pad / 2), .. all.Select(pad => pad - pad / 2)];
    }

    static string Apply(OnnxGraph graph, Linear layer, string x)
    {
        // The matrix keeps the shape that it has in the network; runtimes transpose it once.
        var product = graph.MatMul(x, graph.Transpose(graph.Weights("weight", layer.weight), 1, 0));
        return layer.bias is null ? product : graph.Add(product, graph.Weights("bias", layer.bias));
    }

    static string Normalize(OnnxGraph graph, BatchNorm layer, string x)
    {
        if (layer.running_mean is null || layer.running_var is null)
            throw graph.Fault("it keeps no running statistics");
        using var scope = NewDisposeScope();
        return graph.Node("BatchNormalization",
            [
                x,
                graph.Weights("weight", layer.affine ? layer.weight : ones(layer.num_features)),
                graph.Weights("bias", layer.affine ? layer.bias! : zeros(layer.num_features)),
                graph.Weights("running_mean", layer.running_mean),
                graph.Weights("running_var", layer.running_var),
            ],
            ("epsilon", layer.eps));
    }

    static string Normalize(OnnxGraph graph, LayerNorm layer, string x)
    {
        if (layer.normalized_shape.Length != 1)
            throw graph.Fault($"it is over {layer.normalized_shape.Length} dimensions, not one");
        using var scope = NewDisposeScope();
        var scale = graph.Weights("weight", layer.elementwise_affine ? layer.weight : ones(layer.normalized_shape));
        return graph.LayerNorm(x, scale, layer is { elementwise_affine: true, bias: { } bias } ? graph.Weights("bias", bias) : null, layer.eps);
    }

    static string Flattened(OnnxGraph graph, Flatten layer, string x) => (layer.start_dim, layer.end_dim) switch
    {
        (1, -1) => graph.Flatten(x),
        ( > 1 and var start, -1) => graph.Reshape(x, [.. new long[start], -1]),
        var (start, end) => throw graph.Fault($"it is from dimension {start} to {end}, not from one after the first to the last"),
    };

    static string Pool(OnnxGraph graph, MaxPool2d layer, string x) => graph.Node("MaxPool", [x],
        [.. Window(layer.kernel_size, layer.stride, layer.padding, layer.ceil_mode), ("dilations", Pair(layer.dilation, 1))]);

    static string Pool(OnnxGraph graph, AvgPool2d layer, string x)
    {
        if (layer.divisor_override is not null)
            throw graph.Fault("it has a divisor_override");
        var isPadded = layer.padding?.Any(pad => pad > 0) == true;
        if (isPadded && layer.ceil_mode)
            throw graph.Fault("it has padding and ceil_mode, of which runtimes take the mean differently");
        return graph.Node("AveragePool", [x],
            [.. Window(layer.kernel_size, layer.stride, layer.padding, layer.ceil_mode), ("count_include_pad", isPadded && layer.count_include_pad ? 1 : 0)]);
    }

    static (string, object)[] Window(long[] size, long[]? stride, long[]? padding, bool ceil)
    {
        var (kernel, pads) = (Pair(size, 1), Pair(padding, 0));
        return [("kernel_shape", kernel), ("strides", stride is { Length: > 0 } ? Pair(stride, 1) : kernel), ("pads", new[] { pads[0], pads[1], pads[0], pads[1] }), ("ceil_mode", ceil ? 1 : 0)];
    }

    // For height and width.
    static long[] Pair(long[]? sizes, long otherwise) => sizes switch
    {
        null or [] => [otherwise, otherwise],
        [var both] => [both, both],
        _ => sizes,
    };

    static string HardSigmoid(OnnxGraph graph, string x) => graph.Node("HardSigmoid", [x], ("alpha", 1.0 / 6), ("beta", 0.5));

    // Which of the two it is: TorchSharp before 0.107 has the one only, and no property that says so.
    static bool IsByTanh(GELU layer)
    {
        const double OfOne = 0.8413447460685429;
        using var scope = NewDisposeScope();
        return Math.Abs(layer.call(tensor(1.0)).ToDouble() - OfOne) > 1e-6;
    }
}

/// <summary>The mean of each cell of a grid that is laid over images of any size.</summary>
internal static class AdaptivePool
{
    /// <param name="graph">Takes the operators.</param>
    /// <param name="cells">Rows and columns of the grid.</param>
    /// <param name="x">The name of images [N, C, H, W].</param>
    public static string AddTo(OnnxGraph graph, long[] cells, string x)
    {
        if (cells.All(count => count == 1))
            return graph.Node("GlobalAveragePool", [x]);
        var rows = graph.MatMul(Shares(graph, cells[0], graph.SizeOf(x, 2)), x);
        return graph.MatMul(rows, graph.Transpose(Shares(graph, cells[^1], graph.SizeOf(x, 3)), 1, 0));
    }

    // Of each place in the mean of each cell, [cells, size]. Cell i of n begins at place ⌊i · size / n⌋ and ends before ⌈(i + 1) · size / n⌉.
    static string Shares(OnnxGraph graph, long cells, string size)
    {
        using var scope = NewDisposeScope();
        var (count, places) = (graph.Constant(cells), graph.Range(size));
        var numbers = graph.Weights($"cells_of_{cells}", arange(cells, dtype: ScalarType.Int64).unsqueeze(1));
        var first = graph.Div(graph.Mul(numbers, size), count);
        var end = graph.Div(graph.Add(graph.Mul(graph.Add(numbers, graph.Constant(1L)), size), graph.Constant(cells - 1)), count);
        var isInside = graph.Node("And", [graph.Node("Not", [graph.Node("Less", [places, first])]), graph.Node("Less", [places, end])]);
        var inside = graph.Cast(isInside, Element.Float);
        return graph.Div(inside, graph.Sum(inside, axis: 1, keepDimension: true));
    }
}
