namespace Microsoft.ML.SharpnessAware;

/// <summary>Where each image of a batch is moved and whether it is reflected; tensors [N, 1, 1] of int64.</summary>
internal sealed record Shift(int Padding, Tensor Top, Tensor Left, Tensor Mirrored, Tensor? UpsideDown)
{
    public static Shift Draw(Augmentation augmentation, long count, Generator random)
    {
        var padding = augmentation.CropPadding;
        return new(padding, Draw(2 * padding + 1), Draw(2 * padding + 1), Draw(augmentation.HorizontalFlip ? 2 : 1), augmentation.VerticalFlip ? Draw(2) : null);

        Tensor Draw(long values) => randint(0, values, [count, 1, 1], generator: random);
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
