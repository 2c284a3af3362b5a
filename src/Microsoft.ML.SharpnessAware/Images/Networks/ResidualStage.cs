namespace Microsoft.ML.SharpnessAware;

/// <summary>Blocks of one width in a row.</summary>
internal static class ResidualStage
{
    /// <summary>A stage that is wider than what comes in halves height and width in its first block.</summary>
    public static nn.Module<Tensor, Tensor> Of(int blocks, int from, int to, Func<int, int, nn.Module<Tensor, Tensor>> shortcut)
    {
        var first = from == to ? new BasicBlock(to) : new BasicBlock(from, to, shortcut(from, to));
        return nn.Sequential([first, .. Enumerable.Range(1, blocks - 1).Select(_ => new BasicBlock(to))]);
    }

    /// <summary>A stage whose first block has the stride.</summary>
    public static nn.Module<Tensor, Tensor> OfBottlenecks(int blocks, int from, int inner, int to, int stride, int groups = 1) =>
        nn.Sequential(Enumerable.Range(0, blocks).Select(block => block == 0
            ? new Bottleneck(from, inner, to, stride, groups)
            : new Bottleneck(to, inner, to, stride: 1, groups)));
}
