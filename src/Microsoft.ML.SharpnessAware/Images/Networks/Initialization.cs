namespace Microsoft.ML.SharpnessAware;

/// <summary>Convolutions start from N(0, 2/fan-out), or N(0, 2/fan-in). He et al. 2015, arXiv:1502.01852, eq. 14 and 10.</summary>
/// <remarks>Batch norm starts as the identity and the last layer uniformly, as PyTorch makes them.</remarks>
internal static class HeInitialization
{
    public static nn.Module<Tensor, Tensor> WithHeInitialization(this nn.Module<Tensor, Tensor> network, nn.init.FanInOut fan = nn.init.FanInOut.FanOut)
    {
        foreach (var (_, kernel) in network.named_parameters().Where(p => p.parameter.dim() == 4))
            nn.init.kaiming_normal_(kernel, 0, fan, nn.init.NonlinearityType.ReLU);
        return network;
    }
}

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
