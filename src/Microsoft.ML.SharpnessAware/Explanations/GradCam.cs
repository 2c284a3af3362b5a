namespace Microsoft.ML.SharpnessAware;

/// <summary>A layer's feature maps, each weighted by the mean gradient of a class's score in it: a map of where the class is. Selvaraju et al. 2017, arXiv:1610.02391, eq. 1 and 2.</summary>
internal sealed class GradCam
{
    const int FeatureMapDimensions = 4;
    const int SequenceDimensions = 3;

    readonly nn.Module<Tensor, Tensor> _network;
    readonly nn.Module<Tensor, Tensor> _layer;

    GradCam(nn.Module<Tensor, Tensor> network, nn.Module<Tensor, Tensor> layer, string layerName) => (_network, _layer, LayerName) = (network, layer, layerName);

    /// <summary>What the network calls the layer.</summary>
    public string LayerName { get; }

    /// <summary>The method for a network in eval mode, whose weights take no gradients from now on.</summary>
    /// <param name="network">The network, which is not owned.</param>
    /// <param name="name">What users call the network.</param>
    /// <param name="layer">What the network calls the layer; null for the last one with feature maps.</param>
    /// <param name="images">Some images, to see what layers make of them.</param>
    /// <exception cref="InvalidOperationException">The network has no such layer, or none with feature maps.</exception>
    public static GradCam Of(nn.Module<Tensor, Tensor> network, string name, string? layer, Tensor images)
    {
        foreach (var parameter in network.parameters())
            parameter.requires_grad = false;
        var found = layer is null ? LastFeatureMaps(network, name, images) : Named(network, name, layer, images);
        return new GradCam(network, found.Layer, found.Name);
    }

    /// <summary>The maps of some images, [N, H, W] from 0 to 1, and their logits: both in the caller's scope.</summary>
    /// <param name="images">[N, C, H, W].</param>
    /// <param name="classOf">The class of each image, given the logits [N, classes].</param>
    public (Tensor Maps, Tensor Logits) Explain(Tensor images, Func<Tensor, Tensor> classOf)
    {
        using var scope = NewDisposeScope();
        using var gradients = enable_grad();
        var (maps, logits) = Forward(images);
        using var leaf = maps;
        var scores = logits.gather(1, classOf(logits.detach()).unsqueeze(1)).sum();
        var gradient = autograd.grad([scores], [maps])[0];
        var weights = gradient.mean([2, 3], keepdim: true);
        var located = (weights * maps.detach()).sum(1, keepdim: true).relu();
        var enlarged = nn.functional.interpolate(located, [images.shape[2], images.shape[3]], mode: InterpolationMode.Bilinear, align_corners: false).squeeze(1);
        var largest = enlarged.amax([1, 2], keepdim: true);
        var scaled = where(largest > 0, enlarged / largest, zeros_like(enlarged));
        return (scaled.MoveToOuterDisposeScope(), logits.detach().MoveToOuterDisposeScope());
    }

    // The layer's output as a leaf that gradients are taken of, in no scope. What comes next gets a copy: it may change it in place.
    (Tensor Maps, Tensor Logits) Forward(Tensor images)
    {
        Tensor? maps = null;
        var hook = _layer.register_forward_hook((_, _, output) =>
        {
            maps?.Dispose();
            maps = output.detach().clone().requires_grad_(true).DetachFromDisposeScope();
            return maps.clone();
        });
        try
        {
            var logits = _network.call(images);
            return (maps!, logits);
        }
        finally
        {
            hook.remove();
        }
    }

    static (string Name, nn.Module<Tensor, Tensor> Layer) LastFeatureMaps(nn.Module<Tensor, Tensor> network, string name, Tensor images)
    {
        var outputs = LayerOutputs.Of(network, images);
        var last = outputs.FindLastIndex(output => AreFeatureMaps(output.Shape));
        if (last < 0)
            throw new InvalidOperationException($"Grad-CAM needs a layer that puts out feature maps, [N, channels, height, width] of more than one pixel, and the network {name} has none. Choose a network of convolutions.");
        if (outputs.Skip(last + 1).FirstOrDefault(output => output.Shape.Length == SequenceDimensions) is { } sequence)
            throw new InvalidOperationException($"Grad-CAM needs feature maps near the end of the network, and the last ones of the network {name}, those of its layer '{outputs[last].Name}', become a sequence of vectors after it, in its layer '{sequence.Name}', as in a transformer. Choose a network of convolutions, or name a layer with the option Layer.");
        return (outputs[last].Name, outputs[last].Layer);
    }

    static (string Name, nn.Module<Tensor, Tensor> Layer) Named(nn.Module<Tensor, Tensor> network, string name, string layer, Tensor images)
    {
        var outputs = LayerOutputs.Of(network, images);
        var found = outputs.FindLast(output => output.Name == layer);
        if (found is not null && AreFeatureMaps(found.Shape))
            return (found.Name, found.Layer);
        var fault = found is null ? "has no such layer" : $"has a layer of that name whose output is [{string.Join(", ", found.Shape)}]";
        throw new InvalidOperationException($"Grad-CAM cannot use the layer '{layer}': the network {name} {fault}. Layers with feature maps are {Listing.OfNames(outputs.Where(output => AreFeatureMaps(output.Shape)).Select(output => output.Name).Distinct().Reverse())}.");
    }

    static bool AreFeatureMaps(long[] shape) => shape.Length == FeatureMapDimensions && shape[2] * shape[3] > 1;
}

/// <summary>What a layer that turns one tensor into one put out.</summary>
/// <param name="Name">What the network calls the layer.</param>
/// <param name="Layer">The layer.</param>
/// <param name="Shape">The shape of its output.</param>
internal sealed record LayerOutput(string Name, nn.Module<Tensor, Tensor> Layer, long[] Shape);

/// <summary>What each layer of a network puts out.</summary>
internal static class LayerOutputs
{
    /// <summary>The outputs of a forward pass, in the order in which they were done.</summary>
    public static List<LayerOutput> Of(nn.Module<Tensor, Tensor> network, Tensor inputs)
    {
        List<LayerOutput> outputs = [];
        List<Action> remove = [];
        try
        {
            foreach (var (name, module) in network.named_modules())
                if (name.Length > 0 && module is nn.Module<Tensor, Tensor> layer)
                    remove.Add(layer.register_forward_hook((_, _, output) =>
                    {
                        outputs.Add(new LayerOutput(name, layer, output.shape));
                        return output;
                    }).remove);
            using var scope = NewDisposeScope();
            using var noGradients = no_grad();
            network.call(inputs);
            return outputs;
        }
        finally
        {
            foreach (var hook in remove)
                hook();
        }
    }
}
