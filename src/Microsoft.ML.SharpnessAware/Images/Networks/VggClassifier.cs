namespace Microsoft.ML.SharpnessAware;

/// <summary>How a <see cref="Vgg"/> ends.</summary>
public enum VggClassifier
{
    /// <summary>Three linear layers over 7×7 places, with some 120 million parameters, as published: for images of some 100 to 300 pixels.</summary>
    ImageNet,

    /// <summary>One linear layer over the mean of all places: for images of some 32 to 64 pixels, as is usual there.</summary>
    SmallImage,
}
