namespace Microsoft.ML.SharpnessAware;

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
        var counts = zeros(images.shape[0], images.shape[1], Levels).scatter_add_(2, levels, ones(levels.shape));
        var brightest = counts.gather(2, levels.max(2, keepdim: true).values);
        var step = ((levels.shape[2] - brightest) / (Levels - 1)).floor();
        var tones = ((counts.cumsum(2) - counts + (step / 2).floor()) / step.clamp_min(1)).floor().clamp(0, Levels - 1);
        var equalized = tones.gather(2, levels).view(images.shape) / (Levels - 1);
        return images.where(step.eq(0).unsqueeze(3), equalized).MoveToOuterDisposeScope();
    }

    static Tensor Level(Tensor images) => (images * (Levels - 1) + 0.5).floor();
}
