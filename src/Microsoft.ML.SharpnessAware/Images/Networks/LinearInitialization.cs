namespace Microsoft.ML.SharpnessAware;

/// <summary>How networks for images start where PyTorch's own way is not the authors'.</summary>
internal static class LinearInitialization
{
    /// <summary>Matrices start from N(0, <paramref name="deviation"/>²).</summary>
    public static nn.Module<Tensor, Tensor> WithNormalMatrices(this nn.Module<Tensor, Tensor> network, double deviation)
    {
        foreach (var (_, weights) in network.named_parameters().Where(p => p.parameter.dim() == 2))
            nn.init.normal_(weights, 0, deviation);
        return network;
    }

    /// <summary>Biases start from 0.</summary>
    public static nn.Module<Tensor, Tensor> WithZeroBiases(this nn.Module<Tensor, Tensor> network)
    {
        foreach (var (_, bias) in network.named_parameters().Where(p => p.name.EndsWith("bias", StringComparison.Ordinal)))
            nn.init.zeros_(bias);
        return network;
    }
}
