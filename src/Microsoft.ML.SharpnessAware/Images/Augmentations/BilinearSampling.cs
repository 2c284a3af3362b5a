namespace Microsoft.ML.SharpnessAware;

/// <summary>The values of images between their pixels.</summary>
internal static class BilinearSampling
{
    /// <summary>
    /// Images [N, C, H, W] at the points (y, x), which broadcast to [N, H, W]: in pixels, so that the first pixel has its centre at (0.5, 0.5).
    /// Outside is 0. A new tensor.
    /// </summary>
    public static Tensor At(Tensor images, Tensor y, Tensor x)
    {
        using var scope = NewDisposeScope();
        var (top, left) = ((y - 0.5).floor(), (x - 0.5).floor());
        var (down, right) = (y - 0.5 - top, x - 0.5 - left);
        var result = Pixels(images, top, left) * ((1 - down) * (1 - right)).unsqueeze(1);
        result.add_(Pixels(images, top, left + 1) * ((1 - down) * right).unsqueeze(1));
        result.add_(Pixels(images, top + 1, left) * (down * (1 - right)).unsqueeze(1));
        result.add_(Pixels(images, top + 1, left + 1) * (down * right).unsqueeze(1));
        return result.MoveToOuterDisposeScope();
    }

    /// <summary>The centres of the rows, [1, H, 1].</summary>
    public static Tensor Rows(Tensor images) => arange(images.shape[2], dtype: ScalarType.Float32).view(1, -1, 1) + 0.5;

    /// <summary>The centres of the columns, [1, 1, W].</summary>
    public static Tensor Columns(Tensor images) => arange(images.shape[3], dtype: ScalarType.Float32).view(1, 1, -1) + 0.5;

    static Tensor Pixels(Tensor images, Tensor y, Tensor x)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (images.shape[2], images.shape[3]);
        var inside = y.ge(0) & y.lt(height) & x.ge(0) & x.lt(width);
        var index = y.clamp(0, height - 1).to(ScalarType.Int64) * width + x.clamp(0, width - 1).to(ScalarType.Int64);
        var places = index.expand(images.shape[0], height, width).reshape(images.shape[0], 1, -1).expand(images.shape[0], images.shape[1], -1);
        return (images.flatten(2).gather(2, places).view(images.shape) * inside.unsqueeze(1)).MoveToOuterDisposeScope();
    }
}
