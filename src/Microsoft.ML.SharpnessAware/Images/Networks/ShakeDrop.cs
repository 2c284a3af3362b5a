namespace Microsoft.ML.SharpnessAware;

/// <summary>Disturbs a residual branch in training: some images' branches are multiplied by α forward and β backward. Yamada et al. 2018, arXiv:1802.02375, eq. 6, with α of [-1, 1] and β of [0, 1], per image.</summary>
/// <remarks>The numbers come from libtorch's generator. In evaluation, the branch is multiplied by its expectation, the survival.</remarks>
internal sealed class ShakeDrop : nn.Module<Tensor, Tensor>
{
    readonly double _survival;

    /// <param name="survival">The probability that an image's branch stays as it is.</param>
    public ShakeDrop(double survival) : base(nameof(ShakeDrop)) => _survival = survival;

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return (training ? Shaken(x) : x * _survival).MoveToOuterDisposeScope();
    }

    Tensor Shaken(Tensor x)
    {
        long[] perImage = [x.shape[0], 1, 1, 1];
        var stays = rand(perImage, x.dtype, x.device).lt(_survival);
        var forth = ones_like(stays, dtype: x.dtype).where(stays, 2 * rand(perImage, x.dtype, x.device) - 1);
        var back = ones_like(stays, dtype: x.dtype).where(stays, rand(perImage, x.dtype, x.device));
        // The value is x · forth and its gradient back: what is detached adds the difference of the values.
        return x * back + x.detach() * (forth - back);
    }
}
