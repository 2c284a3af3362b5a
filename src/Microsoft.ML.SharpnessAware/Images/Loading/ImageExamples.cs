using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Cached images as batches. The parts of a split and what <see cref="With"/> returns are views of one cache: disposing of one disposes of all.</summary>
internal sealed class ImageExamples : IExamples, IDivisibleRows<ImageExamples>
{
    readonly LoadedImages _images;
    readonly int[] _slots;
    readonly VisitingPixels _pixels;
    readonly Normalization _normalization;
    readonly Augmentation? _augmentation;

    ImageExamples(LoadedImages images, int[] slots, Normalization normalization, Augmentation? augmentation) =>
        (_images, _slots, _pixels, _normalization, _augmentation) = (images, slots, new(images.Pixels), normalization, augmentation);

    /// <summary>Reads and decodes all images of the data; not yet normalised, never augmented. Of several workers, all call it.</summary>
    public static ImageExamples Load(IDataView data, ImageLoading loading) => Of(new ImageLoader(data, loading).Load());

    /// <summary>The same, but of several workers each has only read its own so far, which <see cref="SharedBy"/> completes.</summary>
    public static ImageExamples Read(IDataView data, ImageLoading loading) => Of(new ImageLoader(data, loading).Read());

    public int Count => _slots.Length;

    public ImageShape Shape => _images.Shape;

    /// <summary>What a pixel is stored as: uint8 or float32.</summary>
    public ScalarType Element => _images.Element;

    public IReadOnlyList<SkippedRow> Skipped => _images.Skipped;

    public int MissingLabels => _images.MissingLabels;

    public IReadOnlyList<long> Labels => Array.ConvertAll(_slots, slot => _images.Labels[slot]);

    public IReadOnlyList<float> ExampleWeights => Array.ConvertAll(_slots, slot => _images.ExampleWeights[slot]);

    /// <summary>What brings exactly these examples to mean 0 and standard deviation 1.</summary>
    public Normalization Statistics()
    {
        var statistics = new ChannelStatistics(Shape);
        foreach (var slot in _slots)
            statistics.Add(_images.SumsAt(slot));
        return statistics.Normalization();
    }

    /// <summary>The same examples, normalised so, and augmented where a seed is given.</summary>
    public ImageExamples With(Normalization normalization, Augmentation? augmentation = null) => new(_images, _slots, normalization, augmentation);

    public ImageExamples SharedBy(Team team) => Of(_images.SharedBy(team));

    public (ImageExamples Train, ImageExamples Validation) Split(double validationFraction, long seed)
    {
        var (train, validation) = RowOrder.Divide(Count, validationFraction, seed);
        return (View(train), View(validation));
    }

    public IEnumerable<int[]> Batches(int batchSize, long? shuffleSeed) => RowOrder.Of(Count, shuffleSeed).InBatches(batchSize);

    public Batch Load(int[] rows, long? augmentationSeed, int[]? places)
    {
        using var scope = NewDisposeScope();
        var wanted = rows.At(places);
        var inputs = augmentationSeed is { } seed && _augmentation is not null
            ? _augmentation.Apply(Pixels(wanted), _normalization, seed, places is null ? null : (rows.Length, places))
            : _normalization.Apply(Pixels(wanted));
        var labels = tensor(Array.ConvertAll(wanted, row => _images.Labels[_slots[row]]));
        return new Batch(ChannelsLast.Of(inputs).DetachFromDisposeScope(), labels.DetachFromDisposeScope());
    }

    public void Fetch(IEnumerable<BatchPart> parts) => _pixels.Fetch(parts.SelectMany(part => part.Wanted).Select(row => _slots[row]));

    // A digest of each image, as each may have been read by another worker.
    public void AddTo(IncrementalHash hash)
    {
        hash.AppendData(Encoding.UTF8.GetBytes($"{Shape} {Element}"));
        foreach (var slot in _slots)
        {
            hash.AppendData(BitConverter.GetBytes(_images.Labels[slot]));
            hash.AppendData(BitConverter.GetBytes(_images.ExampleWeights[slot]));
            var digest = _images.DigestAt(slot);
            hash.AppendData(digest);
        }
    }

    /// <summary>Frees the images, of all views.</summary>
    public void Dispose() => _images.Dispose();

    static ImageExamples Of(LoadedImages images) => new(images, images.Slots, Normalization.None(images.Shape.Channels), augmentation: null);

    Tensor Pixels(int[] rows)
    {
        var pixels = empty(Shape.OfBatch(rows.Length), dtype: Element);
        var bytes = pixels.bytes;
        var size = _pixels.RowSize;
        for (var i = 0; i < rows.Length; i++)
            _pixels.Read(_slots[rows[i]], bytes.Slice(i * size, size));
        return pixels;
    }

    ImageExamples View(int[] rows) => new(_images, Array.ConvertAll(rows, row => _slots[row]), _normalization, _augmentation);
}
