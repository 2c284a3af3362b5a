namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>Small models in the form of files of the hub against the same forward passes written down in PyTorch.</summary>
[TestClass]
public class BertEncoderAsInPyTorchTests
{
    // Sums are added up in another order there: in float64 and in float32.
    const double Rounding = 1e-12;
    const double SingleRounding = 1e-5;

    [TestMethod]
    [DataRow("bert")]
    [DataRow("minilm")]
    [DataRow("roberta")]
    [DataRow("distilbert")]
    public void Forward_and_backward_in_float64_give_what_PyTorch_gives(string name)
    {
        var expected = PyTorchGolden.Of("bert_folders", name);
        using var scope = NewDisposeScope();
        using var module = Read(name, expected, ScalarType.Float64);

        var logits = module.call(expected.Inputs());
        PyTorchGolden.Backward(logits);

        Near.Equal(expected.Logits, Near.Numbers(logits), Rounding);
        // The names in the files are not ours.
        Near.Equal([.. expected.GradientNorms!.Values.Order()], [.. module.parameters().Select(p => p.grad!.norm().ToDouble()).Order()], Rounding);
    }

    [TestMethod]
    [DataRow("bert")]
    [DataRow("minilm")]
    [DataRow("roberta")]
    [DataRow("distilbert")]
    public void Forward_in_float32_gives_what_PyTorch_gives(string name)
    {
        var expected = PyTorchGolden.Of("bert_folders", name);
        using var scope = NewDisposeScope();
        using var module = Read(name, expected, ScalarType.Float32);

        Near.Equal(expected.LogitsFloat32!, Near.Numbers(module.call(expected.Inputs())), SingleRounding);
    }

    // Without dropout; and the head that no file has filled as the script fills it.
    static nn.Module<Tensor, Tensor> Read(string name, PyTorchGolden expected, ScalarType type)
    {
        var module = BertEncoder.FromFolder(Golden.PathOf($"Networks/{name}")).Build(expected.TextShape, expected.Classes);
        module.to(type);
        module.eval();
        PyTorchGolden.Fill(module.state_dict().Where(tensor => expected.GradientNorms!.ContainsKey(tensor.Key) && tensor.Key.StartsWith("head.")));
        return module;
    }
}
