namespace Microsoft.ML.SharpnessAware;

/// <summary>Changes brightness, contrast, saturation and hue by random amounts, in an order drawn for each batch. Grey images have neither saturation nor hue. As in torchvision; the defaults are timm's.</summary>
/// <param name="Brightness">0.4 by default: a factor from 0.6 to 1.4, and never below 0.</param>
/// <param name="Contrast">0.4 by default: a factor from 0.6 to 1.4, and never below 0.</param>
/// <param name="Saturation">0.4 by default: a factor from 0.6 to 1.4, and never below 0.</param>
/// <param name="Hue">The most by which hues turn, either way, in turns of the color circle: from 0 to 0.5; 0 by default.</param>
public sealed record ColorJitter(double Brightness = 0.4, double Contrast = 0.4, double Saturation = 0.4, double Hue = 0)
{
    /// <summary>The most by which the factor of brightness differs from 1.</summary>
    public double Brightness { get; init => field = Require.NotNegative(value); } = Require.NotNegative(Brightness);

    /// <summary>The most by which the factor of contrast differs from 1.</summary>
    public double Contrast { get; init => field = Require.NotNegative(value); } = Require.NotNegative(Contrast);

    /// <summary>The most by which the factor of saturation differs from 1.</summary>
    public double Saturation { get; init => field = Require.NotNegative(value); } = Require.NotNegative(Saturation);

    /// <summary>The most by which hues turn, in turns.</summary>
    public double Hue { get; init => field = UpToHalf(value); } = UpToHalf(Hue);

    internal Tensor Apply(Tensor images, Generator random)
    {
        using var scope = NewDisposeScope();
        foreach (var change in randperm(4, generator: random).data<long>().ToArray())
            images = change switch
            {
                0 => Blend(Brightness, ColorChange.Brightness),
                1 => Blend(Contrast, ColorChange.Contrast),
                2 => Blend(Saturation, ColorChange.Saturation),
                _ => Hue == 0 ? images : ColorChange.Hue(images, PerExample.Uniform(images.shape[0], -Hue, Hue, random)),
            };
        return images.MoveToOuterDisposeScope();

        Tensor Blend(double most, Func<Tensor, Tensor, Tensor> change) =>
            most == 0 ? images : change(images, PerExample.Uniform(images.shape[0], Math.Max(0, 1 - most), 1 + most, random));
    }

    static double UpToHalf(double value) => Require.That(value is >= 0 and <= 0.5, value, "from 0 to 0.5", nameof(Hue));
}
