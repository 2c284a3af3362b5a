namespace Microsoft.ML.SharpnessAware;

/// <summary>Matrices start from N(0, 0.02²), biases from 0. Devlin et al. 2019, arXiv:1810.04805, the authors' code, which cuts off what lies beyond two standard deviations; RoBERTa and most others do not.</summary>
/// <remarks>Norm layers start as the identity, as PyTorch makes them, and the vector of padding as 0.</remarks>
internal static class NormalInitialization
{
    const double StandardDeviation = 0.02;

    public static TransformerClassifier WithNormalInitialization(this TransformerClassifier network, int padId)
    {
        using var noGradients = no_grad();
        foreach (var (name, weights) in network.named_parameters())
        {
            if (name.EndsWith("bias", StringComparison.Ordinal))
                nn.init.zeros_(weights);
            else if (weights.dim() > 1)
                nn.init.normal_(weights, 0, StandardDeviation);
            if (name == TransformerClassifier.Words)
                Clear(weights, padId);
        }
        return network;
    }

    static void Clear(Tensor words, int padId)
    {
        using var padding = words.select(0, padId);
        padding.fill_(0);
    }
}
