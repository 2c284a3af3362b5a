using static Microsoft.ML.SharpnessAware.BilinearSampling;

namespace Microsoft.ML.SharpnessAware;

/// <summary>
/// Applies some of fourteen operations, drawn for each image, one after the other and all with the same strength. Cubuk et al. 2020, arXiv:1909.13719; the strengths are torchvision's.
/// Pixels that a shear, translation or rotation moves in from outside have the mean color; positions between pixels are interpolated.
/// </summary>
/// <param name="Operations">How many for each image, the paper's N; 2 by default.</param>
/// <param name="Magnitude">Their strength, the paper's M, from 0 to 30; 9 by default. At 30, images are sheared by 0.3, shifted by 45 % of their size, and rotated by 30°.</param>
public sealed record RandAugment(int Operations = 2, int Magnitude = 9)
{
    const int MostMagnitude = 30;

    /// <summary>How many operations for each image.</summary>
    public int Operations { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Operations);

    /// <summary>Their strength.</summary>
    public int Magnitude { get; init => field = UpToMost(value); } = UpToMost(Magnitude);

    internal Tensor Apply(Tensor images, float[] meanColor, BatchRandom random)
    {
        using var scope = NewDisposeScope();
        var operations = new RandAugmentOperations((double)Magnitude / MostMagnitude, tensor(meanColor, [1, meanColor.Length, 1, 1])).All;
        for (var i = 0; i < Operations; i++)
            images = Change(images, operations, random);
        return images.MoveToOuterDisposeScope();
    }

    static Tensor Change(Tensor images, IReadOnlyList<Func<Tensor, Tensor, Tensor>> operations, BatchRandom random)
    {
        var drawn = random.Integers(operations.Count).data<long>().ToArray();
        var signs = 2 * random.Integers(2).to(ScalarType.Float32).view(-1, 1, 1, 1) - 1;
        var changed = images.clone();
        foreach (var group in drawn.Index().GroupBy(example => (int)example.Item, example => (long)example.Index))
        {
            var rows = tensor(group.ToArray());
            changed.index_put_(operations[group.Key](images.index_select(0, rows), signs.index_select(0, rows)), rows);
        }
        return changed;
    }

    static int UpToMost(int value) => Require.That(value is >= 0 and <= MostMagnitude, value, $"from 0 to {MostMagnitude}", nameof(Magnitude));
}

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
        var points = stack([Coordinates(x, images.shape[3]), Coordinates(y, images.shape[2])], -1);
        var sampled = nn.functional.grid_sample(images.to(ScalarType.Float64), points, GridSampleMode.Bilinear, GridSamplePaddingMode.Zeros, align_corners: false);
        return sampled.to(images.dtype).MoveToOuterDisposeScope();

        // From -1 at one edge to 1 at the other. In float32 they would miss the centres of a photograph's pixels by some 1e-5 of a pixel.
        Tensor Coordinates(Tensor pixels, long size) => (pixels.to(ScalarType.Float64) * (2.0 / size) - 1).expand(images.shape[0], images.shape[2], images.shape[3]);
    }

    /// <summary>The centres of the rows, [1, H, 1].</summary>
    public static Tensor Rows(Tensor images) => arange(images.shape[2], dtype: ScalarType.Float32).view(1, -1, 1) + 0.5;

    /// <summary>The centres of the columns, [1, 1, W].</summary>
    public static Tensor Columns(Tensor images) => arange(images.shape[3], dtype: ScalarType.Float32).view(1, 1, -1) + 0.5;
}

/// <summary>The fourteen operations of RandAugment, at a strength from 0 to 1, on images in 0 to 1 with signs [N, 1, 1, 1] of -1 or 1.</summary>
internal sealed class RandAugmentOperations(double strength, Tensor meanColor)
{
    public IReadOnlyList<Func<Tensor, Tensor, Tensor>> All =>
    [
        Identity, ShearX, ShearY, TranslateX, TranslateY, Rotate, Brightness, Saturation, Contrast, Sharpness, Posterize, Solarize, AutoContrast, Equalize,
    ];

    public Tensor Identity(Tensor images, Tensor signs) => images.alias();

    public Tensor ShearX(Tensor images, Tensor signs) => OverMeanColor(images, bare => Warp.ShearX(bare, 0.3 * strength * signs));

    public Tensor ShearY(Tensor images, Tensor signs) => OverMeanColor(images, bare => Warp.ShearY(bare, 0.3 * strength * signs));

    public Tensor TranslateX(Tensor images, Tensor signs) => OverMeanColor(images, bare => Warp.TranslateX(bare, 150.0 / 331 * strength * signs));

    public Tensor TranslateY(Tensor images, Tensor signs) => OverMeanColor(images, bare => Warp.TranslateY(bare, 150.0 / 331 * strength * signs));

    public Tensor Rotate(Tensor images, Tensor signs) => OverMeanColor(images, bare => Warp.Rotate(bare, Math.PI / 6 * strength * signs));

    public Tensor Brightness(Tensor images, Tensor signs) => ColorChange.Brightness(images, Factor(signs));

    public Tensor Saturation(Tensor images, Tensor signs) => ColorChange.Saturation(images, Factor(signs));

    public Tensor Contrast(Tensor images, Tensor signs) => ColorChange.Contrast(images, Factor(signs));

    public Tensor Sharpness(Tensor images, Tensor signs) => ColorChange.Sharpness(images, Factor(signs));

    public Tensor Posterize(Tensor images, Tensor signs) => ToneChange.Posterize(images, 8 - (int)Math.Round(4 * strength));

    // Strength 0 inverts nothing, as in the authors' code; in torchvision it inverts white.
    public Tensor Solarize(Tensor images, Tensor signs) => ToneChange.Solarize(images, 256.0 / 255 * (1 - strength));

    public Tensor AutoContrast(Tensor images, Tensor signs) => ToneChange.AutoContrast(images);

    public Tensor Equalize(Tensor images, Tensor signs) => ToneChange.Equalize(images);

    Tensor Factor(Tensor signs) => 1 + 0.9 * strength * signs;

    Tensor OverMeanColor(Tensor images, Func<Tensor, Tensor> warp) => warp(images - meanColor) + meanColor;
}

/// <summary>Maps the tones of images [N, C, H, W] in 0 to 1, channel by channel. As the Python Imaging Library and torchvision do.</summary>
internal static class ToneChange
{
    const int Levels = 256;

    /// <summary>Inverts what is at or above the threshold.</summary>
    public static Tensor Solarize(Tensor images, double threshold) => images.where(images.lt(threshold), 1 - images);

    /// <summary>Keeps so many bits of eight.</summary>
    public static Tensor Posterize(Tensor images, int bits)
    {
        var step = Levels >> bits;
        return (Level(images) / step).floor() * step / (Levels - 1);
    }

    /// <summary>Stretches each channel to the whole range; one that is the same everywhere stays.</summary>
    public static Tensor AutoContrast(Tensor images)
    {
        using var scope = NewDisposeScope();
        var pixels = images.flatten(2);
        var least = pixels.min(2, keepdim: true).values.unsqueeze(3);
        var range = pixels.max(2, keepdim: true).values.unsqueeze(3) - least;
        return images.where(range.eq(0), (images - least) / range).clamp(0, 1).MoveToOuterDisposeScope();
    }

    /// <summary>Makes all tones about equally frequent.</summary>
    public static Tensor Equalize(Tensor images)
    {
        using var scope = NewDisposeScope();
        var levels = Level(images).to(ScalarType.Int64).flatten(2);
        var counts = zeros([images.shape[0], images.shape[1], Levels], dtype: ScalarType.Float32).scatter_add_(2, levels, ones(levels.shape, dtype: ScalarType.Float32));
        var brightest = counts.gather(2, levels.max(2, keepdim: true).values);
        var step = ((levels.shape[2] - brightest) / (Levels - 1)).floor();
        var tones = ((counts.cumsum(2) - counts + (step / 2).floor()) / step.clamp_min(1)).floor().clamp(0, Levels - 1);
        var equalized = tones.gather(2, levels).view(images.shape) / (Levels - 1);
        return images.where(step.eq(0).unsqueeze(3), equalized).MoveToOuterDisposeScope();
    }

    static Tensor Level(Tensor images) => (images * (Levels - 1) + 0.5).floor();
}

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
