namespace Microsoft.ML.SharpnessAware;

/// <summary>A convolution as residual networks have it: padded to keep the size (or halve it, with stride 2), without a bias, which batch norm would undo.</summary>
internal static class Convolution
{
    public static nn.Module<Tensor, Tensor> Of(int from, int to, int size, int stride = 1, int groups = 1) =>
        nn.Conv2d(from, to, size, stride, size / 2, groups: groups, bias: false);
}
