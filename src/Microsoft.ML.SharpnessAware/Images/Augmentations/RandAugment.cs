namespace Microsoft.ML.SharpnessAware;

/// <summary>
/// Some operations out of fourteen, drawn for each image, one after the other and all of one strength. Cubuk et al. 2020, arXiv:1909.13719; the strengths are torchvision's.
/// What a shear, translation or rotation moves in from outside has the mean color; pixels between pixels are interpolated.
/// </summary>
/// <param name="Operations">How many for each image, the paper's N; 2 by default.</param>
/// <param name="Magnitude">Their strength, the paper's M, from 0 to 30; 9 by default. At 30 images are sheared by 0.3, moved by 45 % of their size, turned by 30°.</param>
public sealed record RandAugment(int Operations = 2, int Magnitude = 9)
{
    const int MostMagnitude = 30;

    /// <summary>How many operations for each image.</summary>
    public int Operations { get; init => field = Require.AtLeast(0, value); } = Require.AtLeast(0, Operations);

    /// <summary>Their strength.</summary>
    public int Magnitude { get; init => field = UpToMost(value); } = UpToMost(Magnitude);

    internal Tensor Apply(Tensor images, float[] meanColor, Generator random)
    {
        using var scope = NewDisposeScope();
        var operations = new RandAugmentOperations((double)Magnitude / MostMagnitude, tensor(meanColor, [1, meanColor.Length, 1, 1])).All;
        for (var i = 0; i < Operations; i++)
            images = Change(images, operations, random);
        return images.MoveToOuterDisposeScope();
    }

    static Tensor Change(Tensor images, IReadOnlyList<Func<Tensor, Tensor, Tensor>> operations, Generator random)
    {
        var count = images.shape[0];
        var drawn = randint(0, operations.Count, [count], generator: random).data<long>().ToArray();
        var signs = 2 * randint(0, 2, [count, 1, 1, 1], dtype: ScalarType.Float32, generator: random) - 1;
        var changed = images.clone();
        foreach (var group in drawn.Index().GroupBy(example => (int)example.Item, example => (long)example.Index))
        {
            var rows = tensor(group.ToArray());
            changed.index_put_(operations[group.Key](images.index_select(0, rows), signs.index_select(0, rows)), rows);
        }
        return changed;
    }

    static int UpToMost(int value) => Require.That(value is >= 0 and <= MostMagnitude, value, $"from 0 to {MostMagnitude}", nameof(Magnitude));
}
