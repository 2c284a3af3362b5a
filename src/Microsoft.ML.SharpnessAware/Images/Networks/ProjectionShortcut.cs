namespace Microsoft.ML.SharpnessAware;

/// <summary>The shortcut with weights, option B: a 1×1 convolution. He et al. 2016, arXiv:1512.03385, §3.3.</summary>
internal static class ProjectionShortcut
{
    /// <summary>One that halves height and width.</summary>
    public static nn.Module<Tensor, Tensor> Of(int from, int to) => Of(from, to, stride: 2);

    public static nn.Module<Tensor, Tensor> Of(int from, int to, int stride) =>
        nn.Sequential(Convolution.Of(from, to, size: 1, stride), nn.BatchNorm2d(to));
}
