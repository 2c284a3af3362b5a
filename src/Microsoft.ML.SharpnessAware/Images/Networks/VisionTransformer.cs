namespace Microsoft.ML.SharpnessAware;

/// <summary>Transformers over patches of an image. Dosovitskiy et al. 2021, arXiv:2010.11929; parameters are named as in timm.</summary>
/// <remarks>The parameters belong to one size of images; what a file of <see cref="Network.Weights"/> says of the places of patches is brought to the size of these, as timm does. Pixels are then brought to -1 … 1, as the authors and timm's vit models do; for timm's deit models, set <see cref="Network.Normalization"/> to <see cref="Normalization.ImageNet"/>.</remarks>
public abstract record VisionTransformer : Network
{
    const int Blocks = 12;
    const int HeadWidth = 64;

    private protected VisionTransformer(int patchSize) => PatchSize = patchSize;

    /// <summary>Height and width of a patch, in pixels; 16 by default, and 4 to 8 for images of 32 pixels.</summary>
    public int PatchSize { get; init => field = Require.AtLeast(1, value); }

    /// <inheritdoc/>
    public override int DefaultSize => PatchSize < 8 ? 8 * PatchSize : Math.Max(1, 224 / PatchSize) * PatchSize;

    /// <inheritdoc/>
    public override int MinimumSize => PatchSize;

    /// <inheritdoc/>
    protected override string LastLayer => "head";

    private protected override Normalization? TrainedOn => Normalization.MinusOneToOne;

    /// <summary>Numbers for each patch.</summary>
    private protected abstract int Width { get; }

    internal override void CheckSize(ImageShape input)
    {
        base.CheckSize(input);
        if (input.Height % PatchSize != 0 || input.Width % PatchSize != 0)
            throw new InvalidOperationException($"{this} needs images whose height and width are multiples of {PatchSize} pixels, but these are {input.Width}×{input.Height}. Set ImageShape to have them scaled, for example to {DefaultSize}×{DefaultSize}, or PatchSize to a divisor of both.");
    }

    /// <inheritdoc/>
    protected override nn.Module<Tensor, Tensor> Create(ImageShape input, int classes) =>
        new PatchTransformer(input, PatchSize, Width, heads: Width / HeadWidth, Blocks, classes);
}
