using Google.Protobuf;
using Microsoft.ML.SharpnessAware.Onnx;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>What PyTorch's export makes of a BERT: names for biases, norms and embeddings, transposed constants without a name for linear weights. Only the nodes that lead to sizes and names are there.</summary>
static class PyTorchExport
{
    /// <summary>The weights of a folder as an ONNX file beside them.</summary>
    public static string In(TinyFolder folder, int heads, TensorProto.Types.DataType type = TensorProto.Types.DataType.Float, Action<ModelProto>? change = null)
    {
        using var scope = NewDisposeScope();
        using var file = File.OpenRead(folder.In("model.safetensors"));
        var model = Model(SafeTensors.Read(file), heads, type);
        change?.Invoke(model);
        File.WriteAllBytes(folder.In("model.onnx"), model.ToByteArray());
        return folder.In("model.onnx");
    }

    static ModelProto Model(Dictionary<string, Tensor> weights, int heads, TensorProto.Types.DataType type)
    {
        var graph = new GraphProto { Name = "torch_jit" };
        foreach (var (name, weight) in weights.OrderBy(weight => weight.Key, StringComparer.Ordinal))
        {
            var bias = name.Replace(".weight", ".bias");
            var isLinear = weight.dim() == 2 && name.EndsWith(".weight") && weights.ContainsKey(bias);
            var constant = isLinear ? $"onnx::MatMul_{graph.Initializer.Count}" : name;
            graph.Initializer.Add(Tensor(constant, isLinear ? weight.t().contiguous() : weight, type));
            if (isLinear)
                graph.Node.AddRange([Node("MatMul", $"{constant}_out", "x", constant), Node("Add", $"{bias}_out", bias, $"{constant}_out")]);
        }
        var query = weights.Keys.First(name => name.EndsWith("0.attention.self.query.bias") || name.EndsWith("0.attention.q_lin.bias"));
        var size = weights[query].shape[0] / heads;
        graph.Initializer.Add(new TensorProto { Name = "heads", DataType = 7, Dims = { 4 }, Int64Data = { 0, 0, heads, size } });
        graph.Initializer.Add(new TensorProto { Name = "epsilon", DataType = 1, FloatData = { 1e-12f } });
        graph.Node.AddRange([Node("Reshape", "by head", $"{query}_out", "heads"), Node("Add", "sum", "variance", "epsilon"), Node("Sqrt", "deviation", "sum"), Node("Erf", "gelu", "x")]);
        return new ModelProto { IrVersion = 7, ProducerName = "pytorch", OpsetImport = { new OperatorSetIdProto { Domain = "", Version = 13 } }, Graph = graph };
    }

    public static NodeProto Node(string type, string output, params string[] inputs) => new() { OpType = type, Input = { inputs }, Output = { output } };

    /// <summary>A tensor with its bytes as they are, in that type.</summary>
    public static TensorProto Tensor(string name, Tensor values, TensorProto.Types.DataType type) => new()
    {
        Name = name,
        DataType = (int)type,
        Dims = { values.shape },
        RawData = ByteString.CopyFrom(values.to_type(type switch
        {
            TensorProto.Types.DataType.Float16 => ScalarType.Float16,
            TensorProto.Types.DataType.Bfloat16 => ScalarType.BFloat16,
            TensorProto.Types.DataType.Double => ScalarType.Float64,
            _ => ScalarType.Float32,
        }).bytes.ToArray()),
    };
}
