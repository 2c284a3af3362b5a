using Microsoft.ML.SharpnessAware.Onnx;

namespace Microsoft.ML.SharpnessAware;

/// <summary>What an ONNX file holds for a network, by the network's names: found by names where the file has them all, and else by following its graph.</summary>
internal sealed class OnnxWeights
{
    const int Opset = 17;
    const string Images = "images", Logits = "logits", BatchCount = ".num_batches_tracked";

    readonly IReadOnlyDictionary<string, Func<Tensor>> _weights;

    OnnxWeights(IReadOnlyDictionary<string, Func<Tensor>> weights, string how, string? features)
    {
        (_weights, How, Features) = (weights, how, features);
        Entries = [.. weights.Select(weight => EntryOf(weight.Key, weight.Value))];
    }

    /// <summary>As entries of a safetensors file would be.</summary>
    public IReadOnlyList<TensorEntry> Entries { get; }

    /// <summary>How they were found, as the end of a sentence.</summary>
    public string How { get; }

    /// <summary>What the file calls the inputs of the last layer; null where that is not known.</summary>
    public string? Features { get; }

    /// <param name="file">The file.</param>
    /// <param name="network">What its weights are for.</param>
    /// <param name="lastLayer">What puts out the logits; the file may have it for other classes, or not at all.</param>
    /// <param name="nameInModule">What the module calls a tensor that files may call otherwise.</param>
    /// <param name="beside">Weights that lie in other files.</param>
    /// <exception cref="FormatException">The file is damaged, or of another network.</exception>
    public static OnnxWeights Of(OnnxWeightsFile file, nn.Module network, string lastLayer, Func<string, string> nameInModule, IReadOnlyDictionary<string, Tensor> beside)
    {
        var state = network.state_dict();
        var inFile = OnnxNames.Of(file, name => state.ContainsKey(nameInModule(name))).ToDictionary(weight => nameInModule(weight.Key), weight => weight.Value);
        if (state.Keys.Where(name => !beside.ContainsKey(name) && !name.EndsWith(BatchCount, StringComparison.Ordinal) && !name.StartsWith($"{lastLayer}.", StringComparison.Ordinal)).All(inFile.ContainsKey))
        {
            var named = inFile.ToDictionary(weight => weight.Key, weight => ReadNamed(file, weight.Value.Constant, weight.Value.Transposed));
            return new(With(named), "", inFile.TryGetValue($"{lastLayer}.weight", out var last) ? InputOf(file, last.Constant) : file.Outputs[0]);
        }

        var walk = new OnnxWalk(OnnxWeightsFile.Of(GraphOf(network)), file);
        var found = With(walk.Find(lastLayer));
        return new(found, walk.Folded == 0 ? ", found by following its graph" : $", found by following its graph; {walk.Folded} batch norms are a part of its convolutions, and start with what leaves those unchanged", walk.Features);

        Dictionary<string, Func<Tensor>> With(IReadOnlyDictionary<string, Func<Tensor>> weights) =>
            weights.Concat(beside.Select(weight => KeyValuePair.Create(weight.Key, () => weight.Value.alias()))).ToDictionary();
    }

    /// <summary>Copies them into the tensors of the same names, which hold all of those.</summary>
    public void CopyInto(IReadOnlyDictionary<string, Tensor> targets)
    {
        using var noGradients = no_grad();
        foreach (var (name, target) in targets)
        {
            using var scope = NewDisposeScope();
            target.copy_(_weights[name]());
        }
    }

    static Func<Tensor> ReadNamed(OnnxWeightsFile file, string constant, bool isTransposed) => () => isTransposed ? file[constant].t() : file[constant];

    // What the layer is given that has a constant as its weights; null where no layer takes it, or several do.
    static string? InputOf(OnnxWeightsFile file, string constant)
    {
        while (file.ConsumersOf(constant).ToArray() is [var node])
        {
            if (node.OpType is not ("Transpose" or "Identity" or "Cast"))
                return node.Input[0];
            constant = node.Output[0];
        }
        return null;
    }

    static TensorEntry EntryOf(string name, Func<Tensor> read)
    {
        using var scope = NewDisposeScope();
        var tensor = read();
        return new TensorEntry(name, TensorType.Of(tensor), tensor.shape, Begin: 0, End: 0);
    }

    static GraphProto GraphOf(nn.Module network)
    {
        var graph = new OnnxGraph(network, Opset, [Logits]);
        try
        {
            graph.Output(Logits, graph.Call((nn.Module<Tensor, Tensor>)network, graph.Input(Images, TensorProto.Types.DataType.Float)), TensorProto.Types.DataType.Float);
            return graph.Graph;
        }
        catch (InvalidOperationException fault)
        {
            throw new FormatException($"its tensors do not have the network's names, and cannot be found without: {fault.Message.TrimEnd('.')}", fault);
        }
    }
}
