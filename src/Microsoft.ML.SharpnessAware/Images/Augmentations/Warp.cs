using static Microsoft.ML.SharpnessAware.BilinearSampling;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Moves the content of images [N, C, H, W], each by its own amount [N, 1, 1, 1]; what comes in from outside is 0.</summary>
internal static class Warp
{
    /// <summary>Along the rows, by a multiple of the distance from the upper edge.</summary>
    public static Tensor ShearX(Tensor images, Tensor by) => At(images, Rows(images), Columns(images) + by.squeeze(1) * Rows(images));

    /// <summary>Along the columns, by a multiple of the distance from the left edge.</summary>
    public static Tensor ShearY(Tensor images, Tensor by) => At(images, Rows(images) + by.squeeze(1) * Columns(images), Columns(images));

    /// <summary>To the left, by a share of the width.</summary>
    public static Tensor TranslateX(Tensor images, Tensor by) => At(images, Rows(images), Columns(images) + by.squeeze(1) * images.shape[3]);

    /// <summary>Upwards, by a share of the height.</summary>
    public static Tensor TranslateY(Tensor images, Tensor by) => At(images, Rows(images) + by.squeeze(1) * images.shape[2], Columns(images));

    /// <summary>About the centre, anticlockwise.</summary>
    public static Tensor Rotate(Tensor images, Tensor radians)
    {
        using var scope = NewDisposeScope();
        var (middle, center) = (images.shape[2] / 2.0, images.shape[3] / 2.0);
        var (y, x) = (Rows(images) - middle, Columns(images) - center);
        var (sin, cos) = (radians.squeeze(1).sin(), radians.squeeze(1).cos());
        return At(images, sin * x + cos * y + middle, cos * x - sin * y + center).MoveToOuterDisposeScope();
    }
}
