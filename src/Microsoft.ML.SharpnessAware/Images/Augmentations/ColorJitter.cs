namespace Microsoft.ML.SharpnessAware;

/// <summary>Changes brightness, contrast, saturation and hue by random amounts, in an order drawn for each batch. Grey images have neither saturation nor hue. As in torchvision; the defaults are timm's.</summary>
/// <param name="Brightness">0.4 by default: a factor from 0.6 to 1.4, and never below 0.</param>
/// <param name="Contrast">0.4 by default: a factor from 0.6 to 1.4, and never below 0.</param>
/// <param name="Saturation">0.4 by default: a factor from 0.6 to 1.4, and never below 0.</param>
/// <param name="Hue">The largest rotation of hues, in both directions, in turns of the color circle: from 0 to 0.5; 0 by default.</param>
public sealed record ColorJitter(double Brightness = 0.4, double Contrast = 0.4, double Saturation = 0.4, double Hue = 0)
{
    /// <summary>The largest difference of the brightness factor from 1.</summary>
    public double Brightness { get; init => field = Require.NotNegative(value); } = Require.NotNegative(Brightness);

    /// <summary>The largest difference of the contrast factor from 1.</summary>
    public double Contrast { get; init => field = Require.NotNegative(value); } = Require.NotNegative(Contrast);

    /// <summary>The largest difference of the saturation factor from 1.</summary>
    public double Saturation { get; init => field = Require.NotNegative(value); } = Require.NotNegative(Saturation);

    /// <summary>The largest rotation of hues, in turns of the color circle.</summary>
    public double Hue { get; init => field = UpToHalf(value); } = UpToHalf(Hue);

    internal Tensor Apply(Tensor images, BatchRandom random)
    {
        using var scope = NewDisposeScope();
        foreach (var change in random.Order(4))
            images = change switch
            {
                0 => Blend(Brightness, ColorChange.Brightness),
                1 => Blend(Contrast, ColorChange.Contrast),
                2 => Blend(Saturation, ColorChange.Saturation),
                _ => Hue == 0 ? images : ColorChange.Hue(images, random.Uniform(-Hue, Hue)),
            };
        return images.MoveToOuterDisposeScope();

        Tensor Blend(double most, Func<Tensor, Tensor, Tensor> change) =>
            most == 0 ? images : change(images, random.Uniform(Math.Max(0, 1 - most), 1 + most));
    }

    static double UpToHalf(double value) => Require.That(value is >= 0 and <= 0.5, value, "from 0 to 0.5", nameof(Hue));
}

/// <summary>Changes the colors of images [N, C, H, W] in 0 to 1, each by its own amount [N, 1, 1, 1]; a factor of 1 changes nothing. As torchvision defines them.</summary>
internal static class ColorChange
{
    public static Tensor Brightness(Tensor images, Tensor factor) => (images * factor).clamp(0, 1);

    public static Tensor Contrast(Tensor images, Tensor factor)
    {
        using var scope = NewDisposeScope();
        return Away(images, from: Luma(images).mean([1, 2, 3], keepdim: true), factor).MoveToOuterDisposeScope();
    }

    public static Tensor Saturation(Tensor images, Tensor factor)
    {
        using var scope = NewDisposeScope();
        return Away(images, from: Luma(images), factor).MoveToOuterDisposeScope();
    }

    /// <summary>Away from an image that is smoothed but for its outermost pixels.</summary>
    public static Tensor Sharpness(Tensor images, Tensor factor)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (images.shape[2], images.shape[3]);
        if (height < 3 || width < 3)
            return images.alias().MoveToOuterDisposeScope();
        var kernel = tensor(new float[] { 1, 1, 1, 1, 5, 1, 1, 1, 1 }).view(1, 1, 3, 3) / 13;
        var smooth = images.clone();
        smooth.narrow(2, 1, height - 2).narrow(3, 1, width - 2).copy_(
            nn.functional.conv2d(images.reshape(-1, 1, height, width), kernel).view(images.shape[0], images.shape[1], height - 2, width - 2));
        return Away(images, smooth, factor).MoveToOuterDisposeScope();
    }

    /// <summary>Turns the hues, by turns of the color circle; lightness and saturation, those of HSV, stay.</summary>
    public static Tensor Hue(Tensor images, Tensor turns)
    {
        if (images.shape[1] == 1)
            return images.alias();
        using var scope = NewDisposeScope();
        var (red, green, blue) = (images.narrow(1, 0, 1), images.narrow(1, 1, 1), images.narrow(1, 2, 1));
        var value = red.maximum(green).maximum(blue);
        var chroma = value - red.minimum(green).minimum(blue);
        var colored = chroma.clamp_min(float.Epsilon);
        var afterGreen = ((blue - red) / colored + 2).where(value.eq(green), (red - green) / colored + 4);
        var sixths = ((green - blue) / colored).where(value.eq(red), afterGreen) + 6 * turns;
        return cat([Channel(5), Channel(3), Channel(1)], 1).MoveToOuterDisposeScope();

        Tensor Channel(int from)
        {
            var k = (sixths + from).remainder(6);
            return value - chroma * k.minimum(4 - k).clamp(0, 1);
        }
    }

    static Tensor Away(Tensor images, Tensor from, Tensor factor) => (from + (images - from) * factor).clamp(0, 1);

    // ITU-R BT.601.
    static Tensor Luma(Tensor images) => images.shape[1] == 1
        ? images
        : 0.299 * images.narrow(1, 0, 1) + 0.587 * images.narrow(1, 1, 1) + 0.114 * images.narrow(1, 2, 1);
}
