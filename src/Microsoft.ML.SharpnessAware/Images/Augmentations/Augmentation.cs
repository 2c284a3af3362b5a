namespace Microsoft.ML.SharpnessAware;

// The torchvision of TorchSharp has some of these, but draws once for a whole batch, and without a seed.
/// <summary>
/// All random changes to training images, in the order in which they are applied: resized crop, color jitter, RandAugment, shift and flips, erasing, Cutout; then MixUp or CutMix of the batch.
/// Each image draws its own random numbers, from the seed of the run. By default a shift and a reflection, as in He et al. 2016, arXiv:1512.03385, §4.2.
/// </summary>
/// <remarks><see cref="ColorJitter"/> and <see cref="RandAugment"/> need images: in vectors of Single it is not known which values are black and white. All others work on those, too.</remarks>
/// <param name="CropPadding">Pixels of the mean color added around an image before a piece of the original size is cut out at random; 0 shifts nothing.</param>
/// <param name="HorizontalFlip">Whether images are mirrored with probability 0.5. Turn it off if left and right tell classes apart, as in letters and digits.</param>
public sealed record Augmentation(int CropPadding = 4, bool HorizontalFlip = true)
{
    /// <summary>Pixels of the mean color around an image, from which a piece of the original size is cut.</summary>
    public int CropPadding { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, CropPadding);

    /// <summary>Whether images are flipped upside down with probability 0.5; false by default. For images without up and down: from above, or from a microscope.</summary>
    public bool VerticalFlip { get; init; }

    /// <summary>Cuts out a piece of random size and scales it to the full size; null, the default, for none. Set <see cref="CropPadding"/> to 0 with it.</summary>
    public RandomResizedCrop? RandomResizedCrop { get; init; }

    /// <summary>Changes brightness, contrast, saturation and hue; null, the default, for none.</summary>
    public ColorJitter? ColorJitter { get; init; }

    /// <summary>A few operations out of fourteen, drawn for each image; null, the default, for none.</summary>
    public RandAugment? RandAugment { get; init; }

    /// <summary>Paints a box of random size over some images; null, the default, for none.</summary>
    public RandomErasing? RandomErasing { get; init; }

    /// <summary>Paints a square of one size over every image; null, the default, for none.</summary>
    public Cutout? Cutout { get; init; }

    /// <summary>Mixes pairs of images and their labels; null, the default, for none. With <see cref="CutMix"/> as well, each batch gets one of the two, with equal probability.</summary>
    public MixUp? MixUp { get; init; }

    /// <summary>Pastes a box of one image into another, and mixes their labels; null, the default, for none. With <see cref="MixUp"/> as well, each batch gets one of the two, with equal probability.</summary>
    public CutMix? CutMix { get; init; }

    /// <exception cref="InvalidOperationException">It changes colors, and pixels of that type have none that are known.</exception>
    internal void CheckSuits(ScalarType pixels, string column)
    {
        if (pixels != ScalarType.Byte && (ColorJitter ?? (object?)RandAugment) is { } colored)
            throw new InvalidOperationException($"{colored.GetType().Name} needs images whose black and white are known, but column '{column}' holds vectors of Single. Give the images themselves, encoded or as MLImage, or set Augmentation.{colored.GetType().Name} to null.");
    }

    /// <summary>Pixels [N, C, H, W], uint8 or float32, changed and normalised; a new tensor.</summary>
    /// <param name="pixels">The images of a batch, or some of them.</param>
    /// <param name="normalization">What normalises them.</param>
    /// <param name="seed">The seed of the batch.</param>
    /// <param name="places">Which images of a batch of so many these are, so that each is changed as in the whole batch; null for a batch of just these.</param>
    internal Tensor Apply(Tensor pixels, Normalization normalization, long seed, (int Of, int[] Places)? places = null)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)seed);
        var random = places is { } some ? new BatchRandom(generator, some.Of, some.Places) : new BatchRandom(generator, pixels.shape[0]);
        var shift = Shift.Draw(this, random);
        var images = shift.Apply(normalization.Apply(BeforeNormalization(pixels, normalization, random)));
        images = RandomErasing?.Apply(images, random) ?? images;
        images = Cutout?.Apply(images, random) ?? images;
        return images.MoveToOuterDisposeScope();
    }

    Tensor BeforeNormalization(Tensor pixels, Normalization normalization, BatchRandom random)
    {
        if (RandomResizedCrop is null && ColorJitter is null && RandAugment is null)
            return pixels;
        var images = Normalization.None(normalization.Channels).Apply(pixels);
        images = RandomResizedCrop?.Apply(images, random) ?? images;
        images = ColorJitter?.Apply(images, random) ?? images;
        return RandAugment?.Apply(images, [.. normalization.Mean], random) ?? images;
    }
}

/// <summary>Random numbers for each image of a batch [N, C, H, W], all of which are drawn, also where only some of the images are wanted: an image has the same whichever others are there.</summary>
/// <param name="generator">What draws.</param>
/// <param name="whole">The images of the batch.</param>
/// <param name="places">Those that are wanted, in this order; null for all.</param>
// Augmentations are our own because of this: TorchSharp's torchvision.transforms draw once for a whole batch, and from generators that no seed of the run reaches, so that a resumed run would draw others.
internal sealed class BatchRandom(Generator generator, long whole, int[]? places = null)
{
    /// <summary>The images that are wanted, the N below.</summary>
    public long Count => places?.Length ?? whole;

    /// <summary>Between two numbers, [N, 1, 1, 1].</summary>
    public Tensor Uniform(double from, double to) => Uniform(from, to, each: 1).view(-1, 1, 1, 1);

    /// <summary>So many each, between two numbers, [N, each].</summary>
    public Tensor Uniform(double from, double to, long each) => Wanted(rand([whole, each], dtype: ScalarType.Float32, generator: generator) * (to - from) + from);

    /// <summary>Which images have it, [N, 1, 1, 1] of bool.</summary>
    public Tensor WithProbability(double probability) => Uniform(0, 1).lt(probability);

    /// <summary>Whole numbers of int64 from 0 to less than <paramref name="values"/>, [N].</summary>
    public Tensor Integers(long values) => Wanted(randint(0, values, [whole], generator: generator));

    /// <summary>The numbers 0 to less than <paramref name="count"/> in an order for the whole batch.</summary>
    public long[] Order(long count) => randperm(count, generator: generator).data<long>().ToArray();

    Tensor Wanted(Tensor drawn) => places is null ? drawn : drawn.index_select(0, tensor(Array.ConvertAll(places, place => (long)place)));
}

/// <summary>Where each image of a batch is moved and whether it is reflected; tensors [N, 1, 1] of int64.</summary>
internal sealed record Shift(int Padding, Tensor Top, Tensor Left, Tensor Mirrored, Tensor? UpsideDown)
{
    public static Shift Draw(Augmentation augmentation, BatchRandom random)
    {
        var padding = augmentation.CropPadding;
        return new(padding, Draw(2 * padding + 1), Draw(2 * padding + 1), Draw(augmentation.HorizontalFlip ? 2 : 1), augmentation.VerticalFlip ? Draw(2) : null);

        Tensor Draw(long values) => random.Integers(values).view(-1, 1, 1);
    }

    /// <summary>The images [N, C, H, W] with zeros moved in from outside; a new tensor.</summary>
    public Tensor Apply(Tensor images)
    {
        using var scope = NewDisposeScope();
        var (count, channels, height, width) = (images.shape[0], images.shape[1], images.shape[2], images.shape[3]);
        var y = arange(height).view(1, height, 1);
        if (UpsideDown is not null)
            y = y + UpsideDown * (height - 1 - 2 * y);
        var x = arange(width).view(1, 1, width);
        x = x + Mirrored * (width - 1 - 2 * x);
        var source = (y + Top) * (width + 2 * Padding) + x + Left;

        var padded = nn.functional.pad(images, [Padding, Padding, Padding, Padding]);
        return padded.view(count, channels, -1)
            .gather(2, source.view(count, 1, -1).expand(count, channels, height * width))
            .view(count, channels, height, width)
            .MoveToOuterDisposeScope();
    }
}
