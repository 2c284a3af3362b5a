namespace Microsoft.ML.SharpnessAware.Tests;

/// <summary>A temporary file of a network's weights, as a model hub has them.</summary>
sealed class WeightsFile : IDisposable
{
    readonly ImageNetwork _network;

    public WeightsFile(ImageNetwork network, ImageShape shape, int classes, ScalarType type = ScalarType.Float32)
    {
        using var scope = NewDisposeScope();
        using var module = network.Build(shape, classes);
        Tensors = module.state_dict().ToDictionary(entry => entry.Key, entry => (entry.Key.EndsWith("num_batches_tracked") ? entry.Value.clone() : entry.Value.detach().clone().to(type)).DetachFromDisposeScope());
        _network = network;
        Write();
    }

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"{Guid.NewGuid()}.safetensors");

    /// <summary>What is in the file.</summary>
    public Dictionary<string, Tensor> Tensors { get; }

    /// <summary>The network that starts from the file.</summary>
    public ImageNetwork Reader => _network with { Weights = Path };

    public void Change(Action<Dictionary<string, Tensor>> change)
    {
        change(Tensors);
        Write();
    }

    public void Dispose()
    {
        File.Delete(Path);
        foreach (var tensor in Tensors.Values)
            tensor.Dispose();
    }

    void Write()
    {
        using var file = File.Create(Path);
        SafeTensors.Write(file, Tensors);
    }
}
