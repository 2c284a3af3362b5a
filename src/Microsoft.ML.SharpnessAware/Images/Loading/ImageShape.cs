namespace Microsoft.ML.SharpnessAware;

/// <summary>The shape [C, H, W] in which a network sees images.</summary>
/// <param name="Channels">1 for grey, 3 for red, green and blue.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Width">Width in pixels.</param>
public sealed record ImageShape(int Channels, int Height, int Width)
{
    /// <summary>1 for grey, 3 for red, green and blue.</summary>
    public int Channels { get; init => field = GreyOrColor(value); } = GreyOrColor(Channels);

    /// <summary>Height in pixels.</summary>
    public int Height { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Height);

    /// <summary>Width in pixels.</summary>
    public int Width { get; init => field = Require.AtLeast(1, value); } = Require.AtLeast(1, Width);

    internal int Count => checked(Channels * Height * Width);

    internal long[] OfBatch(int images) => [images, Channels, Height, Width];

    static int GreyOrColor(int value) => Require.That(value is 1 or 3, value, "1 (grey) or 3 (red, green, blue)", nameof(Channels));
}
