namespace Microsoft.ML.SharpnessAware;

/// <summary>What is chosen for images where options are left open. How the numbers came about is in docs/fine-tuning.md.</summary>
internal static class ImageRecipes
{
    const int SmallImage = 64;
    const int Photograph = 224;

    // Images that fresh weights see in a run; on the CPU, so many of 32×32 pixels, or fewer larger ones in the same time: minutes on two cores.
    const int ImagesToSee = 30_000;
    const double PixelsOfOne = 32 * 32;

    /// <summary>Height and width to which larger images are scaled where neither a network nor a shape is given: fresh weights at the size of photographs take hours on a CPU.</summary>
    public static int LargestSize(Device device) => IsCpu(device) ? SmallImage : Photograph;

    /// <summary>A network, with fresh weights, that suits images of this shape.</summary>
    public static ImageNetwork NetworkFor(ImageShape shape) => IsSmall(shape) ? new CifarResNet(20) : new ResNet18();

    /// <summary>Why it is this one, as the end of a sentence.</summary>
    public static string WhyNetwork(ImageNetwork network, ImageShape shape) => IsSmall(shape)
        ? $"{network} suits images of up to {SmallImage}×{SmallImage} pixels. On the CPU larger ones are scaled to that; give Network, or ImageShape, for another size"
        : $"{network} suits images of more than {SmallImage}×{SmallImage} pixels";

    public static Recipe For(ImageNetwork network, ImageShape shape, int rows, int? batchSize, Device device) =>
        ((ITrainableNetwork)network).StartsTrained ? FineTuning(device) : FromScratch(rows, IsCpu(device) ? shape.Height * shape.Width / PixelsOfOne : 1, batchSize);

    // About a hundred steps an epoch, at a learning rate that grows with the batch.
    static Recipe FromScratch(int rows, double costOfOne, int? batchSize)
    {
        var batch = batchSize ?? Math.Clamp(rows / 100, 10, 128);
        return new Recipe
        {
            Optimizer = new Sgd(LearningRate: 0.001 * batch),
            Schedule = new CosineSchedule(),
            BatchSize = batch,
            Epoch = (int)Math.Clamp(ImagesToSee / (rows * costOfOne), 10, 200),
        };
    }

    // The last layer alone, which takes seconds; on a GPU, then all layers for some epochs.
    static Recipe FineTuning(Device device)
    {
        const int ofLastLayer = 60, ofAll = 10;
        return new Recipe
        {
            Optimizer = new Sgd(LearningRate: 0.001),
            Schedule = new CosineSchedule(),
            BatchSize = 16,
            Epoch = IsCpu(device) ? ofLastLayer : ofLastLayer + ofAll,
            FreezeBackboneEpochs = ofLastLayer,
            HeadOptimizer = new Sgd(LearningRate: 0.01),
        };
    }

    /// <summary>Whether a network for small images suits them.</summary>
    public static bool IsSmall(ImageShape shape) => Math.Max(shape.Height, shape.Width) <= SmallImage;

    static bool IsCpu(Device device) => device.type == DeviceType.CPU;
}
