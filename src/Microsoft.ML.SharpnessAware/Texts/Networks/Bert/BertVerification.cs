using Microsoft.ML.SharpnessAware.Onnx;
using Element = Microsoft.ML.SharpnessAware.Onnx.TensorProto.Types.DataType;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Compares a BERT that has the weights of an ONNX file with what ONNX Runtime computes from the file: the vectors of all tokens, for two texts of random ids, the second shorter than the first.</summary>
internal static class BertVerification
{
    const int Count = 2;
    const int LongestText = 16;

    /// <param name="file">The file.</param>
    /// <param name="network">The network, with its weights.</param>
    /// <param name="shape">The shape of its inputs.</param>
    /// <param name="sentences">How many sentences it tells apart.</param>
    /// <param name="width">The size of the vector of a token.</param>
    /// <returns>How far they agree, as a sentence.</returns>
    /// <exception cref="FormatException">They differ by more than rounding.</exception>
    /// <exception cref="InvalidOperationException">They cannot be compared.</exception>
    public static string Of(OnnxWeightsFile file, TransformerClassifier network, TextShape shape, int sentences, int width) => OnnxReference.WithNetwork(network, generator =>
    {
        var texts = Texts(shape, sentences, generator);
        var tokens = new Tokens(texts, shape.PadId);
        var present = tokens.Present();
        var inputs = file.Inputs.ToDictionary(input => input.Name, input => As(input, input.Name switch
        {
            "input_ids" => tokens.Ids,
            "attention_mask" => present.to_type(ScalarType.Int64),
            "token_type_ids" => tokens.Sentences,
            _ => throw OnnxReference.Incomparable($"its input '{input.Name}' is neither input_ids, attention_mask nor token_type_ids"),
        }));
        var theirs = OnnxReference.Run(file.WithOutputs([.. file.Outputs]), inputs, [.. file.Outputs]).FirstOrDefault(output => output?.shape.SequenceEqual([Count, texts.shape[2], width]) == true)
            ?? throw OnnxReference.Incomparable($"none of its outputs, {Listing.OfNames(file.Outputs)}, is a float32 vector for each token");
        return OnnxReference.Compare(network.Encoded(texts)[present], theirs[present], "the vectors of tokens");
    });

    // [N, 2, L]. Padding is among the tokens of the second text only, and at its end.
    static Tensor Texts(TextShape shape, int sentences, Generator generator)
    {
        var length = Math.Min(LongestText, shape.MaxLength);
        var ids = randint(0, shape.Vocabulary, [Count, length], dtype: ScalarType.Int64, generator: generator);
        ids[ids.eq(shape.PadId)] = (shape.PadId + 1) % shape.Vocabulary;
        var positions = arange(length, dtype: ScalarType.Int64);
        ids[1, positions >= (length + 1) / 2] = shape.PadId;
        var second = (positions >= length / 3).to_type(ScalarType.Int64) * (sentences > 1 ? 1 : 0);
        return stack([ids, second.expand_as(ids) * ids.ne(shape.PadId)], dim: 1);
    }

    static Tensor As(ValueInfoProto input, Tensor value) => input.Type.TensorType?.ElemType == (int)Element.Int64 ? value.contiguous()
        : throw OnnxReference.Incomparable($"its input '{input.Name}' is not of int64");
}
