using Microsoft.ML.SharpnessAware.Onnx;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The weights of an ONNX file by the names that the module had from which PyTorch exported it.</summary>
/// <remarks>
/// The export keeps the names of biases, norms and embeddings. The weight of a linear layer becomes a constant without a name, transposed, because a MatMul
/// takes it so; the bias that is added to what that MatMul gives leads to it.
/// </remarks>
internal static class OnnxNames
{
    const string Weight = ".weight", Bias = ".bias";

    // Gamma and beta are what norm layers once had.
    static readonly string[] Endings = [Weight, Bias, ".gamma", ".beta", ".running_mean", ".running_var"];

    /// <summary>Where each weight is found: which constant it is, and whether that is transposed.</summary>
    /// <param name="file">The file.</param>
    /// <param name="alsoNamed">What is a weight's name beside those that say so by their ending.</param>
    public static Dictionary<string, (string Constant, bool Transposed)> Of(OnnxWeightsFile file, Func<string, bool>? alsoNamed = null)
    {
        var named = file.Constants.Where(name => IsName(name) || alsoNamed?.Invoke(name) == true).ToDictionary(name => name, name => (name, false));
        foreach (var node in file.Nodes)
            if (LinearBias(file, node) is { } bias && WeightOf(file, node, bias) is { } weight)
                named.TryAdd(bias[..^Bias.Length] + Weight, weight);
        return named;
    }

    /// <summary>The weights of those names, in the caller's scope.</summary>
    /// <exception cref="FormatException">One is damaged.</exception>
    public static Dictionary<string, Tensor> Read(OnnxWeightsFile file) => Of(file).ToDictionary(weight => weight.Key, weight => weight.Value.Transposed ? file[weight.Value.Constant].t() : file[weight.Value.Constant]);

    static bool IsName(string constant) => Array.Exists(Endings, ending => constant.EndsWith(ending, StringComparison.Ordinal));

    static string? LinearBias(OnnxWeightsFile file, NodeProto node) =>
        node.OpType is "Add" or "Gemm" ? node.Input.FirstOrDefault(input => input.EndsWith(Bias, StringComparison.Ordinal) && file.Has(input)) : null;

    static (string Constant, bool Transposed)? WeightOf(OnnxWeightsFile file, NodeProto node, string bias)
    {
        if (node.OpType == "Gemm")
            return file.Has(node.Input[1]) ? (node.Input[1], !node.Attribute.Any(attribute => attribute is { Name: "transB", I: 1 })) : null;
        return node.Input.FirstOrDefault(input => input != bias) is { } other && file.ProducerOf(other) is { OpType: "MatMul" } product && file.Has(product.Input[1]) ? (product.Input[1], true) : null;
    }
}
