namespace Microsoft.ML.SharpnessAware;

/// <summary>The vision transformer with 768 numbers for each patch; 86,567,656 parameters for 1000 classes of images of 224 pixels. Dosovitskiy et al. 2021, arXiv:2010.11929, table 1; parameters are named as in timm.</summary>
/// <param name="PatchSize">Height and width of a patch, in pixels; 16 by default.</param>
public sealed record ViTBase(int PatchSize = 16) : VisionTransformer(PatchSize)
{
    private protected override int Width => 768;
}
