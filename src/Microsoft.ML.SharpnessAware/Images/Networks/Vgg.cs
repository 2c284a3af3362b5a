namespace Microsoft.ML.SharpnessAware;

/// <summary>Plain networks of 3×3 convolutions, with batch norm. Simonyan and Zisserman 2015, arXiv:1409.1556, table 1; parameters are named and initialized as in torchvision.</summary>
public abstract record Vgg : ImageNetwork
{
    const int HiddenWidth = 4096;
    const int PooledSize = 7;

    static readonly int[] Widths = [64, 128, 256, 512, 512];

    private protected Vgg(VggClassifier classifier, double dropout) => (Classifier, Dropout) = (classifier, dropout);

    /// <summary>How the network ends; as published by default.</summary>
    public VggClassifier Classifier { get; init => field = Require.That(Enum.IsDefined(value), value, "ImageNet or SmallImage"); }

    /// <summary>Dropout probability of the hidden layers of the classifier as published; 0.5 by default.</summary>
    public double Dropout { get; init => field = Require.BelowOne(value); }

    /// <inheritdoc/>
    public override int DefaultSize => Classifier == VggClassifier.ImageNet ? 224 : 32;

    /// <inheritdoc/>
    public override int MinimumSize => 32;

    /// <inheritdoc/>
    protected override string LastLayer => Classifier == VggClassifier.ImageNet ? "classifier.6" : "classifier";

    /// <inheritdoc/>
    protected override Normalization? TrainedOn => Classifier == VggClassifier.ImageNet ? Normalization.ImageNet : null;

    /// <summary>How many convolutions there are before each max-pool.</summary>
    private protected abstract int[] Convolutions { get; }

    /// <inheritdoc/>
    protected override nn.Module<Tensor, Tensor> Create(ImageShape input, int classes) => nn.Sequential(
        ("features", nn.Sequential(Features(input.Channels))),
        ("avgpool", nn.AdaptiveAvgPool2d(Classifier == VggClassifier.ImageNet ? PooledSize : 1)),
        ("flatten", nn.Flatten()),
        ("classifier", Ending(classes))).WithHeInitialization().WithNormalMatrices(0.01).WithZeroBiases();

    IEnumerable<nn.Module<Tensor, Tensor>> Features(int channels)
    {
        var from = channels;
        foreach (var (convolutions, width) in Convolutions.Zip(Widths))
        {
            for (var i = 0; i < convolutions; i++)
            {
                yield return nn.Conv2d(from, width, 3, padding: 1);
                yield return nn.BatchNorm2d(width);
                yield return nn.ReLU(inplace: true);
                from = width;
            }
            yield return nn.MaxPool2d(2, 2);
        }
    }

    nn.Module<Tensor, Tensor> Ending(int classes) => Classifier == VggClassifier.SmallImage
        ? nn.Linear(Widths[^1], classes)
        : nn.Sequential(
            nn.Linear(Widths[^1] * PooledSize * PooledSize, HiddenWidth),
            nn.ReLU(inplace: true),
            nn.Dropout(Dropout),
            nn.Linear(HiddenWidth, HiddenWidth),
            nn.ReLU(inplace: true),
            nn.Dropout(Dropout),
            nn.Linear(HiddenWidth, classes));
}

/// <summary>The VGG network of 16 layers with batch norm; 138,365,992 parameters for 1000 classes, or 14,728,266 for 10 with the classifier for small images. Simonyan and Zisserman 2015, arXiv:1409.1556, table 1.</summary>
/// <param name="Classifier">How the network ends; as published by default.</param>
/// <param name="Dropout">Dropout probability of the hidden layers of the classifier as published; 0.5 by default.</param>
public sealed record Vgg16BN(VggClassifier Classifier = VggClassifier.ImageNet, double Dropout = 0.5) : Vgg(Classifier, Dropout)
{
    private protected override int[] Convolutions => [2, 2, 3, 3, 3];
}

/// <summary>The VGG network of 19 layers with batch norm; 143,678,248 parameters for 1000 classes, or 20,040,522 for 10 with the classifier for small images. Simonyan and Zisserman 2015, arXiv:1409.1556, table 1.</summary>
/// <param name="Classifier">How the network ends; as published by default.</param>
/// <param name="Dropout">Dropout probability of the hidden layers of the classifier as published; 0.5 by default.</param>
public sealed record Vgg19BN(VggClassifier Classifier = VggClassifier.ImageNet, double Dropout = 0.5) : Vgg(Classifier, Dropout)
{
    private protected override int[] Convolutions => [2, 2, 4, 4, 4];
}

/// <summary>How a <see cref="Vgg"/> ends.</summary>
public enum VggClassifier
{
    /// <summary>Three linear layers over 7×7 positions, with about 120 million parameters, as published: for images of about 100 to 300 pixels.</summary>
    ImageNet,

    /// <summary>One linear layer over the mean of all positions: for images of about 32 to 64 pixels, as is usual for them.</summary>
    SmallImage,
}
