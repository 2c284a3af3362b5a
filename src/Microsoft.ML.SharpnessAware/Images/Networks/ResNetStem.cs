namespace Microsoft.ML.SharpnessAware;

/// <summary>How a <see cref="ResNet"/> begins.</summary>
public enum ResNetStem
{
    /// <summary>A 7×7 convolution of stride 2 and a max-pool, as published: for images of some 100 to 300 pixels.</summary>
    ImageNet,

    /// <summary>A 3×3 convolution of stride 1 and no max-pool: for images of some 8 to 64 pixels.</summary>
    SmallImage,
}
