using Google.Protobuf;
using Microsoft.ML.SharpnessAware.Onnx;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>BERTs that compare themselves with ONNX Runtime when their weights are read.</summary>
[TestClass]
public class BertVerificationTests
{
    [TestMethod]
    [DataRow(nameof(PackagedBert.MiniLM))]
    [DataRow(nameof(PackagedBert.ArcticXs))]
    public void Log_says_how_far_the_vectors_are_from_those_of_OnnxRuntime(string name)
    {
        var encoder = PackagedBert.Encoder(name == nameof(PackagedBert.MiniLM) ? PackagedBert.MiniLM : PackagedBert.ArcticXs);

        var log = Build(encoder with { VerifyWeights = true });

        Assert.MatchesRegex(@"^Compared with ONNX Runtime: the vectors of tokens differ by at most \d(\.\d)?E-\d+, of up to \d+(\.\d+)?\.$", log);
    }

    [TestMethod]
    public void What_differs_or_cannot_be_compared_is_said()
    {
        using var folder = TinyFolder.WithVocabulary("bert");
        var fromFolder = BertEncoder.FromFolder(folder.Path);
        var miniLM = PackagedBert.Encoder(PackagedBert.MiniLM) with { VerifyWeights = true };
        var errors = new ErrorText()
            .Add("another ε", () => Build(miniLM with { LayerNormEpsilon = 0.1 }))
            .Add("other heads", () => Build(miniLM with { Heads = 6 }))
            .Add("another activation", () => Build(miniLM with { Activation = HiddenActivation.Relu }))
            .Add("an input that is not known", () => Build(Changed(model => model.Graph.Input.Single(input => input.Name == "attention_mask").Name = "mask")))
            .Add("inputs of int32", () => Build(Changed(model => model.Graph.Input[0].Type.TensorType.ElemType = (int)TensorProto.Types.DataType.Int32)))
            .Add("no vectors of tokens", () => Build(Changed(model => model.Graph.Output[0].Name = model.Graph.Input[0].Name)))
            .Add("a folder with safetensors", () => Build(fromFolder with { VerifyWeights = true }))
            .Add("fresh weights", () => Build(new BertEncoder { Layers = 1, HiddenSize = 8, Heads = 2, IntermediateSize = 8, VerifyWeights = true, Vocabulary = 30522 }));

        Golden.Matches("Networks/BertVerificationErrors.txt", errors.ToString().Replace(folder.Path, "FOLDER").Replace('\\', '/'));

        BertEncoder Changed(Action<ModelProto> change)
        {
            using var stream = PackagedBert.Model(PackagedBert.MiniLM);
            var model = ModelProto.Parser.ParseFrom(stream);
            change(model);
            using var vocabulary = PackagedBert.Vocabulary(PackagedBert.MiniLM);
            return BertEncoder.FromOnnx(new MemoryStream(model.ToByteArray()), vocabulary) with { VerifyWeights = true };
        }
    }

    static string Build(BertEncoder network)
    {
        using var scope = NewDisposeScope();
        List<string> log = [];
        using var module = network.Build(new TextShape(network.Vocabulary!.Value, 10, network.PadId ?? 0), classes: 2, log.Add);
        Assert.IsTrue(module.training, "modules are built for training");
        return log.Single();
    }
}
