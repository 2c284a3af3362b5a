using System.Text.Json;

namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>What PyTorch computes for a network, as read from Golden/Networks; pytorch_golden.py there says what the numbers are.</summary>
sealed record PyTorchGolden(
    long[]? Input, int Vocabulary, int Length, int PadId, long[][]? Texts, long[][]? Sentences,
    string[] Tensors, double[] Logits, double[]? LogitsFloat32, double[]? TrainedLogits, Dictionary<string, double>? GradientNorms)
{
    static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static PyTorchGolden Of(string file, string network) =>
        JsonSerializer.Deserialize<Dictionary<string, PyTorchGolden>>(File.ReadAllText(Golden.PathOf($"Networks/{file}.json")), SnakeCase)![network];

    public int Rows => Texts?.Length ?? (int)Input![0];

    public int Classes => Logits.Length / Rows;

    public ImageShape ImageShape => new((int)Input![1], (int)Input[2], (int)Input[3]);

    public TextShape TextShape => new(Vocabulary, Length, PadId);

    public Tensor Inputs() => Texts is null ? Noise(Input!, 0) : TextRows.Of(Texts, Sentences, PadId);

    /// <summary>The network in float64, filled as PyTorch's was; its tensors must be those of PyTorch's.</summary>
    public nn.Module<Tensor, Tensor> Filled(nn.Module<Tensor, Tensor> network)
    {
        var floats = network.state_dict().Where(tensor => tensor.Value.is_floating_point()).OrderBy(tensor => tensor.Key, StringComparer.Ordinal);
        Assert.AreSequenceEqual(Tensors, floats.Select(tensor => $"{tensor.Key} [{string.Join(", ", tensor.Value.shape)}]"));
        network.to(ScalarType.Float64);
        Fill(network.state_dict().Where(tensor => tensor.Value.is_floating_point()));
        return network;
    }

    public static void Fill(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        using var noGradients = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (k, (name, values)) in tensors.OrderBy(tensor => tensor.Key, StringComparer.Ordinal).Index())
        {
            var scale = values.dim() > 1 ? Math.Sqrt(3.0 / (values.numel() / values.shape[0])) : 0.1;
            var aroundOne = name.EndsWith("running_var") || (values.dim() == 1 && name.EndsWith("weight"));
            values.copy_(Noise(values.shape, k + 1) * scale + (aroundOne ? 1 : 0));
        }
    }

    /// <summary>The mean cross entropy with the labels 0, 1, 2 …, backwards.</summary>
    public static void Backward(Tensor logits) => nn.functional.cross_entropy(logits, arange(logits.shape[0])).backward();

    /// <summary>Compares norms beside the largest one: what is 0 but for rounding has no digits of its own.</summary>
    public void CheckGradients(nn.Module network, double tolerance)
    {
        foreach (var (name, parameter) in network.named_parameters())
            Assert.AreEqual(GradientNorms![name], parameter.grad!.norm().ToDouble(), tolerance * GradientNorms.Values.Max(), name);
    }

    static Tensor Noise(long[] shape, int k)
    {
        var x = arange(shape.Aggregate((a, b) => a * b)) + 1009 * k;
        return ((x * x % 65537 * 40503 % 65537).to(ScalarType.Float64) / 32768 - 1).view(shape);
    }
}
