using System.Security.Cryptography;
using System.Text;

namespace Microsoft.ML.SharpnessAware;

/// <summary>Cached images as batches. The parts of a split and what <see cref="With"/> returns are views of one cache: disposing of one disposes of all.</summary>
internal sealed class ImageExamples : IExamples, IDivisibleRows<ImageExamples>
{
    readonly LoadedImages _images;
    readonly int[] _slots;
    readonly Normalization _normalization;
    readonly Augmentation? _augmentation;

    ImageExamples(LoadedImages images, int[] slots, Normalization normalization, Augmentation? augmentation) =>
        (_images, _slots, _normalization, _augmentation) = (images, slots, normalization, augmentation);

    /// <summary>Reads and decodes all images of the data; not yet normalised, never augmented.</summary>
    public static ImageExamples Load(IDataView data, ImageLoading loading)
    {
        var images = new ImageLoader(data, loading).Load();
        return new ImageExamples(images, images.Slots, Normalization.None(images.Shape.Channels), augmentation: null);
    }

    public int Count => _slots.Length;

    public ImageShape Shape => _images.Shape;

    public IReadOnlyList<SkippedRow> Skipped => _images.Skipped;

    public int MissingLabels => _images.MissingLabels;

    public IReadOnlyList<long> Labels => Array.ConvertAll(_slots, slot => _images.Labels[slot]);

    public IReadOnlyList<float> ExampleWeights => Array.ConvertAll(_slots, slot => _images.ExampleWeights[slot]);

    /// <summary>What brings exactly these examples to mean 0 and standard deviation 1.</summary>
    public Normalization Statistics()
    {
        var statistics = new ChannelStatistics(Shape, _images.Element);
        var image = new byte[_images.Pixels.RowSize];
        foreach (var slot in _slots)
        {
            _images.Pixels.Read(slot, image);
            statistics.Add(image);
        }
        return statistics.Normalization();
    }

    /// <summary>The same examples, normalised so, and augmented where a seed is given.</summary>
    public ImageExamples With(Normalization normalization, Augmentation? augmentation = null) => new(_images, _slots, normalization, augmentation);

    public (ImageExamples Train, ImageExamples Validation) Split(double validationFraction, long seed)
    {
        var (train, validation) = RowOrder.Divide(Count, validationFraction, seed);
        return (View(train), View(validation));
    }

    public IEnumerable<int[]> Batches(int batchSize, long? shuffleSeed) => RowOrder.Of(Count, shuffleSeed).InBatches(batchSize);

    public Batch Load(int[] rows, long? augmentationSeed)
    {
        using var scope = NewDisposeScope();
        var inputs = augmentationSeed is { } seed && _augmentation is not null
            ? _augmentation.Apply(Pixels(rows), _normalization, seed)
            : _normalization.Apply(Pixels(rows));
        var labels = tensor(Array.ConvertAll(rows, row => _images.Labels[_slots[row]]));
        return new Batch(ChannelsLast.Of(inputs).DetachFromDisposeScope(), labels.DetachFromDisposeScope());
    }

    public void AddTo(IncrementalHash hash)
    {
        hash.AppendData(Encoding.UTF8.GetBytes($"{Shape} {_images.Element}"));
        var image = new byte[_images.Pixels.RowSize];
        foreach (var slot in _slots)
        {
            _images.Pixels.Read(slot, image);
            hash.AppendData(BitConverter.GetBytes(_images.Labels[slot]));
            hash.AppendData(BitConverter.GetBytes(_images.ExampleWeights[slot]));
            hash.AppendData(image);
        }
    }

    /// <summary>Frees the images, of all views.</summary>
    public void Dispose() => _images.Pixels.Dispose();

    Tensor Pixels(int[] rows)
    {
        var pixels = empty(Shape.OfBatch(rows.Length), dtype: _images.Element);
        var bytes = pixels.bytes;
        var size = _images.Pixels.RowSize;
        for (var i = 0; i < rows.Length; i++)
            _images.Pixels.Read(_slots[rows[i]], bytes.Slice(i * size, size));
        return pixels;
    }

    ImageExamples View(int[] rows) => new(_images, Array.ConvertAll(rows, row => _slots[row]), _normalization, _augmentation);
}
