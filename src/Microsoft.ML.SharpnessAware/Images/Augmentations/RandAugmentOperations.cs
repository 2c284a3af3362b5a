namespace Microsoft.ML.SharpnessAware;

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
