using System.Numerics;
using System.Runtime.InteropServices;
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

/// <summary>Mean and standard deviation of each channel over many images, summed up in double.</summary>
internal sealed class ChannelStatistics(ImageShape shape, ScalarType element)
{
    readonly double[] _sum = new double[shape.Channels];
    readonly double[] _squares = new double[shape.Channels];
    long _count;

    public void Add(ReadOnlySpan<byte> image)
    {
        if (element == ScalarType.Byte)
            Add(image, one: byte.MaxValue);
        else
            Add(MemoryMarshal.Cast<byte, float>(image), one: 1);
    }

    /// <summary>What brings these images to mean 0 and deviation 1; a channel that is the same everywhere is only shifted.</summary>
    public Normalization Normalization()
    {
        var mean = Array.ConvertAll(_sum, sum => sum / _count);
        var std = mean.Zip(_squares, (m, squares) => Deviation(m, squares / _count - m * m));
        return new Normalization(Array.ConvertAll(mean, m => (float)m), [.. std.Select(s => (float)s)]);
    }

    void Add<T>(ReadOnlySpan<T> image, double one)
        where T : INumberBase<T>
    {
        var plane = shape.Height * shape.Width;
        for (var channel = 0; channel < shape.Channels; channel++)
            foreach (var pixel in image.Slice(channel * plane, plane))
            {
                var value = double.CreateTruncating(pixel) / one;
                _sum[channel] += value;
                _squares[channel] += value * value;
            }
        _count += plane;
    }

    static double Deviation(double mean, double variance)
    {
        const double Rounding = 1e-6;
        var deviation = Math.Sqrt(Math.Max(0, variance));
        return deviation > Rounding * Math.Abs(mean) ? deviation : 1;
    }
}

/// <summary>All usable images of a data view, decoded and cached, with their labels.</summary>
/// <param name="Shape">The shape of every image.</param>
/// <param name="Element">What a pixel is stored as: uint8 or float32.</param>
/// <param name="Pixels">The images, by slot.</param>
/// <param name="Labels">Class numbers from 0, by slot.</param>
/// <param name="ExampleWeights">How much each counts, by slot.</param>
/// <param name="Slots">The slots that hold an image, in the order of the rows.</param>
/// <param name="Skipped">The rows with unusable images, in their order.</param>
/// <param name="MissingLabels">How many rows were left out because their label is missing.</param>
internal sealed record LoadedImages(ImageShape Shape, ScalarType Element, PixelCache Pixels, long[] Labels, float[] ExampleWeights, int[] Slots, IReadOnlyList<SkippedRow> Skipped, int MissingLabels);
