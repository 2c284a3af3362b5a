namespace Microsoft.ML.SharpnessAware;

/// <summary>Mixes each image of a batch with a partner.</summary>
internal interface IMixing
{
    /// <summary>The share of batches that are mixed.</summary>
    double Probability { get; }

    /// <summary>Images mixed with their partners, both [N, C, H, W], as a new tensor, and the share of the images' own: 1/2 or more, the same for all.</summary>
    (Tensor Images, double OwnShare) Mix(Tensor images, Tensor partners, Generator random);
}
