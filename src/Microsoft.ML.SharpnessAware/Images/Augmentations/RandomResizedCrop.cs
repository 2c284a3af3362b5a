namespace Microsoft.ML.SharpnessAware;

/// <summary>Cuts out a piece of random area and aspect ratio, and scales it to the full size, bilinearly. Szegedy et al. 2015, arXiv:1409.4842, §6; the defaults are torchvision's.</summary>
/// <param name="MinArea">The smallest share of the image; 0.08 by default.</param>
/// <param name="MaxArea">The largest share of the image; 1 by default.</param>
/// <param name="MinAspect">The smallest ratio of width to height of the piece; 3/4 by default.</param>
/// <param name="MaxAspect">The largest ratio of width to height of the piece; 4/3 by default.</param>
public sealed record RandomResizedCrop(double MinArea = 0.08, double MaxArea = 1, double MinAspect = 3.0 / 4, double MaxAspect = 4.0 / 3)
{
    /// <summary>The smallest share of the image.</summary>
    public double MinArea { get; init => field = Require.PositiveUpToOne(value); } = Require.PositiveUpToOne(MinArea);

    /// <summary>The largest share of the image.</summary>
    public double MaxArea { get; init => field = Require.PositiveUpToOne(value); } = Require.PositiveUpToOne(MaxArea);

    /// <summary>The smallest ratio of width to height of the piece.</summary>
    public double MinAspect { get; init => field = Require.Positive(value); } = Require.Positive(MinAspect);

    /// <summary>The largest ratio of width to height of the piece.</summary>
    public double MaxAspect { get; init => field = Require.Positive(value); } = Require.Positive(MaxAspect);

    internal Tensor Apply(Tensor images, BatchRandom random)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (images.shape[2], images.shape[3]);
        var boxes = RandomBoxes.Draw(images, (MinArea, MaxArea), (MinAspect, MaxAspect), random);
        var piece = (Height: Or(boxes.Height, Math.Min(height, width / MinAspect)), Width: Or(boxes.Width, Math.Min(width, height * MaxAspect)));
        return Cut(images, Along(piece.Height, height), Along(piece.Width, width)).MoveToOuterDisposeScope();

        // Where no piece was found that fits: the largest one in the middle.
        Tensor Or(Tensor drawn, double largest) => drawn.where(boxes.Fits, largest);

        (Tensor Start, Tensor Length) Along(Tensor length, long whole) =>
            ((whole - length) * random.Uniform(0, 1).where(boxes.Fits, 0.5), length);
    }

    /// <summary>The pieces stretched to the whole; starts and lengths are in pixels, [N, 1, 1, 1].</summary>
    internal static Tensor Cut(Tensor images, (Tensor Start, Tensor Length) rows, (Tensor Start, Tensor Length) columns)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (images.shape[2], images.shape[3]);
        var y = rows.Start.squeeze(1) + BilinearSampling.Rows(images) * rows.Length.squeeze(1) / height;
        var x = columns.Start.squeeze(1) + BilinearSampling.Columns(images) * columns.Length.squeeze(1) / width;
        return BilinearSampling.At(images, y.clamp(0.5, height - 0.5), x.clamp(0.5, width - 0.5)).MoveToOuterDisposeScope();
    }
}
