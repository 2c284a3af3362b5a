using System.Globalization;
using Microsoft.ML.SharpnessAware.Onnx;

namespace Microsoft.ML.SharpnessAware;

/// <summary>The sizes of a BERT or DistilBERT, read from its ONNX file: the shapes of its weights, and what its nodes do with them.</summary>
internal static class BertOnnx
{
    /// <summary>The network that the file holds, without its weights.</summary>
    /// <exception cref="InvalidOperationException">It is missing or cannot be read, or holds none that is known.</exception>
    public static BertEncoder Describe(BertOnnxWeights weights)
    {
        weights.CheckExist();
        return weights.Understood(() => Describe(weights.Onnx()));
    }

    static BertEncoder Describe(OnnxWeightsFile file)
    {
        var constants = OnnxNames.Of(file).ToDictionary(weight => BertWeights.CommonName(weight.Key), weight => weight.Value.Constant);
        var (type, names) = constants.ContainsKey("transformer.layer.0.attention.q_lin.bias") ? (BertModelType.DistilBert, NamesInFiles.OfDistilBert) : (BertModelType.Bert, NamesInFiles.OfBert);
        var query = FileName(names, "attention.query", layer: 0) + ".bias";
        var layers = Enumerable.Range(0, int.MaxValue).TakeWhile(layer => constants.ContainsKey(FileName(names, "attention.query", layer) + ".bias")).Count();
        if (layers == 0)
            throw new FormatException($"it has no '{query}': only BERT and DistilBERT with the names that PyTorch exports are known");

        var words = Shape("embeddings.word_embeddings.weight");
        return new BertEncoder
        {
            ModelType = type,
            Layers = layers,
            HiddenSize = (int)words[1],
            Vocabulary = (int)words[0],
            Heads = Heads(file, constants[query], (int)words[1]),
            IntermediateSize = (int)Shape(FileName(names, "feedForward.first", layer: 0) + ".bias")[0],
            MaxPositions = (int)Shape("embeddings.position_embeddings.weight")[0],
            TypeVocabulary = type == BertModelType.Bert ? (int)Shape("embeddings.token_type_embeddings.weight")[0] : 0,
            Activation = Activation(file),
            LayerNormEpsilon = Epsilon(file),
        };

        long[] Shape(string name) => constants.TryGetValue(name, out var constant) ? file.ShapeOf(constant) : throw new FormatException($"it has no '{name}'");
    }

    static string FileName(NamesInFiles names, string ours, int layer) => $"{names.Layers}.{layer}.{names.Layer.First(part => part.Ours == ours).InFiles}";

    // Before attention the vectors are reshaped to [N, L, heads, width of a head].
    static int Heads(OnnxWeightsFile file, string queryBias, int width)
    {
        var query = file.ConsumersOf(queryBias).First().Output[0];
        var reshape = file.ConsumersOf(query).FirstOrDefault(node => node.OpType == "Reshape")
            ?? throw new FormatException("it does not say how many attention heads there are: no Reshape follows the query");
        return Numbers(file, reshape.Input[1]) is [.., { } heads, { } size] && heads * size == width ? (int)heads
            : throw new FormatException("it does not say how many attention heads there are: the Reshape after the query has no constant shape. Give a folder with config.json to FromFolder");
    }

    // A constant vector, or one put together from constants and from what is known only when it runs (null).
    static long?[] Numbers(OnnxWeightsFile file, string value)
    {
        if (file.Has(value))
        {
            using var scope = NewDisposeScope();
            return [.. file[value].to_type(ScalarType.Int64).data<long>().ToArray().Cast<long?>()];
        }
        return file.ProducerOf(value) is { OpType: "Concat" } parts
            ? [.. parts.Input.SelectMany(part => file.Has(part) ? Numbers(file, part) : file.ProducerOf(part) is { OpType: "Unsqueeze" } one && file.Has(one.Input[0]) ? Numbers(file, one.Input[0]) : [null])]
            : [];
    }

    // Of the operator, or of the operators that it is made of before opset 17: Sqrt(variance + ε).
    static double Epsilon(OnnxWeightsFile file)
    {
        if (file.Nodes.FirstOrDefault(node => node.OpType == "LayerNormalization") is { } norm)
            return norm.Attribute.FirstOrDefault(attribute => attribute.Name == "epsilon") is { } given ? SignificantDigits(given.F) : 1e-5;
        var added = file.Nodes.Where(node => node.OpType == "Sqrt").Select(node => file.ProducerOf(node.Input[0])).FirstOrDefault(node => node is { OpType: "Add" })?.Input.FirstOrDefault(file.Has)
            ?? throw new FormatException("it does not say what its norm layers add to the variance: there is no LayerNormalization, and no Sqrt of a sum");
        using var scope = NewDisposeScope();
        return SignificantDigits(file[added].ToSingle());
    }

    // Files have ε in single precision.
    static double SignificantDigits(float value) => double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    static HiddenActivation Activation(OnnxWeightsFile file)
    {
        var operators = file.Nodes.Select(node => node.OpType).ToHashSet();
        return operators.Contains("Erf") || file.Nodes.Any(node => node.OpType == "Gelu" && !node.Attribute.Any(attribute => attribute.S.ToStringUtf8() == "tanh")) ? HiddenActivation.Gelu
            : operators.Contains("Relu") ? HiddenActivation.Relu
            : operators.Contains("Tanh") || operators.Contains("Gelu") ? HiddenActivation.GeluTanh
            : throw new FormatException("it does not say what its feed-forward layers pass on: there is no Erf, Gelu, Tanh or Relu");
    }
}
