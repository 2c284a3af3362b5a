namespace Microsoft.ML.SharpnessAware;

/// <summary>The vision transformer with 384 numbers for each patch; 22,050,664 parameters for 1000 classes of images of 224 pixels. Touvron et al. 2021, arXiv:2012.12877, table 1; parameters are named as in timm.</summary>
/// <param name="PatchSize">Height and width of a patch, in pixels; 16 by default.</param>
public sealed record ViTSmall(int PatchSize = 16) : VisionTransformer(PatchSize)
{
    private protected override int Width => 384;
}
