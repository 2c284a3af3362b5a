namespace Microsoft.ML.SharpnessAware;

/// <summary>What is chosen for images where options are left open.</summary>
internal static class ImageRecipes
{
    const int SmallImage = 64;
    const int Photograph = 224;

    /// <summary>Height and width to which larger images are scaled where neither a network nor a shape is given: fresh weights at the size of photographs take hours on a CPU.</summary>
    public static int LargestSize(Device device) => device.type == DeviceType.CPU ? SmallImage : Photograph;

    /// <summary>A network, with fresh weights, that suits images of this shape.</summary>
    public static ImageNetwork NetworkFor(ImageShape shape) => IsSmall(shape) ? new CifarResNet(20) : new ResNet18();

    /// <summary>Why it is this one, as the end of a sentence.</summary>
    public static string WhyNetwork(ImageNetwork network, ImageShape shape) => IsSmall(shape)
        ? $"{network} suits images of up to {SmallImage}×{SmallImage} pixels. On the CPU larger ones are scaled to that; give Network, or ImageShape, for another size"
        : $"{network} suits images of more than {SmallImage}×{SmallImage} pixels";

    public static Recipe For(ImageNetwork network, int rows, int? batchSize)
    {
        var batch = batchSize ?? BatchFor(rows);
        return new Recipe
        {
            Optimizer = new Sgd(LearningRate: 0.001 * batch),
            Schedule = new CosineSchedule(),
            BatchSize = batch,
            Epoch = Math.Clamp(RowsToSee / rows, 10, 200),
        };
    }

    // Rows that are seen in a run: minutes at 32×32 pixels on two cores.
    const int RowsToSee = 30_000;

    // About a hundred steps an epoch.
    static int BatchFor(int rows) => Math.Clamp(rows / 100, 10, 128);

    static bool IsSmall(ImageShape shape) => Math.Max(shape.Height, shape.Width) <= SmallImage;
}
