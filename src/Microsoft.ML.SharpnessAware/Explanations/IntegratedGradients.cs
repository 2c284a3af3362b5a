namespace Microsoft.ML.SharpnessAware;

/// <summary>The mean gradient of a class's score along the straight line from a baseline to a text's embeddings, times their difference. Sundararajan et al. 2017, arXiv:1703.01365, eq. 3, by the midpoint rule.</summary>
/// <remarks>The baseline has the embedding of padding in place of each word's. Special tokens stay as they are, so that they contribute nothing.</remarks>
internal sealed class IntegratedGradients
{
    // Tokens that go through the network together.
    const int TokensInPass = 4096;

    readonly nn.Module<Tensor, Tensor> _network;
    readonly nn.Module<Tensor, Tensor> _embedding;
    readonly int _padId;

    IntegratedGradients(nn.Module<Tensor, Tensor> network, nn.Module<Tensor, Tensor> embedding, int padId) => (_network, _embedding, _padId) = (network, embedding, padId);

    /// <summary>The method for a network in eval mode, whose weights take no gradients from now on.</summary>
    /// <param name="network">The network, which is not owned.</param>
    /// <param name="name">What users call the network.</param>
    /// <param name="padId">The id of padding.</param>
    /// <param name="text">A text [1, 2, L], to see which layer embeds its tokens.</param>
    /// <exception cref="InvalidOperationException">No layer does.</exception>
    public static IntegratedGradients Of(nn.Module<Tensor, Tensor> network, string name, int padId, Tensor text)
    {
        foreach (var parameter in network.parameters())
            parameter.requires_grad = false;
        var embedding = EmbeddingOfTokens(network, text) ?? throw new InvalidOperationException($"Token attributions need a layer of the type Embedding that turns the ids of tokens into vectors, and the network {name} has none that is given the ids as they are. Let the network call one, as nn.Embedding makes it.");
        return new IntegratedGradients(network, embedding, padId);
    }

    /// <summary>The logits [classes] of a text, in the caller's scope.</summary>
    public Tensor Logits(Tensor text)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        return _network.call(text)[0].MoveToOuterDisposeScope();
    }

    /// <summary>What each token contributes to the score of a class.</summary>
    /// <param name="text">[1, 2, L].</param>
    /// <param name="isWord">Whether each of the L tokens is one of a word, and no special one.</param>
    /// <param name="index">The class.</param>
    /// <param name="steps">Points between baseline and text.</param>
    public TokenScores Explain(Tensor text, bool[] isWord, long index, int steps)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var ids = text.select(1, 0);
        var embedded = _embedding.call(ids);
        var baseline = _embedding.call(where(tensor(isWord).to(ids.device), full_like(ids, _padId), ids));
        var difference = embedded - baseline;

        var sum = zeros_like(difference);
        foreach (var points in Enumerable.Range(0, steps).Chunk(Math.Max(1, TokensInPass / isWord.Length)))
            sum.add_(GradientSum(text, baseline, difference, Array.ConvertAll(points, point => (point + 0.5) / steps), index));
        var scores = (sum / steps * difference).sum(2)[0].to(ScalarType.Float64).cpu();
        return new TokenScores([.. scores.data<double>()], ScoreAt(text, embedded, index), ScoreAt(text, baseline, index));
    }

    // At so many shares of the way, the sum of the gradients, [1, L, width].
    Tensor GradientSum(Tensor text, Tensor baseline, Tensor difference, double[] shares, long index)
    {
        using var scope = NewDisposeScope();
        using var gradients = enable_grad();
        var share = tensor(shares, dtype: difference.dtype, device: difference.device).view(-1, 1, 1);
        var points = (baseline + share * difference).detach().requires_grad_(true);
        var scores = LogitsAt(text.expand(shares.Length, -1, -1), points).select(1, index).sum();
        return autograd.grad([scores], [points])[0].sum(0, keepdim: true).MoveToOuterDisposeScope();
    }

    double ScoreAt(Tensor text, Tensor embedded, long index)
    {
        using var scope = NewDisposeScope();
        return LogitsAt(text, embedded)[0, index].ToDouble();
    }

    // The network on these embeddings in place of those of the tokens.
    Tensor LogitsAt(Tensor texts, Tensor embedded)
    {
        var hook = _embedding.register_forward_hook((_, _, _) => embedded.alias());
        try
        {
            return _network.call(texts);
        }
        finally
        {
            hook.remove();
        }
    }

    static TorchSharp.Modules.Embedding? EmbeddingOfTokens(nn.Module<Tensor, Tensor> network, Tensor text)
    {
        using var scope = NewDisposeScope();
        using var noGradients = no_grad();
        var ids = text.select(1, 0);
        List<TorchSharp.Modules.Embedding> found = [];
        List<Action> remove = [];
        foreach (var embedding in network.modules().OfType<TorchSharp.Modules.Embedding>())
            remove.Add(embedding.register_forward_pre_hook((_, input) =>
            {
                if (input.shape.SequenceEqual(ids.shape) && input.eq(ids).all().ToBoolean())
                    found.Add(embedding);
                return input;
            }).remove);
        try
        {
            network.call(text);
            return found.FirstOrDefault();
        }
        finally
        {
            foreach (var hook in remove)
                hook();
        }
    }
}

/// <summary>What each token of a text contributes to a class's score, and the score for the text and for the baseline.</summary>
internal sealed record TokenScores(double[] OfTokens, double Score, double Baseline);
